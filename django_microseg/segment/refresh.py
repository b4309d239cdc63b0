"""Refresh: the only way a membership changes. One function, three callers.

`refresh_events` answers new events within their transaction, `refresh_due` is the sweep that
touches only profiles that are dirty or whose time has come, and `refresh_all` goes over everybody
by fold or by scan; `refresh_span` does so for a range of profiles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connections, router, transaction
from django.db.models import Q, QuerySet

from .. import conf
from ..collect.batch import StoredBatch
from ..collect.fields import to_ms
from ..profile.models import ComparedValue, Profile
from ..profile.population import Moved, settle, store_moved, touched_by
from .evaluate import evaluate, evaluate_events, scan_bits
from .membership import ConcurrentUpdate, Evaluated, Written, read_snapshot, write_evaluated
from .models import MembershipChange
from .outbox import deliver_after_commit
from .publication import publish_population
from .rule import PopulationOperand, TraitCondition
from .rulebook import Rulebook, current

__all__ = [
    "Refreshed",
    "leave_all",
    "make_everybody_due",
    "refresh_all",
    "refresh_due",
    "refresh_events",
    "refresh_population",
    "refresh_profiles",
    "refresh_span",
    "store_population",
]

Cause = MembershipChange.Cause
BATCH = 500


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: profiles looked at, and memberships that began and ended."""

    profiles: int = 0
    entered: int = 0
    left: int = 0

    def plus(self, other: Refreshed) -> Refreshed:
        return Refreshed(self.profiles + other.profiles, self.entered + other.entered, self.left + other.left)


def refresh_events(batch: StoredBatch) -> Refreshed:
    """Answer new events at once, within the transaction that stores them."""
    book, now = current(), batch.received_at
    evaluated = evaluate_events(batch.profiles, batch.records, batch.refold, book, now)
    return _write(evaluated, book, Cause.EVENT, now)


def refresh_profiles(ids: Collection[int], *, cause: str, now: dt.datetime, refold: bool = False) -> Refreshed:
    """Evaluate the named profiles anew."""
    done = Refreshed()
    ordered = sorted(ids)
    for at in range(0, len(ordered), BATCH):
        chosen = Profile.objects.filter(pk__in=ordered[at : at + BATCH])
        done = done.plus(_refresh_batch(chosen, cause, now, refold=refold))
    return done


def leave_all(profile: Profile, *, cause: str, now: dt.datetime) -> Refreshed:
    """Empty the memberships of a profile that is nobody any more: it was merged into another."""
    fresh = Profile.objects.get(pk=profile.pk)
    return _write([Evaluated(fresh, frozenset(), None, None, compared=())], current(), cause, now)


def refresh_due(
    now: dt.datetime, *, limit: int | None = None, report: Callable[[int], None] = lambda n: None
) -> Refreshed:
    """The sweep: profiles that are dirty, and profiles whose next flip has come. No others."""
    done = Refreshed()
    for is_waiting, column, cause in (
        (Q(dirty_since__isnull=False), "dirty_since", Cause.EVENT),
        (Q(next_flip__lte=now), "next_flip", Cause.TIME),
    ):
        while limit is None or done.profiles < limit:
            size = BATCH if limit is None else min(BATCH, limit - done.profiles)
            # by the column's index: in the order of ids, the database would look at everybody
            waiting = Profile.objects.filter(is_waiting, merged_into=None).order_by(column, "pk")
            ids = list(waiting.values_list("pk", flat=True)[:size])
            batch = _refresh_batch(Profile.objects.filter(is_waiting, pk__in=ids), cause, now)
            done = done.plus(batch)
            report(batch.profiles)
            if len(ids) < size or not batch.profiles:
                break
    return done


def refresh_all(
    now: dt.datetime,
    *,
    by: str = "fold",
    cause: str = Cause.DEFINITION,
    older_than: int | None = None,
    after: int = 0,
    goes_on: Callable[[int, int], bool] = lambda profiles, reached: True,
) -> Refreshed:
    """Everybody, in batches that can stop and resume.

    ``by="fold"`` reads every event and leaves states behind; ``by="scan"`` asks the database for
    the answers and leaves profiles without a usable state due at once; ``by="state"`` trusts
    usable states. ``older_than`` skips profiles already refreshed for that ruleset version, and
    ``after`` all up to that id. ``goes_on`` is asked after each batch, with how many profiles it had and
    the id that it came to.
    """
    done = Refreshed()
    refresh = _scan_batch if by == "scan" else _refresh_batch
    for chosen, reached in _everybody(conf.get("SCAN_BATCH") if by == "scan" else BATCH, older_than, after):
        batch = refresh(chosen, cause, now) if by != "fold" else _refresh_batch(chosen, cause, now, refold=True)
        done = done.plus(batch)
        if not goes_on(batch.profiles, reached):
            break
    return done


def refresh_span(*, after: int, upto: int, size: int, by: str, cause: str, now: dt.datetime) -> tuple[Refreshed, int]:
    """The next ``size`` profiles after an id, up to another; and the id up to which all are done."""
    rest = Profile.objects.filter(pk__gt=after, pk__lte=upto, merged_into=None).order_by("pk")
    ids = list(rest.values_list("pk", flat=True)[:size])
    reached = upto if len(ids) < size else ids[-1]
    if not ids:
        return Refreshed(), reached
    chosen = Profile.objects.filter(pk__gt=after, pk__lte=reached, merged_into=None)
    if by == "scan":
        return _scan_batch(chosen, cause, now), reached
    return _refresh_batch(chosen, cause, now, refold=True), reached


