"""New rules on their way to going live: which belong together, who is at work on them, and how far that has come.

Looking at everybody may outlast a request or a task, so whoever does it may stop midway, and anybody goes on. While
somebody is at work they leave a sign now and then; where none comes any more, the process died, and anybody goes on.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from ..profile.models import Profile
from .models import Preparation, SegmentVersion

__all__ = ["Work", "clear", "is_at_work", "left_over", "percent", "take", "waiting"]

State = SegmentVersion.State
#: How long after the last sign somebody counts as being at work, and how often there is one.
_AT_WORK_FOR = dt.timedelta(minutes=5)
_SECONDS_BETWEEN_SIGNS = 10.0


def is_at_work(preparation: Preparation) -> bool:
    """Whether somebody is at work on it at this moment, as far as anybody can tell."""
    return not preparation.is_free and timezone.now() - preparation.worked_at < _AT_WORK_FOR


def waiting() -> QuerySet[Preparation]:
    """Those that anybody may go on with, the oldest first."""
    return Preparation.objects.filter(_is_takeable()).order_by("pk")


def left_over(now: dt.datetime) -> QuerySet[SegmentVersion]:
    """Versions in preparation that nobody has worked on for minutes, by a clock on the wall."""
    silent = now - _AT_WORK_FOR
    return SegmentVersion.objects.filter(state=State.PREPARING, preparation__worked_at__lte=silent)


def percent(preparation: Preparation) -> int:
    """How many of a hundred people have been looked at, about, by their ids; a hundred only when it is live."""
    ends = Profile.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return 0
    people: int = ends["last"] - ends["first"] + 1
    done: int = preparation.reached - ends["first"] + 1
    return max(0, min(99, 100 * done // people))


def take(preparation: Preparation) -> bool:
    """Take it in hand. False where somebody else has it, or it is over."""
    mine = Preparation.objects.filter(_is_takeable(), pk=preparation.pk)
    if not mine.update(is_free=False, worked_at=timezone.now()):
        return False
    preparation.refresh_from_db()
    return True


def clear(ids: Collection[int]) -> None:
    """Forget those of which no rule is left: their rules gave way to others or went to other preparations."""
    if ids:
        left = SegmentVersion.objects.filter(preparation=OuterRef("pk"), state=State.PREPARING)
        Preparation.objects.filter(~Exists(left), pk__in=ids).delete()


def _is_takeable() -> Q:
    return Q(is_free=True) | Q(worked_at__lte=timezone.now() - _AT_WORK_FOR)


class Work:
    """One turn of work on a preparation in hand: for about so many seconds, or profiles; None: until all are done."""

    def __init__(
        self,
        preparation: Preparation,
        *,
        seconds: float | None = None,
        most: int | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        report: Callable[[int], None] = lambda profiles: None,
    ) -> None:
        self._row = preparation
        self._ends = None if seconds is None else time.monotonic() + seconds
        self._left = most
        self._should_stop = should_stop
        self._report = report
        self._sign_at = time.monotonic() + _SECONDS_BETWEEN_SIGNS
        self.is_cut_short = False

    def goes_on(self, profiles: int, reached: int) -> bool:
        """After a batch: whether there is time for another one."""
        self._report(profiles)
        self._row.reached = reached
        if self._left is not None:
            self._left -= profiles
        is_gone = time.monotonic() >= self._sign_at and not self._sign(is_free=False)
        self.is_cut_short = is_gone or self._is_enough()
        return not self.is_cut_short

    def leave(self) -> None:
        """Whoever comes next goes on from here."""
        self._sign(is_free=True)

    def _is_enough(self) -> bool:
        is_late = self._ends is not None and time.monotonic() >= self._ends
        return is_late or (self._left is not None and self._left <= 0) or self._should_stop()

    def _sign(self, *, is_free: bool) -> bool:
        self._sign_at = time.monotonic() + _SECONDS_BETWEEN_SIGNS
        mine = Preparation.objects.filter(pk=self._row.pk)
        return bool(mine.update(worked_at=timezone.now(), reached=self._row.reached, is_free=is_free))
