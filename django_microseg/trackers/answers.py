"""Answers as tracking clients understand them: 200 with JSON, or a refusal that says whether to send again.

Pages of any origin may send and read: a write key is no cookie, so nobody rides on a visitor's.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from .refusal import Refused
from .taking import Outcome

__all__ = ["WAIT_SECONDS", "accepted", "preflight", "refusal_of", "refused"]

#: After what is not our client's fault.
WAIT_SECONDS = 5
_HEADERS = "authorization, content-type, content-encoding, x-retry-count, x-write-key, anonymousid, sentat"
_HEADER_NAMES = re.compile(r"[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*", re.ASCII)
_PREFLIGHT_SECONDS = 86_400


def accepted(outcome: Outcome, *, is_rehearsal: bool) -> HttpResponse:
    """What became of the messages; clients take any body with 200 for success."""
    report = outcome.report
    body: dict[str, Any] = {
        "success": True,
        "received": outcome.received,
        "stored": 0 if is_rehearsal else report.stored,
        "quarantined": 0 if is_rehearsal else report.quarantined,
        "duplicates": report.duplicates,
        "machines": outcome.machines,
        "refused": [
            {"index": refusal.index, "code": refusal.reason, "detail": refusal.detail} for refusal in report.refusals
        ],
        "left_out": outcome.left_out or {},
    }
    if report.waiting:
        body["waiting"] = report.waiting
    if is_rehearsal:
        body["valid"] = report.stored
    return _readable_everywhere(JsonResponse(body))


def refused(error: Refused) -> HttpResponse:
    """A refusal that a page of any origin may read."""
    return _readable_everywhere(refusal_of(error))


def refusal_of(error: Refused) -> HttpResponse:
    """A refusal of the whole request."""
    response = JsonResponse({"success": False, "code": error.code, "detail": error.detail}, status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if error.code == "method_not_allowed":
        response["Allow"] = "POST, OPTIONS"
    return response


def preflight(request: HttpRequest) -> HttpResponse:
    """What a browser is told that asks before it sends: whatever headers its script sets are welcome."""
    asked = request.headers.get("Access-Control-Request-Headers", "").lower().strip()
    response = HttpResponse()
    response["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    response["Access-Control-Allow-Headers"] = asked if _HEADER_NAMES.fullmatch(asked) else _HEADERS
    response["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
    return _readable_everywhere(response)


def _readable_everywhere(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Retry-After"
    return response
