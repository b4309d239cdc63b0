"""The kill switch: stops personalisation for everybody, in every web process, from the next request on.

While it is stopped every slot and tag shows its default, nobody is a member of anything and no
discount is given; what happens is still collected, so that segments are right when it starts again.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django_microseg.segment import publication
from django_microseg.segment.models import Publication

__all__ = ["NOTE_LENGTH", "Stop", "current_stop", "start", "stop"]

NOTE_LENGTH = Publication._meta.get_field("stop_note").max_length or 0
_NAME_LENGTH = Publication._meta.get_field("stopped_by").max_length

_log = logging.getLogger("django_microseg")


@dataclass(frozen=True, slots=True)
class Stop:
    """Since when personalisation is stopped, by whom, and why."""

    at: dt.datetime | None
    by: str
    note: str


def current_stop() -> Stop | None:
    """The stop in force, straight from the database; None while personalisation runs."""
    row = Publication.objects.filter(pk=1, is_stopped=True).only("stopped_at", "stopped_by", "stop_note").first()
    return None if row is None else Stop(row.stopped_at, row.stopped_by, row.stop_note)


def stop(*, by: str, note: str = "", now: dt.datetime) -> Stop:
    """Stop it; safe to call again. A note that is too long is cut, for nothing may stand in the way."""
    row = publication.publish_stop(by=by[:_NAME_LENGTH], note=note[:NOTE_LENGTH], now=now)
    _log.warning("Personalisation is stopped for everybody, as of publication %d.", row.version)
    return Stop(row.stopped_at, row.stopped_by, row.stop_note)


def start(*, now: dt.datetime) -> bool:
    """Start it again; whether it was stopped."""
    if current_stop() is None:
        return False
    row = publication.publish_start(now=now)
    _log.warning("Personalisation runs again, as of publication %d.", row.version)
    return True
