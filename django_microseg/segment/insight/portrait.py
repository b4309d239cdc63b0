"""A segment's portrait: what sets its members apart from everybody else, or another segment, and how alike they are.

Of more than `MOST` people on either side a random part is asked, taken by the random key of each profile, so that the
same question finds the same answer until people come and go. Writes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from ...profile.models import Profile
from ..models import Membership, Segment
from .alike import Alike, measure
from .contrast import Contrasts, compare
from .variables import read_people

__all__ = ["MOST", "Portrait", "portrait_of"]

#: How many people of each side are asked.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Portrait:
    """``here`` and ``there`` are how many people were asked on each side; there are ``members`` and ``others``."""

    contrasts: Contrasts
    alike: Alike | None
    here: int
    there: int
    members: int
    others: int

    @property
    def is_estimate(self) -> bool:
        return self.here < self.members or self.there < self.others


def portrait_of(segment: Segment, *, base: Segment | None = None, now: dt.datetime) -> Portrait:
    """``base`` None: everybody who is not in the segment; otherwise whoever is in that one, but not in this."""
    people = Profile.objects.filter(merged_into=None)
    inside, outside = people.filter(_is_in(segment)), people.filter(~_is_in(segment))
    if base is not None:
        outside = outside.filter(_is_in(base))
    here, there = _some_of(inside), _some_of(outside)
    ours, theirs = read_people(here, now), read_people(there, now)
    return Portrait(
        contrasts=compare(ours, theirs),
        alike=measure(ours, theirs),
        here=len(here),
        there=len(there),
        members=inside.count() if len(here) == MOST else len(here),
        others=outside.count() if len(there) == MOST else len(there),
    )


def _is_in(segment: Segment) -> Exists:
    return Exists(Membership.objects.filter(definition=segment.live_version_id, profile=OuterRef("pk")))


def _some_of(people: QuerySet[Profile]) -> list[int]:
    return sorted(people.order_by("key").values_list("pk", flat=True)[:MOST])
