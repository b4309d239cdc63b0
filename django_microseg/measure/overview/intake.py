"""What came in within the last hour, minute by minute, and which part was refused. Reads counters, never events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from ...collect.counts import COUNTS
from ...collect.models import IntakeCount, IntakeMinute

__all__ = ["MINUTES", "Intake", "Refusals", "intake_of"]

MINUTES = 60
_LATELY_DAYS, _USUAL_DAYS = 2, 7
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What was refused of what came in, on some days."""

    refused: int
    received: int

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.refused / self.received if self.received else None


@dataclass(frozen=True, slots=True)
class Intake:
    """``minutes`` is what was stored, the oldest minute first; ``lately`` is today and yesterday (UTC), ``usual``
    the week before them, in which ``usual_stored`` events were stored.
    """

    minutes: tuple[tuple[dt.datetime, int], ...]
    lately: Refusals
    usual: Refusals
    usual_stored: int

    @property
    def stored(self) -> int:
        return sum(number for _, number in self.minutes)

    @property
    def most(self) -> int:
        return max(number for _, number in self.minutes)

    @property
    def usual_in_an_hour(self) -> float:
        return self.usual_stored / (_USUAL_DAYS * 24)


def intake_of(now: dt.datetime) -> Intake:
    """Two statements, whatever came in. The minute that is not over yet is left out."""
    COUNTS.write()
    end = now.replace(second=0, microsecond=0)
    first = end - MINUTES * _MINUTE
    rows = IntakeMinute.objects.filter(minute__gte=first, minute__lt=end)
    stored = dict(rows.values_list("minute", "stored"))
    minutes = (first + n * _MINUTE for n in range(MINUTES))
    return Intake(tuple((minute, stored.get(minute, 0)) for minute in minutes), *_days(now.date()))


def _days(today: dt.date) -> tuple[Refusals, Refusals, int]:
    lately = today - dt.timedelta(days=_LATELY_DAYS - 1)
    first = lately - dt.timedelta(days=_USUAL_DAYS)
    rows = IntakeCount.objects.filter(day__gte=first, day__lte=today).values_list("day")
    days = rows.annotate(Sum("stored"), Sum("refused"), Sum("repeated")).order_by()
    new, old, usual_stored = [0, 0], [0, 0], 0
    for day, stored, refused, repeated in days:
        sums = new if day >= lately else old
        sums[0] += refused
        sums[1] += stored + refused + repeated
        usual_stored += stored if day < lately else 0
    return Refusals(*new), Refusals(*old), usual_stored
