"""Works out how large the segments in force would have been on past days: today's rule over the recorded events.

For charts of a segment that is new, or after an import. Somebody counts from their first event on. Days that
were counted at the time keep what was counted; what is written here is marked as recomputed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Min, Q

from ... import conf
from ...collect.fields import to_ms
from ...collect.models import Event
from ...profile.models import Profile
from ...profile.population import compute
from ..evaluate import scan_bits
from ..models import SegmentSize
from ..rulebook import Rulebook, current, shop_zone
from .calendar import day_of, days_between, start_of

__all__ = ["recompute_days"]


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many people have each answer at a day's end, and with each difference to the day before."""

    answers: Counter[int] = field(default_factory=Counter)
    came: Counter[int] = field(default_factory=Counter)
    went: Counter[int] = field(default_factory=Counter)


def recompute_days(number: int, *, now: dt.datetime, report: Callable[[int], None] = lambda n: None) -> int:
    """Write the last ``number`` days before today that were not counted then; returns how many rows."""
    book, today = current(), day_of(now, shop_zone())
    if not book.live:
        return 0
    # One day more than asked for: who came and went on the first one is the difference to it.
    days = days_between(today - dt.timedelta(days=number + 1), today - dt.timedelta(days=1))
    books = {day: replace(book, population=compute(book.population, _end(day))) for day in days}
    counted = {day: _Counted() for day in days}
    for ids in _chunks(conf.get("SCAN_BATCH")):
        _count(ids, books, counted)
        report(len(ids))
    return _write({day: counted[day] for day in days[1:]}, book)


def _end(day: dt.date) -> dt.datetime:
    """The last moment of a day, to the millisecond that instants are kept in."""
    return start_of(day + dt.timedelta(days=1), shop_zone()) - dt.timedelta(milliseconds=1)


def _count(ids: Sequence[int], books: Mapping[dt.date, Rulebook], counted: Mapping[dt.date, _Counted]) -> None:
    """Scan one chunk of people day by day, holding no more than the answers of two days."""
    since = _first_events(ids)
    before: dict[int, int] = {}
    for day, book in books.items():
        end = to_ms(_end(day))
        bits = {pk: bits for pk, bits in _scan(ids, book, _end(day)) if bits and since.get(pk, end + 1) <= end}
        counted[day].answers.update(bits.values())
        counted[day].came.update(answer & ~before.get(pk, 0) for pk, answer in bits.items())
        counted[day].went.update(answer & ~bits.get(pk, 0) for pk, answer in before.items())
        before = bits


def _scan(ids: Sequence[int], book: Rulebook, moment: dt.datetime) -> Iterable[tuple[int, int]]:
    profiles = Q(pk__gte=ids[0], pk__lte=ids[-1], merged_into=None)
    return scan_bits(profiles, Q(profile_id__gte=ids[0], profile_id__lte=ids[-1]), book, moment)


def _first_events(ids: Sequence[int]) -> dict[int, int]:
    firsts = Event.objects.filter(profile_id__gte=ids[0], profile_id__lte=ids[-1]).values_list("profile_id")
    return {pk: to_ms(first) for pk, first in firsts.annotate(first=Min("occurred_at")).order_by()}


def _chunks(size: int) -> Iterator[list[int]]:
    last = 0
    while ids := list(
        Profile.objects.filter(pk__gt=last, merged_into=None).order_by("pk").values_list("pk", flat=True)[:size]
    ):
        yield ids
        last = ids[-1]


def _write(counted: Mapping[dt.date, _Counted], book: Rulebook) -> int:
    """Put the rows in; a day that was recomputed before is written over, one that was counted is not."""
    days, segments = list(counted), [book.segments[pk] for pk in book.live.values()]
    chosen = SegmentSize.objects.filter(segment__in=segments, day__gte=days[0], day__lte=days[-1])
    chosen.filter(is_recomputed=True).delete()
    known = set(chosen.values_list("segment_id", "day"))
    rows = [
        row for day, each in counted.items() for row in _rows(day, each, book) if (row.segment_id, day) not in known
    ]
    SegmentSize.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _rows(day: dt.date, counted: _Counted, book: Rulebook) -> Iterator[SegmentSize]:
    sizes, joined, left = (_by_definition(each, book) for each in (counted.answers, counted.came, counted.went))
    for pk in sorted(book.live_ids):
        yield SegmentSize(
            segment_id=book.segments[pk], day=day, size=sizes[pk], joined=joined[pk], left=left[pk], is_recomputed=True
        )


def _by_definition(answers: Counter[int], book: Rulebook) -> Counter[int]:
    found: Counter[int] = Counter()
    for bits, number in answers.items():
        found.update(dict.fromkeys(book.ruleset.ids_of(bits), number))
    return found
