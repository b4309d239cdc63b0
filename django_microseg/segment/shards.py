"""Shards of a full run: cut, taken by one worker at a time, moved on in small steps.

Each step and its note of how far the shard has come are one transaction, and the note is written
only if nobody else wrote one meanwhile. So a step counts once, whoever dies in the middle or takes
a shard twice. A shard that was taken and has not moved for `LEASE` is free again; one that was
taken `ATTEMPTS` times without moving is parked.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from django.db import connections, router, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from ..profile.models import Profile
from .models import MembershipChange, RefreshRun, RefreshShard
from .refresh import Refreshed, refresh_span
from .runs import LONGEST_ERROR

__all__ = ["ATTEMPTS", "LEASE", "PAUSE", "GaveWay", "cut", "note_failure", "release", "step", "take"]

ATTEMPTS = 3
#: How long a shard may be held without a step; a step takes a few seconds at most.
LEASE = dt.timedelta(seconds=60)
#: How long a shard that failed is left alone, so that a fault of a moment does not use up its attempts.
PAUSE = dt.timedelta(seconds=10)

_DIED = "whoever worked on it died or hung, {attempts} times at the same place"
State = RefreshShard.State
_log = logging.getLogger(__name__)


class GaveWay(RuntimeError):
    """Somebody else moved the shard, or the run has ended: what this step did is undone."""


def cut(size: int) -> Iterator[tuple[int, int, int]]:
    """Ranges of ids that hold ``size`` profiles, the last one fewer: (low, high, profiles)."""
    low = 1
    while True:
        rest = Profile.objects.filter(pk__gte=low, merged_into=None).order_by("pk")
        high = rest.values_list("pk", flat=True)[size - 1 : size].first()
        if high is None:
            break
        yield low, high, size
        low = high + 1
    last = rest.aggregate(last=Max("pk"))["last"]
    if last is not None:
        yield low, last, rest.count()


def take(run: RefreshRun) -> RefreshShard | None:
    """Take a shard that is free, the lowest first; None where there is none."""
    while True:
        with transaction.atomic():
            shard = _locked(_free(run)).order_by("pk").first()
            if shard is None:
                return None
            if _claim(shard):
                return shard


def step(shard: RefreshShard, *, size: int, by: str, now: dt.datetime) -> Refreshed:
    """Refresh the next profiles of a shard and note how far it has come, both or neither."""
    with transaction.atomic():
        done, reached = refresh_span(
            after=shard.reached, upto=shard.high, size=size, by=by, cause=MembershipChange.Cause.TIME, now=now
        )
        _advance(shard, done, reached)
    return done


def release(shard: RefreshShard) -> None:
    """Let others go on with it."""
    _still(shard).update(state=State.WAITING, attempts=0, taken_at=None)


def note_failure(shard: RefreshShard, error: BaseException) -> None:
    """Leave it for another attempt, or park it after the last."""
    _log.error("shard %s of refresh run %s failed: %r", shard, shard.run_id, error)
    state = State.PARKED if shard.attempts >= ATTEMPTS else State.WAITING
    text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    _still(shard).update(state=state, taken_at=timezone.now(), error=text)


def _free(run: RefreshRun) -> QuerySet[RefreshShard]:
    now = timezone.now()
    is_waiting = Q(state=State.WAITING) & (Q(taken_at=None) | Q(taken_at__lt=now - PAUSE))
    is_abandoned = Q(state=State.TAKEN, taken_at__lt=now - LEASE)
    return RefreshShard.objects.filter(is_waiting | is_abandoned, run_id=run.pk)


def _locked(shards: QuerySet[RefreshShard]) -> QuerySet[RefreshShard]:
    """Past those that somebody is taking at this moment, where the engine can."""
    can_skip = connections[router.db_for_write(RefreshShard)].features.has_select_for_update_skip_locked
    return shards.select_for_update(skip_locked=True) if can_skip else shards


def _claim(shard: RefreshShard) -> bool:
    """Whether it is ours now. One that has used up its attempts is parked instead."""
    seen = RefreshShard.objects.filter(pk=shard.pk, state=shard.state, taken_at=shard.taken_at, attempts=shard.attempts)
    if shard.attempts >= ATTEMPTS:
        error = shard.error or _DIED.format(attempts=shard.attempts)
        seen.update(state=State.PARKED, error=error)
        return False
    shard.state, shard.taken_at, shard.attempts = State.TAKEN, timezone.now(), shard.attempts + 1
    return bool(seen.update(state=shard.state, taken_at=shard.taken_at, attempts=shard.attempts))


def _advance(shard: RefreshShard, done: Refreshed, reached: int) -> None:
    is_over = reached >= shard.high
    moved = (
        _still(shard)
        .filter(run__state=RefreshRun.State.RUNNING)
        .update(
            reached=reached,
            state=State.DONE if is_over else State.TAKEN,
            attempts=0,
            taken_at=timezone.now(),
            profiles=F("profiles") + done.profiles,
            entered=F("entered") + done.entered,
            left=F("left") + done.left,
            error="",
        )
    )
    if not moved:
        raise GaveWay
    shard.reached, shard.attempts = reached, 0
    shard.state = State.DONE if is_over else State.TAKEN


def _still(shard: RefreshShard) -> QuerySet[RefreshShard]:
    """The row, if nobody has moved it on or parked it since we looked."""
    return RefreshShard.objects.filter(pk=shard.pk, state=State.TAKEN, reached=shard.reached)
