"""The sink without a line: events are stored before `take` returns."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from time import monotonic

from django.db import Error as DatabaseError

from .. import ingest
from ..breaker import LogLimit
from ..incoming import IncomingEvent
from ..report import IngestReport
from .not_taken import NotTaken
from .tally import TALLY

__all__ = ["LOGGING", "take"]

_log = logging.getLogger("django_microseg.sinks")
LOGGING = LogLimit()


def take(
    items: Sequence[IncomingEvent], *, source: str, received_at: dt.datetime, basis: str, is_public: bool
) -> IngestReport:
    """Store the events. Raises `NotTaken` for whatever the database raises."""
    try:
        report = ingest.ingest(items, source=source, received_at=received_at, basis=basis, is_public=is_public)
    except DatabaseError as error:
        TALLY.refused += len(items)
        if LOGGING.admit(monotonic()) is not None:
            _log.error(
                "Events from %s could not be stored and were refused; %d so far in this process.", source, TALLY.refused
            )
        raise NotTaken(len(items)) from error
    TALLY.direct += len(items)
    return report
