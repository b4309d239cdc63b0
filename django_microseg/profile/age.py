"""Age from a birthday, in the shop's calendar.

A birthday is the integer ``yyyymmdd``; so is today. Their difference divided by 10,000 is the age
in whole years, and 29 February counts as 1 March in years without one.
"""

from __future__ import annotations

import datetime as dt

__all__ = ["age_at", "day_number", "midnight_of_age"]


def day_number(moment_ms: int, zone: dt.tzinfo) -> int:
    """Today as ``yyyymmdd`` in a zone."""
    day = dt.datetime.fromtimestamp(moment_ms // 1000, zone)
    return day.year * 10_000 + day.month * 100 + day.day


def age_at(birthday: int, today: int) -> int:
    """Whole years between two ``yyyymmdd``."""
    return (today - birthday) // 10_000


def midnight_of_age(birthday: int, years: int, zone: dt.tzinfo) -> int | None:
    """The first millisecond of the day on which somebody becomes ``years`` old."""
    year, month, day = birthday // 10_000 + years, birthday // 100 % 100, birthday % 100
    try:
        turning = dt.datetime(year, month, day, tzinfo=zone)
    except ValueError:
        if (month, day) != (2, 29) or not 1 <= year <= 9999:
            return None
        turning = dt.datetime(year, 3, 1, tzinfo=zone)
    return int(turning.timestamp()) * 1000
