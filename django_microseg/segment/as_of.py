"""How large the segments in force would be as of an instant. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from .. import conf
from ..profile.models import Profile
from ..profile.population import compute
from .evaluate import evaluate, scan_bits
from .refresh import BATCH
from .rulebook import Rulebook, current

__all__ = ["Sizes", "sizes_as_of"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many profiles there are, and how many of them are in each segment, by slug."""

    profiles: int
    segments: dict[str, int]


def sizes_as_of(now: dt.datetime, *, by: str = "fold") -> Sizes:
    """Today's events by their time, and facts by their validity, under the rules in force."""
    book = current()
    book = replace(book, population=compute(book.population, now))
    counted: Counter[int] = Counter()
    profiles = 0
    for ids in _chunks(conf.get("SCAN_BATCH") if by == "scan" else BATCH):
        profiles += len(ids)
        for definitions in (_by_scan if by == "scan" else _by_fold)(ids, book, now):
            counted.update(definitions)
    return Sizes(profiles, {slug: counted[definition] for slug, definition in sorted(book.live.items())})


def _by_scan(ids: Sequence[int], book: Rulebook, now: dt.datetime) -> Iterator[Iterable[int]]:
    profiles, facts = Q(pk__gte=ids[0], pk__lte=ids[-1]), Q(profile_id__gte=ids[0], profile_id__lte=ids[-1])
    for _, bits in scan_bits(profiles, facts, book, now):
        yield book.ruleset.ids_of(bits)


def _by_fold(ids: Sequence[int], book: Rulebook, now: dt.datetime) -> Iterator[Iterable[int]]:
    profiles = list(Profile.objects.filter(pk__in=ids).order_by("pk"))
    for each in evaluate(profiles, book, now, refold=True):
        yield each.definitions


def _chunks(size: int) -> Iterator[list[int]]:
    last = 0
    while True:
        rest = Profile.objects.filter(pk__gt=last, merged_into=None).order_by("pk")
        ids = list(rest.values_list("pk", flat=True)[:size])
        if not ids:
            return
        yield ids
        last = ids[-1]
