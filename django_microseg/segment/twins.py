"""Pairs of segments with almost the same members, found without comparing every pair in the database.

Members are read once, or a random part of them where they are many; each segment becomes one number with a bit for each
person. Only segments of almost the same size can be twins, so each is compared with its neighbours by size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..profile.models import Profile
from .models import Membership, Segment
from .preview_people import random_part

__all__ = ["LEAST_ALIKE", "Twin", "twins_of"]

#: The part of each that must be in the other.
LEAST_ALIKE = 0.95
#: Of fewer members, sameness may be chance.
_FEWEST = 20
_MOST_READ = 200_000
#: With how many neighbours by size each is compared.
_NEIGHBOURS = 50
_MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Twin:
    """``share``: the smaller of both parts that are in the other."""

    one: Segment
    other: Segment
    share: float


def twins_of(segments: Sequence[Segment]) -> list[Twin]:
    """The most alike first. One statement."""
    asked = {each.live_version_id: each for each in segments if each.live_version_id and (each.size or 0) >= _FEWEST}
    if len(asked) < 2:
        return []
    members = _members(asked, sum(each.size or 0 for each in asked.values()))
    ordered = sorted(members, key=lambda pk: (members[pk].bit_count(), pk))
    found = [
        Twin(asked[one], asked[other], share)
        for at, one in enumerate(ordered)
        for other in ordered[at + 1 : at + 1 + _NEIGHBOURS]
        if (share := _alike(members[one], members[other])) >= LEAST_ALIKE
    ]
    return sorted(found, key=lambda twin: -twin.share)[:_MOST_FOUND]


def _members(asked: dict[int, Segment], rows: int) -> dict[int, int]:
    """By definition, a bit for each person who was read."""
    memberships = Membership.objects.filter(definition__in=list(asked)).order_by()
    if rows > _MOST_READ:
        memberships = memberships.filter(profile__in=Profile.objects.filter(random_part(_MOST_READ, rows)))
    people: dict[int, int] = {}
    places: dict[int, list[int]] = defaultdict(list)
    for definition, profile in memberships.values_list("definition", "profile").iterator():
        places[definition].append(people.setdefault(profile, len(people)))
    return {definition: _as_bits(found, len(people)) for definition, found in places.items()}


def _as_bits(places: Sequence[int], people: int) -> int:
    bits = bytearray(people // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _alike(one: int, other: int) -> float:
    """The part of the larger that is in the smaller, which is the less of both."""
    return (one & other).bit_count() / max(one.bit_count(), other.bit_count())
