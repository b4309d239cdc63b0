"""A full refresh as a run that can be split, resumed, cancelled and watched.

`start_full_refresh` only notes what is to be done. `work_on` does some of it, for as long as it is
told to: a command, a sweep, Celery's workers and an admin page may all call it, at once and again
after any of them died. First come the shop's own figures, then everybody, shard by shard, then the
sizes.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from .. import conf
from ..profile.population import settle
from .models import RefreshRun, RefreshShard
from .pace import Pace, pace_for
from .refresh import BATCH, Refreshed, make_everybody_due, store_population
from .run_progress import Progress, clock_of, end, is_of_another_time, progress_of, unfinished
from .runs import FULL, POPULATION, recorded
from .shards import GaveWay, cut, note_failure, release, step, take
from .sizes.count import update_sizes

__all__ = [
    "WAYS",
    "Progress",
    "RunRefused",
    "cancel",
    "full_refresh_started",
    "progress_of",
    "retry",
    "start_full_refresh",
    "unfinished",
    "work_on",
]

WAYS = ("fold", "scan")

_SHARD = 2500
_SMALLEST_STEP = {"fold": 25, "scan": 500}
_TRIES = 5

#: Sent after commit with ``run``: whoever has hands to spare may work on it.
full_refresh_started = Signal()

State = RefreshRun.State
_log = logging.getLogger(__name__)


class RunRefused(RuntimeError):
    """A full refresh that cannot be started, ended or taken up again; the sentence says why."""


def start_full_refresh(*, now: dt.datetime, by: str = "fold", asked_by: str = "") -> RefreshRun:
    """Note that everybody is to be evaluated. A full run that is still under way gives way to it.

    ``by="fold"`` reads every event and leaves states behind; ``by="scan"`` asks the database.
    """
    if by not in WAYS:
        raise RunRefused(f"A full refresh cannot be done by {by!r}. Choose one of {', '.join(WAYS)}.")
    spans = list(cut(conf.get("SCAN_BATCH") if by == "scan" else _SHARD))
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                run = _create(now, by, asked_by, sum(profiles for _, _, profiles in spans))
                RefreshShard.objects.bulk_create(
                    RefreshShard(run=run, low=low, high=high, reached=low - 1) for low, high, _ in spans
                )
                transaction.on_commit(partial(_tell, run), robust=True)
                return run
        except IntegrityError:  # another one was started between our two statements
            continue
    raise RunRefused("Others start full refreshes at this very moment. Wait for theirs.")


def _tell(run: RefreshRun) -> None:
    full_refresh_started.send_robust(sender=RefreshRun, run=run)


def cancel(run: RefreshRun) -> None:
    """End a run that is under way; what has been done stays done, and right.

    Raises `RunRefused` for any other, also where somebody else ended it at this very moment.
    """
    if run.kind != FULL or not end(run, State.CANCELLED):
        raise RunRefused("Only a full refresh that is under way can be cancelled.")


def retry(run: RefreshRun) -> None:
    """Take up again, where it stopped, a run that failed or was cancelled.

    Raises `RunRefused` for any other, also where somebody else took it up at this very moment.
    """
    over = RefreshRun.objects.filter(pk=run.pk, kind=FULL, state__in=(State.FAILED, State.CANCELLED))
    stopped = RefreshShard.objects.filter(run_id=run.pk).exclude(state=RefreshShard.State.DONE)
    try:
        with transaction.atomic():
            if not over.update(state=State.RUNNING, finished_at=None, error=""):
                raise RunRefused("Only a full refresh that failed or was cancelled can be taken up again.")
            stopped.update(state=RefreshShard.State.WAITING, attempts=0, taken_at=None, error="")
    except IntegrityError as error:
        raise RunRefused("Another full refresh is under way. Wait for it, or cancel it.") from error
    run.refresh_from_db()


def work_on(
    run: RefreshRun, *, seconds: float, most: int | None = None, should_stop: Callable[[], bool] = lambda: False
) -> Progress:
    """Go on with a run for about so long (at least one step), or until ``most`` profiles are done.

    What goes wrong is logged and noted on the run; three times at the same place, and it fails.
    """
    run.refresh_from_db()
    work = _Work(run, seconds, most, should_stop)
    while run.state == State.RUNNING and work.may_go_on():
        shard = take(run)
        if shard is None or not work.move(shard):
            break
    _end_if_done(run)
    return replace(progress_of(run), here=work.done, is_idle=not work.has_begun)


class _Work:
    """One call of `work_on`: what it may still do."""

    def __init__(self, run: RefreshRun, seconds: float, most: int | None, should_stop: Callable[[], bool]) -> None:
        largest = conf.get("SCAN_BATCH") if run.by == "scan" else BATCH
        self._run = run
        self._ends = time.monotonic() + seconds
        self._most = most
        self._should_stop = should_stop
        self._pace: Pace = pace_for(seconds, smallest=_SMALLEST_STEP[run.by], largest=largest)
        self._next_step_seconds = 0.0
        self.done = Refreshed()
        self.has_begun = False

    def may_go_on(self) -> bool:
        """Whether there is time for one step more, by how long the last one took for each profile."""
        has_room = self._most is None or self.done.profiles < self._most
        has_time = not self.has_begun or time.monotonic() + self._next_step_seconds < self._ends
        return has_room and has_time and not self._should_stop()

    def move(self, shard: RefreshShard) -> bool:
        """Move a shard on; False where this call had better stop."""
        try:
            self._steps(shard)
        except GaveWay:
            return False
        except Exception as error:  # noqa: BLE001 - noted on the row, and tried again
            note_failure(shard, error)
            return False
        except BaseException:
            release(shard)
            raise
        if shard.state == RefreshShard.State.TAKEN:
            release(shard)
        return True

    def _steps(self, shard: RefreshShard) -> None:
        if self._run.measured_at is None:
            _measure(self._run)
        while shard.state == RefreshShard.State.TAKEN and self.may_go_on():
            self._step(shard)

    def _step(self, shard: RefreshShard) -> None:
        self.has_begun = True
        began = time.monotonic()
        size = self._pace.size if self._most is None else min(self._pace.size, self._most - self.done.profiles)
        self.done = self.done.plus(step(shard, size=size, by=self._run.by, now=clock_of(self._run)))
        seconds = time.monotonic() - began
        self._pace = self._pace.after(seconds)
        self._next_step_seconds = seconds * self._pace.size / size


def _create(now: dt.datetime, by: str, asked_by: str, total: int) -> RefreshRun:
    """The older run ends first, for there is never more than one."""
    older = unfinished()
    if older is not None:
        end(older, State.CANCELLED, error="a newer full refresh was started")
    return RefreshRun.objects.create(
        kind=FULL, started_at=timezone.now(), as_of=now, by=by, asked_by=asked_by[:150], total=total
    )


def _measure(run: RefreshRun) -> None:
    """The figures that rules compare with. Everybody is looked at anyway, so nobody is looked for."""
    now = clock_of(run)
    with recorded(POPULATION, now=now):
        store_population(now)
    run.measured_at = now
    RefreshRun.objects.filter(pk=run.pk).update(measured_at=now)


def _end_if_done(run: RefreshRun) -> None:
    """After the last shard. Whoever dies in here leaves the run for the next one to end."""
    shards = RefreshShard.objects.filter(run_id=run.pk)
    is_open = shards.filter(state__in=(RefreshShard.State.WAITING, RefreshShard.State.TAKEN)).exists()
    run.refresh_from_db()
    if is_open or run.state != State.RUNNING:
        return
    parked = shards.filter(state=RefreshShard.State.PARKED).order_by("pk").first()
    if parked is not None:
        end(run, State.FAILED, error=f"profiles {parked.reached + 1} to {parked.high}: {parked.error}")
        return
    try:
        _conclude(run)
    except Exception as error:  # noqa: BLE001 - noted on the row
        _log.exception("refresh run %s could not be concluded", run.pk)
        end(run, State.FAILED, error=f"{type(error).__name__}: {error}")
    else:
        end(run, State.DONE)


def _conclude(run: RefreshRun) -> None:
    """What holds once everybody has been looked at. Does no harm twice."""
    assert run.as_of is not None
    if run.by == "scan" and is_of_another_time(run) and run.as_of < run.started_at:
        make_everybody_due(run.as_of)
    update_sizes(run.as_of)
    if run.measured_at is not None:
        settle(upto=run.measured_at, now=clock_of(run))
