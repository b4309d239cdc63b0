"""Days of the shop's calendar as instants. Pure: the zone is passed in."""

from __future__ import annotations

import datetime as dt

__all__ = ["day_of", "days_between", "start_of"]

_ONE = dt.timedelta(days=1)


def day_of(moment: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """The day that a calendar in the zone shows at a moment."""
    return moment.astimezone(zone).date()


def start_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The first moment of a day; where clocks go back across midnight, the earlier of the two."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone).astimezone(dt.UTC)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last, both included."""
    return [first + n * _ONE for n in range((last - first).days + 1)]
