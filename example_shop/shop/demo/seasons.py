"""When things happen in the demo story: seasons, weekends, promotions, hours of the day. Pure: numbers and dates in,
numbers and dates out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

__all__ = ["Promotion", "appetite", "instant_on", "promotion_on", "quiet", "somewhen"]

# By month, January first: how busy the shop is. Spring, the boots of September, Black Friday and Christmas.
_BUSY = (0.78, 0.70, 0.92, 1.08, 1.12, 1.02, 0.96, 0.94, 1.08, 1.10, 1.40, 1.32)
_BUSIEST = max(_BUSY)

# By month, how much a category is wanted.
_SEASONS: dict[str, tuple[float, ...]] = {
    "boots": (1.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5, 0.7, 1.2, 1.4, 1.4, 1.2),
    "bottles-and-lights": (1.0, 0.8, 0.7, 0.7, 0.8, 0.9, 0.9, 0.8, 0.9, 1.2, 1.4, 1.5),
    "eco-footwear": (0.8, 0.8, 1.0, 1.2, 1.2, 1.1, 1.0, 1.0, 1.1, 1.0, 1.0, 1.0),
    "jackets": (1.2, 1.0, 0.9, 0.8, 0.6, 0.5, 0.4, 0.6, 1.1, 1.4, 1.5, 1.3),
    "rucksacks": (0.7, 0.7, 0.9, 1.1, 1.2, 1.3, 1.2, 1.1, 1.0, 0.9, 0.9, 1.0),
    "sandals": (0.2, 0.3, 0.6, 1.1, 1.5, 1.5, 1.5, 1.1, 0.5, 0.3, 0.2, 0.3),
    "socks": (1.1, 1.0, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 1.0, 1.1, 1.3, 1.5),
    "trail-shoes": (0.8, 0.9, 1.2, 1.4, 1.4, 1.2, 1.0, 1.0, 1.1, 0.9, 0.8, 0.7),
}
_HIGHEST = 1.5


@dataclass(frozen=True, slots=True)
class Promotion:
    code: str
    discount_percent: int
    campaign: str


_PROMOTIONS: tuple[tuple[tuple[int, int], tuple[int, int], Promotion], ...] = (
    ((1, 2), (1, 18), Promotion("WINTER10", 10, "winter-sale")),
    ((3, 14), (4, 6), Promotion("SPRING10", 10, "spring-trails")),
    ((6, 28), (7, 21), Promotion("SUMMER15", 15, "summer-sandals")),
    ((9, 5), (9, 22), Promotion("BOOTS10", 10, "autumn-boots")),
    ((11, 20), (11, 30), Promotion("BLACK20", 20, "black-friday")),
)


def promotion_on(day: date) -> Promotion | None:
    for first, last, promotion in _PROMOTIONS:
        if first <= (day.month, day.day) <= last:
            return promotion
    return None


def appetite(category: str, month: int) -> float:
    """How much a category is wanted in a month, from 0 to 1."""
    return _SEASONS[category][month - 1] / _HIGHEST


def quiet(day: date, weekend: float, chance: float) -> bool:
    """Whether a day falls out, given a chance between 0 and 1: quiet months do more often, and weekdays for weekend
    people.
    """
    busy = _BUSY[day.month - 1] / _BUSIEST
    return chance > busy * (1.0 if day.weekday() >= 5 else 1.0 / weekend)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant_on(rng: Random, day: date, hours: tuple[int, ...], timezone: str) -> datetime:
    """A moment on that day where the person is, as UTC."""
    hour = rng.choices(range(24), hours)[0]
    local = datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=_zone(timezone))
    return local.astimezone(UTC)


def somewhen(rng: Random, first: date, last: date, weekend: float) -> date:
    """A day between the two, both included, by season and weekday."""
    span = (last - first).days + 1
    for _ in range(12):
        day = first + timedelta(days=rng.randrange(span))
        if not quiet(day, weekend, rng.random()):
            return day
    return day
