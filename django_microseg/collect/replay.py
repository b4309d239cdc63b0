"""Tries a quarantined event again, as it is or mended, the way it came in the first time.

Comes in: its row, and perhaps another payload. Goes out: what became of it; once it is stored, or known to have been,
its row is gone. Events of browsers stay events of browsers, and of whoever has withdrawn or was erased since nothing is
kept.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from typing import Any

from django.db import transaction

from .events import is_contract
from .fields import to_ms
from .incoming import IncomingEvent, WaitedEvent
from .ingest import ingest, rehearse
from .models import QuarantinedEvent
from .quarantine import Refusal
from .sources import is_public_source

__all__ = ["UnreadablePayload", "replay"]

_FIELDS = frozenset(field.name for field in fields(IncomingEvent)) - {"basis", "fault"}


class UnreadablePayload(ValueError):
    """A payload that is no event; the sentence says why."""


def replay(row: QuarantinedEvent, *, payload: str | None = None, now: dt.datetime) -> Refusal | None:
    """Store the event, or say why not. Raises `UnreadablePayload`."""
    said = _read(row.payload if payload is None else payload)
    is_public = is_public_source(row.source)
    basis = "contract" if is_contract(said.get("name")) and not is_public else ""
    event = WaitedEvent(**said, basis=basis, arrived_at=to_ms(row.received_at))
    wrong = rehearse([event], source=row.source, received_at=now, is_public=is_public).refusals
    if not wrong:
        with transaction.atomic():
            wrong = ingest([event], source=row.source, received_at=now, is_public=is_public).refusals
            row.delete()  # what must not be kept at all is not kept here either
    return wrong[0] if wrong else None


def _read(text: str) -> dict[str, Any]:
    """The fields of an event. Raises `UnreadablePayload`."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadablePayload("The payload is no JSON, perhaps because it was cut off: mend it first.") from None
    if not isinstance(said, dict):
        raise UnreadablePayload("The payload is no JSON object.")
    strange = sorted(set(said) - _FIELDS)
    if strange or not said:
        known = ", ".join(sorted(_FIELDS))
        raise UnreadablePayload(f"The payload has {', '.join(strange) or 'nothing'}; an event has {known}.")
    return said
