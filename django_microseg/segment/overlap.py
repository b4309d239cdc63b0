"""Who is in which combination of some segments, asked of the stored memberships in one grouped statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, Sum, Value, When

from ..profile.models import Profile
from .models import Membership, Segment
from .overlap_figures import Overlap, overlap_of
from .preview_people import random_part

__all__ = ["MOST_COMPARED", "Compared", "compare", "largest"]

#: More columns than these fit on no screen, and the combinations of more could be as many as people.
MOST_COMPARED = 20
#: So many are compared where nobody has chosen.
_SHOWN = 12
#: Up to so many memberships all are read; of more, about so many.
_MOST_READ = 1_500_000


@dataclass(frozen=True, slots=True)
class Compared:
    segments: tuple[Segment, ...]
    overlap: Overlap
    is_estimate: bool


def largest() -> list[Segment]:
    rows = Segment.objects.filter(state=Segment.State.ACTIVE, live_version__isnull=False, size__gt=0)
    return list(rows.order_by("-size", "slug")[:_SHOWN])


def compare(segments: Sequence[Segment]) -> Compared:
    """The first `MOST_COMPARED` of these. One statement."""
    chosen = tuple(each for each in segments if each.live_version_id is not None)[:MOST_COMPARED]
    rows = sum(segment.size or 0 for segment in chosen)
    bits = [When(definition=each.live_version_id, then=Value(1 << at)) for at, each in enumerate(chosen)]
    members = Membership.objects.filter(definition__in=[each.live_version_id for each in chosen])
    if rows > _MOST_READ:
        members = members.filter(profile__in=Profile.objects.filter(random_part(_MOST_READ, rows)))
    combined = members.order_by().values("profile").annotate(bits=Sum(Case(*bits, output_field=BigIntegerField())))
    combinations = Counter(map(int, combined.values_list("bits", flat=True).iterator())) if chosen else Counter[int]()
    return Compared(chosen, overlap_of(len(chosen), combinations), rows > _MOST_READ)
