"""Lists of people that stay as they are: a fact for each person on one, so that it goes with merge, export and erasure.

Comes in: a list's name and profile ids. Goes out: one row per person, valid from now on. Refuses nothing: who may make
a list, and what for, is decided by whoever calls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import partial

from django.db import transaction

from .lock import follow, lock_profiles, retrying
from .models import Fact

__all__ = ["FROZEN", "drop_lists", "end_lists", "write_list"]

#: The source of these facts.
FROZEN = "frozen"
_AT_ONCE = 2000


def write_list(name: str, profile_ids: Sequence[int], *, value: str, now: dt.datetime) -> int:
    """Put people on a list, so many at once; returns how many there are still."""
    chunks = (profile_ids[at : at + _AT_ONCE] for at in range(0, len(profile_ids), _AT_ONCE))
    return sum(_write(name, chunk, value, now) for chunk in chunks)


def end_lists(names: Collection[str], *, now: dt.datetime) -> None:
    """Nobody is on these lists from now on; that somebody was stays known."""
    rows = Fact.objects.filter(name__in=names, source=FROZEN, valid_until=None).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for at in range(0, len(ids), _AT_ONCE):  # never many rows locked at once, for merges move them too
        Fact.objects.filter(pk__in=ids[at : at + _AT_ONCE]).update(valid_until=now)


def drop_lists(names: Collection[str]) -> None:
    """Forget lists that were never in use."""
    Fact.objects.filter(name__in=names, source=FROZEN).delete()


def _write(name: str, profile_ids: Sequence[int], value: str, now: dt.datetime) -> int:
    with transaction.atomic():
        return retrying(partial(_write_locked, name, profile_ids, value, now))


def _write_locked(name: str, profile_ids: Sequence[int], value: str, now: dt.datetime) -> int:
    """Whoever was merged meanwhile is on it as the one they are now, and gets it back if that is undone."""
    locked = lock_profiles(profile_ids)
    rows = [
        Fact(
            name=name, profile_id=follow(profile).pk, origin_id=pk, text=value, source=FROZEN, valid_from=now
        )
        for pk, profile in locked.items()
    ]  # fmt: skip
    Fact.objects.bulk_create(rows)
    return len(rows)
