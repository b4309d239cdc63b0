"""How many people there are, how many of them have a name, and how many wait for an answer: one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from ...profile.models import Profile

__all__ = ["People", "people_at"]


@dataclass(frozen=True, slots=True)
class People:
    """``dirty`` did something that nobody has looked at, ``due`` are those whose time has come; ``oldest`` is since
    when the first of them waits, None where nobody does.
    """

    identified: int
    anonymous: int
    dirty: int
    due: int
    oldest: dt.datetime | None

    @property
    def everybody(self) -> int:
        return self.identified + self.anonymous


def people_at(now: dt.datetime) -> People:
    is_dirty, is_due = Q(dirty_since__isnull=False), Q(next_flip__lte=now)
    found = Profile.objects.filter(merged_into=None).aggregate(
        everybody=Count("pk"),
        identified=Count("customer_key"),
        dirty=Count("pk", filter=is_dirty),
        due=Count("pk", filter=is_due),
        dirty_since=Min("dirty_since"),
        due_since=Min("next_flip", filter=is_due),
    )
    since = [each for each in (found["dirty_since"], found["due_since"]) if each is not None]
    anonymous = found["everybody"] - found["identified"]
    return People(found["identified"], anonymous, found["dirty"], found["due"], min(since, default=None))