def make_everybody_due(now: dt.datetime) -> None:
    """After a scan of the past nobody knows when an answer changes: states tell of the time since."""
    Profile.objects.filter(merged_into=None).exclude(next_flip__lte=now).update(next_flip=now)


def refresh_population(now: dt.datetime) -> Refreshed:
    """Recompute the figures that rules compare with, and look again at whom that concerns."""
    factors = _population_factors(current())
    moved = store_population(now)
    if not moved:
        return Refreshed()
    ids = {pk for each in moved for pk in _concerned(each, factors[each.name], now)}
    done = refresh_profiles(ids, cause=Cause.POPULATION, now=now)
    settle(upto=now, now=now)
    return done


def store_population(now: dt.datetime) -> list[Moved]:
    """Recompute the figures that rules compare with, and put those that moved in force."""
    moved = store_moved(_population_factors(current()), now)
    if moved:
        publish_population({each.name: each.new for each in moved}, now=now)
    return moved


def _population_factors(book: Rulebook) -> dict[str, list[float]]:
    factors: dict[str, list[float]] = {}
    for condition in book.ruleset.conditions:
        value = condition.value if isinstance(condition, TraitCondition) else None
        if isinstance(value, PopulationOperand):
            factors.setdefault(value.name, []).append(float(value.factor))
    return factors


def _concerned(moved: Moved, factors: list[float], now: dt.datetime) -> Iterator[int]:
    rows: QuerySet[ComparedValue] = touched_by(moved, factors, now)
    yield from rows.values_list("profile_id", flat=True).iterator(chunk_size=2000)


def _everybody(size: int, older_than: int | None, after: int) -> Iterator[tuple[QuerySet[Profile], int]]:
    last = after
    while True:
        rest = Profile.objects.filter(pk__gt=last, merged_into=None)
        if older_than is not None:
            rest = rest.filter(ruleset_version__lt=older_than)
        ids = list(rest.order_by("pk").values_list("pk", flat=True)[:size])
        if not ids:
            return
        yield Profile.objects.filter(pk__gt=last, pk__lte=ids[-1], merged_into=None), ids[-1]
        last = ids[-1]


def _refresh_batch(chosen: QuerySet[Profile], cause: str, now: dt.datetime, *, refold: bool = False) -> Refreshed:
    def work() -> Refreshed:
        profiles = _locked(chosen)
        if not profiles:
            return Refreshed()
        book = current()
        return _write(evaluate(profiles, book, now, refold=refold), book, cause, now)

    return _trying_again(work)


def _scan_batch(chosen: QuerySet[Profile], cause: str, now: dt.datetime) -> Refreshed:
    def work() -> Refreshed:
        profiles = _locked(chosen)
        if not profiles:
            return Refreshed()
        book = current()
        low, high = profiles[0].pk, profiles[-1].pk
        span = Q(pk__gte=low, pk__lte=high)
        facts = Q(profile_id__gte=low, profile_id__lte=high)
        bits = dict(scan_bits(span, facts, book, now))
        evaluated = [_from_scan(p, bits.get(p.pk, 0), book, now) for p in profiles]
        done = _write([each for each in evaluated if _differs(each)], book, cause, now)
        return replace(done, profiles=len(profiles))

    return _trying_again(work)


def _differs(each: Evaluated) -> bool:
    """Whether a scan has anything to write about a profile."""
    flip = None if each.profile.next_flip is None else to_ms(each.profile.next_flip)
    return each.next_flip != flip or each.definitions != read_snapshot(each.profile.snapshot)


def _from_scan(profile: Profile, bits: int, book: Rulebook, now: dt.datetime) -> Evaluated:
    """The scan's answer; without a usable state, nobody knows when it will change: due at once."""
    is_usable = (
        profile.state is not None and profile.needs_version == book.ruleset.plan.version and profile.dirty_since is None
    )
    flip = None if profile.next_flip is None else to_ms(profile.next_flip)
    return Evaluated(
        profile,
        frozenset(book.ruleset.ids_of(bits)),
        None,
        flip if is_usable else to_ms(now),
        is_over_cap=profile.is_over_cap,
        dirty_since=None if profile.dirty_since is None else to_ms(profile.dirty_since),
        keeps_state=True,
    )


def _locked(chosen: QuerySet[Profile]) -> list[Profile]:
    """The rows, locked where the engine can, in the order of ids so that nobody deadlocks."""
    connection = connections[router.db_for_write(Profile)]
    if connection.features.has_select_for_update:
        chosen = chosen.select_for_update(of=("self",))
    return list(chosen if chosen.query.order_by else chosen.order_by("pk"))


def _trying_again(work: Callable[[], Refreshed]) -> Refreshed:
    """Run in a transaction of its own; once more if a row moved between reading and writing."""
    try:
        with transaction.atomic():
            return work()
    except ConcurrentUpdate:
        with transaction.atomic():
            return work()


def _write(evaluated: Sequence[Evaluated], book: Rulebook, cause: str, now: dt.datetime) -> Refreshed:
    written: Written = write_evaluated(evaluated, book, cause=cause, now=now)
    deliver_after_commit(written.undelivered)
    return Refreshed(len(evaluated), written.entered, written.left)
