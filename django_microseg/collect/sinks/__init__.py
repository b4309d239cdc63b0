"""Where events go that nobody waits for: into the tables at once, or into a line that a consumer works off.

`take` is what doors call when nobody waits for their events. ``MICROSEG["SINK"]`` says which way: ``direct``
stores as `ingest` does, ``redis`` puts good events into a stream. Either way everything received is stored,
quarantined, a duplicate or waiting, or the door hears `NotTaken` and says so to whoever sent it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ... import conf
from ..incoming import IncomingEvent
from ..report import IngestReport
from ..sources import check_source
from . import deferred, direct
from .not_taken import NotTaken
from .tally import TALLY

__all__ = ["TALLY", "NotTaken", "is_deferred", "take"]


def take(
    events: Iterable[IncomingEvent],
    *,
    source: str,
    received_at: dt.datetime,
    basis: str = "consent",
    is_public: bool = False,
) -> IngestReport:
    """Take events that arrived at a moment from a source; the terms are those of `ingest`.

    Raises `NotTaken` if they could be neither stored nor made to wait: nothing may be said to be received
    then. Sending them again is safe.
    """
    check_source(source, is_public=is_public)
    take_them = deferred.take if is_deferred() else direct.take
    return take_them(list(events), source=source, received_at=received_at, basis=basis, is_public=is_public)


def is_deferred() -> bool:
    """Whether events may be stored later than they are taken."""
    return bool(conf.get("SINK") == "redis")
