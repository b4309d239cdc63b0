"""Works out how large the segments in force would have been on past days: today's rule over the recorded events.

For charts of a segment that is new, or after an import. Somebody counts from their first event on. Days that
were counted at the time keep what was counted; what is written here is marked as recomputed. Each person is
looked at again only on a day on which their answer can have changed, which their state tells.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Min

from ...collect.fields import to_ms
from ...collect.models import Event
from ...profile.models import Profile
from ...profile.population import compute
from ..evaluate import evaluate
from ..membership import Evaluated
from ..models import SegmentSize
from ..refresh import BATCH
from ..rulebook import Rulebook, current, shop_zone
from ..ruleset import Population
from .calendar import day_of, days_between, start_of

__all__ = ["recompute_days"]

#: People whose states are held at once.
_CHUNK = 5 * BATCH


@dataclass(slots=True)
class _Counted:
    """Of each definition: how many are in it at a day's end, and who came and went since the day before."""

    sizes: Counter[int] = field(default_factory=Counter)
    joined: Counter[int] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)


def recompute_days(number: int, *, now: dt.datetime, report: Callable[[int], None] = lambda n: None) -> int:
    """Write the last ``number`` days before today that were not counted then; returns how many rows."""
    book, today = current(), day_of(now, shop_zone())
    if not book.live:
        return 0
    # One day more than asked for: who came and went on the first one is the difference to it.
    days = days_between(today - dt.timedelta(days=number + 1), today - dt.timedelta(days=1))
    books = {day: replace(book, population=compute(book.population, _end(day))) for day in days}
    counted = {day: _Counted() for day in days}
    for ids in _chunks():
        _replay(ids, books, counted)
        report(len(ids))
    return _write({day: counted[day] for day in days[1:]}, book)


def _end(day: dt.date) -> dt.datetime:
    """The last moment of a day, to the millisecond that instants are kept in."""
    return start_of(day + dt.timedelta(days=1), shop_zone()) - dt.timedelta(milliseconds=1)


def _replay(ids: Sequence[int], books: Mapping[dt.date, Rulebook], counted: Mapping[dt.date, _Counted]) -> None:
    """Take some people through the days, and count them at the end of each."""
    people = _People(ids)
    sizes: Counter[int] = Counter()
    for day, book in books.items():
        for before, after in people.move_to(_end(day), book):
            joined, left = after - before, before - after
            counted[day].joined.update(joined)
            counted[day].left.update(left)
            sizes.update(joined)
            sizes.subtract(left)
        counted[day].sizes.update(sizes)


class _People:
    """Some people at a moment that only moves on: what each one's answer is, and until when."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._waiting = _first_events(ids)
        self._held: dict[int, Evaluated] = {}
        self._population: Population = {}

    def move_to(self, moment: dt.datetime, book: Rulebook) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
        """The answers before and after, as definition ids in force, of everybody who was looked at again."""
        instant, live = to_ms(moment), book.live_ids
        for each in self._look_again(moment, instant, book):
            before = self._held.get(each.profile.pk)
            self._held[each.profile.pk] = each
            yield (before.definitions & live if before else frozenset()), each.definitions & live

    def _look_again(self, moment: dt.datetime, instant: int, book: Rulebook) -> Iterator[Evaluated]:
        come = {pk for pk, first in self._waiting.items() if first <= instant}
        due = {pk for pk, each in self._held.items() if each.next_flip is not None and each.next_flip <= instant}
        compared = [each for pk, each in self._held.items() if pk not in due and each.state and each.state.compared]
        self._waiting = {pk: first for pk, first in self._waiting.items() if pk not in come}
        ids = sorted(come | due)
        for at in range(0, len(ids), BATCH):
            profiles = list(Profile.objects.filter(pk__in=ids[at : at + BATCH]).order_by("pk"))
            yield from evaluate(profiles, book, moment, refold=True)
        if book.population != self._population:
            self._population = book.population
            yield from (_under_new_figures(each, instant, book) for each in compared)


def _under_new_figures(each: Evaluated, instant: int, book: Rulebook) -> Evaluated:
    """The answer of somebody who did nothing, while what everybody is compared with moved."""
    assert each.state is not None
    bits = book.ruleset.members(each.state, instant, book.population)
    flip = book.ruleset.next_flip(each.state, instant, book.population, bits)
    return replace(each, definitions=frozenset(book.ruleset.ids_of(bits)), next_flip=flip)


def _first_events(ids: Sequence[int]) -> dict[int, int]:
    firsts = Event.objects.filter(profile_id__gte=ids[0], profile_id__lte=ids[-1]).values_list("profile_id")
    found = {pk: to_ms(first) for pk, first in firsts.annotate(first=Min("occurred_at")).order_by()}
    return {pk: found[pk] for pk in ids if pk in found}


def _chunks() -> Iterator[list[int]]:
    last = 0
    while ids := list(
        Profile.objects.filter(pk__gt=last, merged_into=None).order_by("pk").values_list("pk", flat=True)[:_CHUNK]
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
        SegmentSize(
            segment_id=book.segments[pk], day=day, is_recomputed=True,
            size=each.sizes[pk], joined=each.joined[pk], left=each.left[pk],
        )
        for day, each in counted.items()
        for pk in sorted(book.live_ids)
        if (book.segments[pk], day) not in known
    ]  # fmt: skip
    SegmentSize.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)
