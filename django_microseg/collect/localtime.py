"""When something happened, on the one clock and on the visitor's wall.

Pure: the shop's zone is passed in. In come times as clients send them, out go milliseconds since
1970 and the local hour, weekday and day. A time without a zone is the shop's; a time after its
arrival is its arrival's; a time before 1971 is refused, because it is a clock that was never set.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .reasons import Rejected

__all__ = ["Local", "local_at", "read_instant", "zone_of"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_MILLISECOND = dt.timedelta(milliseconds=1)
_EARLIEST = (dt.datetime(1971, 1, 1, tzinfo=dt.UTC) - _EPOCH) // _MILLISECOND
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+\-/]{1,64}")


class Local(NamedTuple):
    """Hour 0-23, weekday from Monday 0, and day as days since 1970."""

    hour: int
    weekday: int
    day: int


def read_instant(value: Any, received_at: int, shop_zone: dt.tzinfo) -> int:
    """Milliseconds since 1970 of a datetime or an ISO 8601 text, never after ``received_at``."""
    if value is None:
        return received_at
    moment = _moment(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=shop_zone)
    instant = (moment - _EPOCH) // _MILLISECOND
    if instant < _EARLIEST:
        raise Rejected("bad_time", "The event's time lies before 1971: send the time at which it happened.")
    return min(instant, received_at)


def local_at(instant: int, zone: dt.tzinfo) -> Local:
    """What a clock and a calendar in a zone show at an instant."""
    local = dt.datetime.fromtimestamp(instant / 1000, zone)
    return Local(local.hour, local.weekday(), local.toordinal() - _EPOCH_ORDINAL)


def zone_of(name: Any) -> ZoneInfo | None:
    """The time zone of an IANA name; None for what is none."""
    return _zone(name) if isinstance(name, str) and _ZONE_NAME.fullmatch(name) else None


@lru_cache(maxsize=700)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or len(value) > 64:
        raise _unreadable()
    try:
        return dt.datetime.fromisoformat(value.strip())
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> Rejected:
    return Rejected("bad_time", "The event's time cannot be read: send ISO 8601, such as 2026-03-01T20:01:00+01:00.")
