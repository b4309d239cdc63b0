"""Every segment with its size and what moved it within a week: two statements, whatever the number of segments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, Sum

from ...segment.models import Segment, SegmentSize
from ...segment.preparation import left_over
from ...segment.rulebook import shop_zone
from ...segment.sizes.calendar import day_of

__all__ = ["DAYS", "Group", "Week", "groups_at"]

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """Who joined and who left within the last days; ``is_known`` whether that is known of all of them, perhaps worked
    out afterwards. ``before`` is the size at their beginning, None where nobody counted then; ``by_rule`` is what a
    changed rule brought or took, which is nobody's doing.
    """

    joined: int = 0
    left: int = 0
    by_rule: int = 0
    before: int | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A segment in figures. ``size`` None: never counted. ``is_left_over``: a rule of it is in preparation, and
    whoever prepared it has shown no sign for so long that they must have died.
    """

    pk: int
    slug: str
    name: str
    state: str
    size: int | None
    identified: int | None
    counted_at: dt.datetime | None
    is_left_over: bool
    week: Week

    @property
    def is_active(self) -> bool:
        return self.state == Segment.State.ACTIVE

    @property
    def moved(self) -> float | None:
        """By which part of itself it grew (above 0) or shrank within the week, rules left aside; None: unknown."""
        if self.size is None or not self.week.before:
            return None
        return (self.size - self.week.before - self.week.by_rule) / self.week.before


def groups_at(now: dt.datetime) -> tuple[Group, ...]:
    """All segments that are not archived, the largest first."""
    prepared = left_over(now).filter(segment=OuterRef("pk"))
    rows = Segment.objects.exclude(state=Segment.State.ARCHIVED).annotate(is_left_over=Exists(prepared))
    columns = rows.values_list("pk", "slug", "name", "state", "size", "size_identified", "size_at", "is_left_over")
    weeks = _weeks(now)
    groups = (Group(*row, weeks.get(row[0], Week())) for row in columns.order_by("name"))
    return tuple(sorted(groups, key=lambda group: -1 if group.size is None else group.size, reverse=True))


def _weeks(now: dt.datetime) -> dict[int, Week]:
    first = day_of(now, shop_zone()) - dt.timedelta(days=DAYS)
    is_within, is_first = Q(day__gt=first), Q(day=first)
    sums = (
        SegmentSize.objects.filter(day__gte=first)
        .values_list("segment_id")
        .annotate(
            came=Sum("joined", filter=is_within, default=0),
            went=Sum("left", filter=is_within, default=0),
            ruled=Sum("by_rule", filter=is_within, default=0),
            before=Max("size", filter=is_first & Q(is_recomputed=False)),
            known=Max("size", filter=is_first),
        )
    )
    return {
        pk: Week(joined, left, by_rule, before, is_known=known is not None)
        for pk, joined, left, by_rule, before, known in sums.order_by()
    }
