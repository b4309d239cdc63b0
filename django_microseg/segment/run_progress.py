"""How far a full run has come, and how it ends: from the rows of its shards, wherever they are worked on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from .models import RefreshRun, RefreshShard
from .refresh import Refreshed
from .runs import FULL, LONGEST_ERROR

__all__ = ["Progress", "clock_of", "end", "is_of_another_time", "progress_of", "unfinished"]

#: A run whose clock is further off than this is one of the past, or of days to come.
_CLOCKS_DIFFER = dt.timedelta(minutes=5)

State = RefreshRun.State
_NOTHING = Refreshed()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. ``rate`` is profiles a second, on average since it started.

    ``rate`` and ``seconds_left`` are None while nobody can know. ``error`` is the last thing that
    went wrong, in a running one too. ``here`` is what the call itself did that hands this back, and
    ``is_idle`` says that there was nothing for it to do: others hold what is left, or it waits after
    a failure.
    """

    done: int
    total: int
    state: str
    entered: int
    left: int
    rate: float | None
    seconds_left: float | None
    error: str
    here: Refreshed = _NOTHING
    is_idle: bool = False

    @property
    def is_over(self) -> bool:
        return self.state != State.RUNNING


def progress_of(run: RefreshRun) -> Progress:
    """How far a run has come by now. Writes nothing."""
    run.refresh_from_db()
    done = _sum(run)
    rate = _rate(run, done.profiles)
    seconds_left = None if rate is None else max(0, run.total - done.profiles) / rate
    return Progress(
        done.profiles, run.total, run.state, done.entered, done.left,
        rate=rate,
        seconds_left=seconds_left if run.state == State.RUNNING else None,
        error=run.error or _last_error(run),
    )  # fmt: skip


def unfinished() -> RefreshRun | None:
    """The full run that is under way, if there is one."""
    return RefreshRun.objects.filter(kind=FULL, state=State.RUNNING).first()


def clock_of(run: RefreshRun) -> dt.datetime:
    """What the time is within a run. It ticks, or whoever did something since the start were put back;
    in a run as of another time than the present, it stands still."""
    assert run.as_of is not None
    moment: dt.datetime = run.as_of
    return moment if is_of_another_time(run) else moment + (timezone.now() - run.started_at)


def is_of_another_time(run: RefreshRun) -> bool:
    """Whether a run was not meant for the present: somebody named its clock."""
    between: dt.timedelta = run.started_at - run.as_of
    return abs(between) > _CLOCKS_DIFFER


def end(run: RefreshRun, state: str, *, error: str = "") -> None:
    """Once: whoever comes second finds it ended, and changes nothing."""
    done = _sum(run)
    RefreshRun.objects.filter(pk=run.pk, state=State.RUNNING).update(
        state=state,
        finished_at=timezone.now(),
        profiles=done.profiles,
        entered=done.entered,
        left=done.left,
        error=error[:LONGEST_ERROR],
    )
    run.refresh_from_db()


def _rate(run: RefreshRun, profiles: int) -> float | None:
    spent = ((run.finished_at or timezone.now()) - run.started_at).total_seconds()
    return profiles / spent if profiles and spent > 0 else None


def _sum(run: RefreshRun) -> Refreshed:
    sums = RefreshShard.objects.filter(run_id=run.pk).aggregate(
        profiles=Sum("profiles"), entered=Sum("entered"), left=Sum("left")
    )
    return Refreshed(**{name: value or 0 for name, value in sums.items()})


def _last_error(run: RefreshRun) -> str:
    failed = RefreshShard.objects.filter(run_id=run.pk).exclude(error="").order_by("-taken_at")
    return failed.values_list("error", flat=True).first() or ""
