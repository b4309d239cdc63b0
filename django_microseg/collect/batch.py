"""What one batch changed, as later rooms hear of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .hooks import ProfileRow
from .record import EventRecord

__all__ = ["StoredBatch"]


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """The profiles concerned (locked rows), what is new of each, and whose past has changed.

    ``records`` are in the order of events and hold new events only; an event that arrives already
    voided says so itself. ``refold`` names profiles of which an event that was stored before has
    been voided or un-voided: their past must be read again.
    """

    profiles: dict[int, ProfileRow]
    records: dict[int, tuple[EventRecord, ...]]
    refold: frozenset[int]
    received_at: dt.datetime
