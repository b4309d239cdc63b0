"""A full refresh: the shop's own figures first, then everybody, then the sizes."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ..collect.importing.progress import Progress, Silent
from ..profile.models import Profile
from .as_of import Sizes
from .models import MembershipChange, Segment
from .refresh import make_everybody_due, refresh_all, refresh_population
from .runs import FULL, POPULATION, recorded
from .sizes.count import update_sizes

__all__ = ["refresh_fully"]

#: A run whose clock is further back than this is one of the past.
_CLOCKS_DIFFER = dt.timedelta(minutes=5)


def refresh_fully(now: dt.datetime, *, by: str = "fold", progress: Progress | None = None) -> Sizes:
    """Evaluate every profile as of ``now``, and count the members of each segment in force."""
    shown = progress or Silent()
    with recorded(POPULATION, now=now) as run:
        run.add(refresh_population(now))
    with recorded(FULL, now=timezone.now()) as run:
        shown.begin("refreshing", Profile.objects.filter(merged_into=None).count())
        run.add(refresh_all(now, by=by, cause=MembershipChange.Cause.TIME, report=shown.advance))
        if by == "scan" and now < timezone.now() - _CLOCKS_DIFFER:
            make_everybody_due(now)
        update_sizes(now)
    sizes = Segment.objects.filter(state=Segment.State.ACTIVE).order_by("slug").values_list("slug", "size")
    return Sizes(run.done.profiles, {slug: size or 0 for slug, size in sizes})
