"""One sweep: runs that nobody works on any more, accounts whose figures changed, what people are drawn to, segments
that start or end by appointment, who is dirty or due, the shop's own figures once an hour, new rules and full runs that
wait for somebody to go on with them, and overdue signals.

Safe to run twice at once and to stop at any point: what is left is found by the next sweep.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ..profile.account_totals import recount_due
from ..profile.affinity_facts import follow_affinities
from ..profile.areas.facts import follow_areas
from ..profile.loyalty_shop import follow_loyalty
from .full_run import unfinished, work_on
from .listen import deferred
from .outbox import deliver_overdue
from .preparation import take, waiting
from .publish import go_on
from .refresh import BATCH, Refreshed, refresh_due, refresh_population
from .runs import POPULATION, SWEEP, Run, end_abandoned, is_overdue, recorded
from .schedule import keep_appointments
from .sizes.count import update_sizes

__all__ = ["Swept", "sweep"]

_log = logging.getLogger("django_microseg.sweep")
_POPULATION_EVERY = dt.timedelta(hours=1)
#: How long a full run, or many events at once, may keep those waiting whose time has come meanwhile.
_SLICE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did. ``has_measured`` says whether the shop's figures were computed anew."""

    refreshed: Refreshed
    delivered: int
    has_measured: bool


def sweep(now: dt.datetime, *, limit: int | None = None, should_stop: Callable[[], bool] = lambda: False) -> Swept:
    """Sweep once. ``limit`` is a number of profiles; ``should_stop`` is asked between batches."""
    end_abandoned(timezone.now())
    with recorded(SWEEP, now=now) as run:
        is_hourly = is_overdue(POPULATION, _POPULATION_EVERY, now=now)
        if is_hourly:
            _measure(now)
        recount_due(now, should_stop=should_stop)
        with deferred():  # whoever is drawn to something else now is looked at below, with the others
            follow_affinities(now, seconds=_SLICE_SECONDS, should_stop=should_stop)
            _ask_the_shop(now, should_stop)
            follow_areas(now, seconds=_SLICE_SECONDS, should_stop=should_stop)
        keep_appointments(now, should_stop=should_stop)
        _refresh(run, now, limit, should_stop)
        _prepare(run, now, limit, should_stop)
        _go_on(run, now, limit, should_stop)
        if is_hourly:
            update_sizes(now)
        delivered = deliver_overdue(now)
    return Swept(run.done, delivered, is_hourly)


def _ask_the_shop(now: dt.datetime, should_stop: Callable[[], bool]) -> None:
    """A shop that fails is asked again by the next sweep; the rest of this one goes on."""
    try:
        with transaction.atomic():
            follow_loyalty(now, seconds=_SLICE_SECONDS, should_stop=should_stop)
    except Exception as error:  # noqa: BLE001 - the shop's own code
        _log.warning("The shop could not say where members of its loyalty programme stand: %r", error, exc_info=error)


def _measure(now: dt.datetime) -> None:
    """Compute the figures that rules compare with, and look again at whom that concerns."""
    with recorded(POPULATION, now=now) as run:
        run.add(refresh_population(now))


def _refresh(run: Run, now: dt.datetime, limit: int | None, should_stop: Callable[[], bool]) -> None:
    """Batch by batch, so that a stop never waits for long."""
    while not should_stop():
        size = BATCH if limit is None else min(BATCH, limit - run.done.profiles)
        step = refresh_due(now, limit=size) if size > 0 else Refreshed()
        run.add(step)
        if step.profiles < size or size <= 0:
            return


def _prepare(run: Run, now: dt.datetime, limit: int | None, should_stop: Callable[[], bool]) -> None:
    """Bring rules that are being prepared into force, with a look at who is due between slices. One that fails is
    tried again by the next sweep, and the others go on.
    """
    for preparation in waiting():
        while not should_stop():
            most = None if limit is None else limit - run.done.profiles
            if (most is not None and most <= 0) or not take(preparation):
                break
            try:
                run.add(go_on(preparation, now=now, seconds=_SLICE_SECONDS, most=most, should_stop=should_stop))
            except Exception:  # noqa: BLE001 - one rule must not hold up the others
                _log.exception("The rules of preparation %s could not be prepared.", preparation.pk)
                break
            _refresh(run, now, limit, should_stop)


def _go_on(run: Run, now: dt.datetime, limit: int | None, should_stop: Callable[[], bool]) -> None:
    """Bring the full run that is under way to its end, with a look at who is due between slices."""
    while (full := unfinished()) is not None and not should_stop():
        most = None if limit is None else limit - run.done.profiles
        if most is not None and most <= 0:
            return
        come = work_on(full, seconds=_SLICE_SECONDS, most=most, should_stop=should_stop)
        run.add(come.here)
        if come.is_idle:
            return
        _refresh(run, now, limit, should_stop)
