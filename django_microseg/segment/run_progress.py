"""How far a full run has come, and how it ends: from the rows of its shards, wherever they are worked on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Sum
from django.utils import timezone

from .models import RefreshRun, RefreshShard
from .refresh import Refreshed
from .runs import FULL, LONGEST_ERROR

__all__ = ["STUCK_AFTER", "Progress", "clock_of", "end", "is_of_another_time", "progress_of", "rate_of", "unfinished"]

#: A run whose clock is further off than this is one of the past, or of days to come.
_CLOCKS_DIFFER = dt.timedelta(minutes=5)

#: A run that has not moved for so long waits for somebody: steps take seconds.
STUCK_AFTER = dt.timedelta(minutes=10)

State = RefreshRun.State
_NOTHING = Refreshed()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. ``rate`` is profiles a second, on average since it started.

    ``rate`` and ``seconds_left`` are None while nobody can know. ``error`` is the last thing that
    went wrong, in a running one too. ``here`` is what the call itself did that hands this back, and
    ``is_idle`` says that there was nothing for it to do: others hold what is left, or it waits after
    a failure. ``moved_at`` is when it last got further.
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
    moved_at: dt.datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.state != State.RUNNING

    def is_stuck(self, now: dt.datetime) -> bool:
        """Under way, and yet nobody has got any further for long. The next sweep takes it up again."""
        return not self.is_over and self.moved_at is not None and self.moved_at <= now - STUCK_AFTER


def progress_of(run: RefreshRun, *, is_fresh: bool = False) -> Progress:
    """How far a run has come by now, also one that was read this moment. Writes nothing."""
    if not is_fresh:
        run.refresh_from_db()
    done, moved_at = _sum(run)
    rate = rate_of(run, done.profiles)
    seconds_left = None if rate is None else max(0, run.total - done.profiles) / rate
    return Progress(
        done.profiles, run.total, run.state, done.entered, done.left,
        rate=rate,
        seconds_left=seconds_left if run.state == State.RUNNING else None,
        error=run.error or _last_error(run),
        moved_at=moved_at or run.started_at,
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


def end(run: RefreshRun, state: str, *, error: str = "") -> bool:
    """Whether this call ended it: whoever comes second finds it ended, and changes nothing."""
    done, _ = _sum(run)
    ended = RefreshRun.objects.filter(pk=run.pk, state=State.RUNNING).update(
        state=state,
        finished_at=timezone.now(),
        profiles=done.profiles,
        entered=done.entered,
        left=done.left,
        error=error[:LONGEST_ERROR],
    )
    run.refresh_from_db()
    return bool(ended)


def rate_of(run: RefreshRun, profiles: int) -> float | None:
    """Profiles a second since it started, or while it lasted; None where nobody was looked at."""
    spent = ((run.finished_at or timezone.now()) - run.started_at).total_seconds()
    return profiles / spent if profiles and spent > 0 else None


def _sum(run: RefreshRun) -> tuple[Refreshed, dt.datetime | None]:
    """What all shards come to, and when one of them was last taken or moved."""
    sums = RefreshShard.objects.filter(run_id=run.pk).aggregate(
        profiles=Sum("profiles"), entered=Sum("entered"), left=Sum("left"), moved_at=Max("taken_at")
    )
    moved_at = sums.pop("moved_at")
    return Refreshed(**{name: value or 0 for name, value in sums.items()}), moved_at


def _last_error(run: RefreshRun) -> str:
    failed = RefreshShard.objects.filter(run_id=run.pk).exclude(error="").order_by("-taken_at")
    return failed.values_list("error", flat=True).first() or ""
