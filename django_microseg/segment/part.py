"""Everybody, or a random part of them where they are many: whom the figures of a preview and a gallery are asked of.

The part is taken by the random key of each profile, through its index, so that the same question finds the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from uuid import UUID

from django.db.models import Q

from ..profile.models import Profile

__all__ = ["chunks_of", "part_of", "scaled"]

_AT_ONCE = 5_000
#: 95 of 100 such parts are closer than this many standard errors.
_Z = 1.96
_KEYS = 1 << 128


def part_of(people: int, most: int) -> Q:
    """Everybody, or whoever's random key is below the right part of all keys."""
    if people <= most:
        return Q()
    return Q(key__lt=UUID(int=_KEYS * most // people))


def chunks_of(part: Q) -> Iterator[list[tuple[int, str | None]]]:
    """Ids with the keys of customers, by id."""
    last = 0
    while True:
        rows = Profile.objects.filter(part, pk__gt=last, merged_into=None).order_by("pk")
        ids = list(rows.values_list("pk", "customer_key")[:_AT_ONCE])
        if not ids:
            return
        yield ids
        last = ids[-1][0]


def scaled(found: int, asked: int, people: int) -> tuple[int, int]:
    """The number among all, and how far off it may be (normal approximation to the binomial, 95 %)."""
    if asked in (0, people):
        return found, 0
    share = found / asked
    margin = _Z * sqrt(max(share * (1 - share), 1 / asked) / asked)
    return round(share * people), max(1, round(margin * people))
