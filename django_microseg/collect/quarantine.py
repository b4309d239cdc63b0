"""Keeps what could not be stored: the reason, the payload as it came, and whose it says it is.

A broken message takes no key of its own id, so the mended one is stored when it comes. Its content
is what it is known by, so that sending it again adds nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .incoming import IncomingEvent
from .models import QuarantinedEvent
from .reasons import REASONS, Rejected

__all__ = ["MAX_PAYLOAD", "Refusal", "forget", "quarantine", "refuse"]

MAX_PAYLOAD = 64 * 1024
_MAX_TEXT = 200
#: What no client has sent: a door said it.
_OURS = ("basis", "fault")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was not stored: where it stood in what was sent, and why."""

    index: int
    reason: str
    detail: str
    item: IncomingEvent
    payload: str
    message_hash: UUID


def refuse(index: int, item: IncomingEvent, error: Rejected) -> Refusal:
    """What there is to say about an event that was rejected."""
    payload = _payload_of(item)
    digest = hashlib.blake2b(payload.encode(), digest_size=16, person=b"quarantine").digest()
    return Refusal(index, error.reason, error.detail, item, payload[:MAX_PAYLOAD], UUID(bytes=digest))


def forget(index: int, item: IncomingEvent, message_hash: UUID, reason: str) -> Refusal:
    """A refusal that keeps nothing of the event but its name: whose it was, we must not know."""
    nothing = IncomingEvent(name=item.name)
    return Refusal(index, reason, REASONS[reason], nothing, "", message_hash)


def quarantine(refusals: Sequence[Refusal], source: str, received_at: dt.datetime) -> None:
    """Write the refusals."""
    QuarantinedEvent.objects.bulk_create(_row(refusal, source, received_at) for refusal in refusals)


def _row(refusal: Refusal, source: str, received_at: dt.datetime) -> QuarantinedEvent:
    item = refusal.item
    return QuarantinedEvent(
        source=source,
        message_id=_printable(item.message_id, _MAX_TEXT),
        name=_printable(item.name, _MAX_TEXT),
        reason=refusal.reason,
        detail=refusal.detail,
        payload=refusal.payload,
        visitor_key=_printable(item.visitor_key, 64),
        customer_key=_printable(item.customer_key, 100),
        received_at=received_at,
    )


def _payload_of(item: IncomingEvent) -> str:
    """The event as ASCII JSON without its empty fields; NUL and surrogates stand escaped."""
    given = {name: getattr(item, name) for name in IncomingEvent.__dataclass_fields__ if name not in _OURS}
    given = {name: value for name, value in given.items() if value not in ("", None)}
    try:
        return json.dumps(given, default=str, sort_keys=True)
    except (RecursionError, TypeError, ValueError):
        return json.dumps({name: _shallow(value) for name, value in given.items()}, sort_keys=True)


def _shallow(value: Any) -> str:
    """A value that cannot be written: its text, or its type where it has none."""
    return value if isinstance(value, str) else f"<{type(value).__name__}>"


def _printable(value: Any, longest: int) -> str:
    text = value if isinstance(value, str) else "" if value is None else f"<{type(value).__name__}>"
    return text.replace("\x00", "\\0").encode(errors="backslashreplace").decode()[:longest]
