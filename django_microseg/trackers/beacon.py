"""Door: where the scripts of the shop's own pages send what happened there.

Comes in: ``{"sent_at", "page", "events": [{"name", "id", "at", "properties"}]}`` of any content type, from
a visitor who has consented and carries the cookie that we signed. Goes out: what became of each event.
Only public events pass, and whose they are stands in the cookie alone.
"""

from __future__ import annotations

from time import time
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from django_microseg import conf
from django_microseg.collect import sinks
from django_microseg.collect.bots import is_prefetch
from django_microseg.collect.event_type import MAX_EVENT_BYTES
from django_microseg.collect.events import catalogue
from django_microseg.collect.ingest import IngestReport, rehearse
from django_microseg.decide.guard import Guard
from django_microseg.decide.hand_over import event_of
from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.visitor import Visitor
from django_microseg.http.limit import Allowance, seconds_to_wait
from django_microseg.http.origin import cors_headers, may_send, preflight_headers

from .answers import WAIT_SECONDS, refusal_of
from .beacon_items import event_from, page_from
from .body import read_body
from .clock import happened_at
from .networks import network_allowance
from .pieces import Envelope, open_beacon
from .refusal import Refused

__all__ = ["BEACON", "SOURCE", "beacon"]

SOURCE = "browser"
BEACON = Guard("take in what a page's script sent", breaker=None)


@transaction.non_atomic_requests
@csrf_exempt
@never_cache
def beacon(request: HttpRequest) -> HttpResponse:
    """CSRF is answered by the origin: a page of another site may not send, whatever cookie goes along."""
    sorry = refusal_of(Refused("unavailable", retry_after=WAIT_SECONDS))
    response = BEACON.run(lambda: _answer(request), sorry)
    for name, value in cors_headers(request.headers.get("Origin"), conf.get("API_ORIGINS")).items():
        response[name] = value
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(headers=preflight_headers(["POST"]))
    try:
        return _take(request)
    except Refused as error:
        return refusal_of(error)


def _take(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Refused("method_not_allowed")
    _check_origin(request)
    visitor = _visitor(request)
    envelope = open_beacon(read_body(request), most_bytes=MAX_EVENT_BYTES)
    _check_rate(request, visitor, len(envelope.messages))
    is_rehearsal = request.GET.get("validate") == "1"
    report = _store(visitor, envelope, request, is_rehearsal=is_rehearsal)
    if not is_rehearsal and (report.stored or report.waiting):
        visitor.is_active = True
    if not is_rehearsal and report.stored:
        visitor.reload()
    return _report(report, is_rehearsal=is_rehearsal)


def _check_origin(request: HttpRequest) -> None:
    headers = request.headers
    if not may_send(
        origin=headers.get("Origin"),
        fetch_site=headers.get("Sec-Fetch-Site"),
        own=f"{request.scheme}://{request.get_host()}",
        allowed=conf.get("API_ORIGINS"),
    ):
        raise Refused("other_origin")


def _visitor(request: HttpRequest) -> Visitor:
    """The visitor whose events may be kept. A page has given them their cookie; here nobody gets one."""
    visitor = visitor_of(request)
    if visitor is None:
        raise Refused("unavailable", "MicrosegMiddleware is not in MIDDLEWARE, so nobody is known. Put it first there.")
    if visitor.preview is not None:
        raise Refused("preview")
    if visitor.is_machine or is_prefetch(request.headers):
        raise Refused("machine")
    if not visitor.may_be_remembered:
        raise Refused("no_consent")
    if not visitor.key or visitor.is_new:
        raise Refused("no_visitor")
    return visitor


def _check_rate(request: HttpRequest, visitor: Visitor, events: int) -> None:
    own = Allowance("tracking-visitor", visitor.key, conf.get("TRACKING_VISITOR_LIMIT"))
    wait = seconds_to_wait([own, network_allowance(request)], now=time(), amount=max(events, 1))
    if wait is not None:
        raise Refused("too_many", retry_after=wait)


def _store(visitor: Visitor, envelope: Envelope, request: HttpRequest, *, is_rehearsal: bool) -> IngestReport:
    now, known = timezone.now(), catalogue()
    page, said = page_from(envelope.page, request.get_host())
    visitor.look_at(page)
    events = [
        event_from(
            item,
            said,
            make=lambda name, properties: event_of(visitor, name, properties),
            at=lambda when: happened_at(when, envelope.sent_at, now),
            known=known,
        )
        for item in envelope.messages
    ]
    store = rehearse if is_rehearsal else sinks.take
    return store(events, source=SOURCE, received_at=now, is_public=True)


def _report(report: IngestReport, *, is_rehearsal: bool) -> HttpResponse:
    body: dict[str, Any] = {
        "received": report.received,
        "stored": 0 if is_rehearsal else report.stored,
        "quarantined": 0 if is_rehearsal else report.quarantined,
        "duplicates": report.duplicates,
        "refused": [{"index": each.index, "code": each.reason, "detail": each.detail} for each in report.refusals],
    }
    if report.waiting:
        body["waiting"] = report.waiting
    if is_rehearsal:
        body["valid"] = report.stored
    return JsonResponse(body)
