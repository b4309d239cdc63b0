"""How segments grew: one figure per day of a period, and what it comes to. Reads the kept days, counts nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from ..models import SegmentSize
from ..rulebook import shop_zone
from .calendar import day_of, days_between

__all__ = ["Change", "Growth", "Known", "growth_of"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one day. ``by_rule`` is what a changed rule brought or took."""

    size: int
    joined: int
    left: int
    by_rule: int
    is_recomputed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """From one size to another within so many days."""

    before: int
    after: int
    days: int

    @property
    def difference(self) -> int:
        return self.after - self.before

    @property
    def percent(self) -> float | None:
        """None where there was nobody before: nothing is so many per cent of nobody."""
        return 100 * self.difference / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Growth:
    """Each day of a period with what is known of it; None for a day of which nothing is."""

    days: tuple[tuple[dt.date, Known | None], ...]

    @property
    def sizes(self) -> tuple[int | None, ...]:
        return tuple(None if known is None else known.size for _, known in self.days)

    @property
    def known(self) -> tuple[tuple[dt.date, Known], ...]:
        return tuple((day, known) for day, known in self.days if known is not None)

    @property
    def change(self) -> Change | None:
        """From the first day that is known to the last; None with fewer than two."""
        if len(self.known) < 2:
            return None
        (first, before), (last, after) = self.known[0], self.known[-1]
        return Change(before.size, after.size, (last - first).days)

    @property
    def joined(self) -> int:
        """Who came in after the first day, whose end is what the change counts from."""
        return sum(known.joined for _, known in self.known[1:])

    @property
    def left(self) -> int:
        return sum(known.left for _, known in self.known[1:])


def growth_of(segments: Collection[int], *, days: int, now: dt.datetime) -> dict[int, Growth]:
    """The growth of segments from the end of the day ``days`` ago until now, in one query."""
    today = day_of(now, shop_zone())
    period = days_between(today - dt.timedelta(days=days), today)
    rows = SegmentSize.objects.filter(segment__in=segments, day__gte=period[0], day__lte=today)
    found: dict[int, dict[dt.date, Known]] = {pk: {} for pk in segments}
    for row in rows:
        found[row.segment_id][row.day] = Known(row.size, row.joined, row.left, row.by_rule, row.is_recomputed)
    return {pk: Growth(tuple((day, known.get(day)) for day in period)) for pk, known in found.items()}
