"""What earlier rooms tell this one, and what follows from it for memberships.

`apps.ready()` connects these to the signals of collect and profile. All run inside the sender's
transaction. Within `deferred()` an answer is put off: profiles are marked dirty and the next
sweep, or a full refresh, looks at them; imports of whole histories use that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..collect.batch import StoredBatch
from ..profile.models import Profile
from .models import MembershipChange
from .refresh import leave_all, refresh_events, refresh_profiles
from .rulebook import current

__all__ = ["deferred", "on_events_stored", "on_facts_changed", "on_merge", "on_merge_undone"]

Cause = MembershipChange.Cause

_is_deferred: ContextVar[bool] = ContextVar("django_microseg_is_deferred", default=False)


@contextmanager
def deferred() -> Iterator[None]:
    """Within the block, mark profiles dirty instead of evaluating them."""
    token = _is_deferred.set(True)
    try:
        yield
    finally:
        _is_deferred.reset(token)


def on_events_stored(sender: Any, *, batch: StoredBatch, **kwargs: Any) -> None:
    """Answer new events at once, or remember that they wait for an answer."""
    if _is_deferred.get():
        _mark_dirty(batch.profiles, batch.received_at)
    else:
        refresh_events(batch)


def on_facts_changed(
    sender: Any, *, profile_ids: Collection[int], names: Collection[str], now: dt.datetime, **kwargs: Any
) -> None:
    """Facts stand in the state, so it is folded anew; put off is that only where a rule asks for one of them."""
    if _is_deferred.get():
        if not set(names).isdisjoint(current().ruleset.plan.facts):
            _mark_dirty(profile_ids, now)
    else:
        refresh_profiles(profile_ids, cause=Cause.EVENT, now=now, refold=True)


def on_merge(sender: Any, *, target: Profile, source: Profile, now: dt.datetime, **kwargs: Any) -> None:
    """The customer has the visitor's past now, and the visitor's profile is nobody any more."""
    leave_all(source, cause=Cause.MERGE, now=now)
    refresh_profiles([target.pk], cause=Cause.MERGE, now=now, refold=True)


def on_merge_undone(sender: Any, *, target: Profile, source: Profile, now: dt.datetime, **kwargs: Any) -> None:
    """Both have their own past again."""
    both = {target.pk, source.pk}
    refresh_profiles(both, cause=Cause.MERGE, now=now, refold=True)


def _mark_dirty(profile_ids: Collection[int], now: dt.datetime) -> None:
    clean = Profile.objects.filter(pk__in=list(profile_ids), dirty_since__isnull=True)
    clean.update(dirty_since=now)
