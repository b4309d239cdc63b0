"""Counts who is in each segment in force, and keeps one row per segment and day for its growth.

A row of today is written over with each count. The first count of a later day settles the days
since the last one: sizes backwards from the one counted now, by the log of changes, so days on
which nobody counted are known all the same. Settled days stay as they are, erasures or not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Case, Count, IntegerField, Max, Q, Value, When

from ..models import Membership, MembershipChange, Segment, SegmentSize, SegmentVersion
from ..rulebook import shop_zone
from .calendar import day_of, days_between, start_of

__all__ = ["MOST_DAYS", "update_sizes"]

#: How many days back a count settles, when nobody has counted for long.
MOST_DAYS = 90
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Moves:
    """What changed a segment on a day, as the log has it."""

    joined: int = 0
    left: int = 0
    by_rule: int = 0

    @property
    def net(self) -> int:
        return self.joined - self.left + self.by_rule

    def plus(self, *, cause: str, is_entry: bool, number: int) -> _Moves:
        if cause == MembershipChange.Cause.DEFINITION:
            return replace(self, by_rule=self.by_rule + (number if is_entry else -number))
        if is_entry:
            return replace(self, joined=self.joined + number)
        return replace(self, left=self.left + number)


_Log = Mapping[tuple[int, dt.date], _Moves]
_NO_MOVES = _Moves()


def update_sizes(now: dt.datetime) -> None:
    """Count the members of every active segment, in one statement, note when, and keep the day's figures."""
    members = Membership.objects.filter(definition__state=SegmentVersion.State.LIVE)
    counted = members.values_list("segment_id").annotate(
        everybody=Count("pk"), identified=Count("pk", filter=Q(profile__customer_key__isnull=False))
    )
    sizes = {pk: (everybody, identified) for pk, everybody, identified in counted.order_by()}
    segments = list(Segment.objects.filter(state=Segment.State.ACTIVE))
    for segment in segments:
        segment.size, segment.size_identified = sizes.get(segment.pk, (0, 0))
        segment.size_at = now
    Segment.objects.bulk_update(segments, ["size", "size_identified", "size_at"], batch_size=_ROWS_AT_ONCE)
    _keep_days({segment.pk: segment.size or 0 for segment in segments}, day_of(now, shop_zone()))


def _keep_days(sizes: Mapping[int, int], today: dt.date) -> None:
    """Write the row of today for each segment, and settle the days since the last one that was counted."""
    latest = _latest(sizes)
    earliest = today - dt.timedelta(days=MOST_DAYS)
    first = {pk: max(latest[pk].day, earliest) if pk in latest else today for pk in sorted(sizes)}
    waiting = {pk: day for pk, day in first.items() if day <= today}  # a clock set back settles nothing
    if not waiting:
        return
    log = _log(waiting, days_between(min(waiting.values()), today))
    rows = [
        _not_below(row, latest.get(pk))
        for pk, day in waiting.items()
        for row in _backwards(pk, sizes[pk], days_between(day, today), log)
    ]
    SegmentSize.objects.bulk_create(
        rows, batch_size=_ROWS_AT_ONCE, update_conflicts=True, unique_fields=["segment", "day"],
        update_fields=["size", "joined", "left", "by_rule", "is_recomputed"],
    )  # fmt: skip


def _latest(sizes: Mapping[int, int]) -> dict[int, SegmentSize]:
    """Each segment's last row that was counted, not recomputed."""
    counted = SegmentSize.objects.filter(segment__in=sizes, is_recomputed=False)
    days = dict(counted.values_list("segment_id").annotate(last=Max("day")).order_by())
    rows = counted.filter(day__in=set(days.values()))
    return {row.segment_id: row for row in rows if row.day == days[row.segment_id]}


def _log(first: Mapping[int, dt.date], days: Sequence[dt.date]) -> _Log:
    """What the log says of these days, in one grouped statement."""
    zone = shop_zone()
    ends = [When(changed_at__lt=start_of(day, zone), then=Value(n)) for n, day in enumerate(days[1:])]
    nth = Case(*ends, default=Value(len(days) - 1), output_field=IntegerField())
    grouped = (
        MembershipChange.objects.filter(segment__in=first, changed_at__gte=start_of(days[0], zone))
        .annotate(nth=nth)
        .values_list("segment_id", "nth", "cause", "is_entry")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found: dict[tuple[int, dt.date], _Moves] = {}
    for pk, n, cause, is_entry, number in grouped:
        key = (pk, days[n])
        found[key] = found.get(key, _NO_MOVES).plus(cause=cause, is_entry=is_entry, number=number)
    return found


def _backwards(pk: int, size: int, days: Sequence[dt.date], log: _Log) -> Iterator[SegmentSize]:
    for day in reversed(days):
        moves = log.get((pk, day), _NO_MOVES)
        yield SegmentSize(
            segment_id=pk, day=day, size=size, joined=moves.joined, left=moves.left, by_rule=moves.by_rule
        )
        size = max(size - moves.net, 0)


def _not_below(row: SegmentSize, known: SegmentSize | None) -> SegmentSize:
    """An erasure takes entries out of the log; that somebody came and went on that day stays counted."""
    if known is not None and known.day == row.day:
        row.joined, row.left = max(row.joined, known.joined), max(row.left, known.left)
    return row
