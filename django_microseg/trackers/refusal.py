"""Why a whole request is refused: a status that clients understand, a code for machines, a sentence for people.

Pure. Tracking clients drop what is answered with 400, 401 or 413 and send again what is answered
with 429 or 503, so which of both it is decides whether events are lost.
"""

from __future__ import annotations

from http import HTTPStatus

__all__ = ["REFUSALS", "Refused"]

REFUSALS: dict[str, tuple[HTTPStatus, str]] = {
    "malformed": (HTTPStatus.BAD_REQUEST, "The body is no JSON object, or not what its Content-Encoding says."),
    "unknown_key": (HTTPStatus.UNAUTHORIZED, "No write key, or one that is unknown or revoked."),
    "other_origin": (
        HTTPStatus.FORBIDDEN,
        'The page is none of the shop\'s: name its origin in MICROSEG["API_ORIGINS"], or use a write key.',
    ),
    "no_consent": (HTTPStatus.FORBIDDEN, "The visitor has not consented to being remembered; nothing is kept."),
    "no_visitor": (HTTPStatus.FORBIDDEN, "The request carries no visitor cookie that we signed."),
    "machine": (HTTPStatus.FORBIDDEN, "The request comes from a machine, and machines are not counted."),
    "preview": (HTTPStatus.FORBIDDEN, "A member of staff previews the shop; nothing of it is kept."),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "Events are sent with POST."),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large, as sent or when unpacked."),
    "too_many": (HTTPStatus.TOO_MANY_REQUESTS, "There were too many events in this minute; send them again later."),
    "unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "The events could not be stored now; send them again."),
}


class Refused(Exception):
    """The request is refused as a whole. ``retry_after`` is in seconds."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code, detail)
        self.status, general = REFUSALS[code]
        self.code = code
        self.detail = detail or general
        self.retry_after = retry_after
