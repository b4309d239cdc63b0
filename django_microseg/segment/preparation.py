"""Whether somebody is preparing a version at this moment: whoever does leaves a sign now and then.

What shows no sign any more was left over by a process that died. It may be put in force again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import SegmentVersion

__all__ = ["is_at_work", "left_over", "signs_of_work"]

State = SegmentVersion.State
#: How long after the last sign of work a version counts as being prepared, and how often there is one.
_AT_WORK_FOR = dt.timedelta(minutes=5)
_SIGN_EVERY = dt.timedelta(seconds=30)


def is_at_work(version: SegmentVersion) -> bool:
    """Whether somebody is preparing it at this moment, as far as anybody can tell."""
    if version.state != State.PREPARING or version.worked_at is None:
        return False
    return bool(timezone.now() - version.worked_at < _AT_WORK_FOR)


def left_over(now: dt.datetime) -> QuerySet[SegmentVersion]:
    """Versions that stay in preparation though nobody prepares them, by a clock on the wall."""
    silent = Q(worked_at=None) | Q(worked_at__lte=now - _AT_WORK_FOR)
    return SegmentVersion.objects.filter(silent, state=State.PREPARING)


def signs_of_work(ids: Sequence[int], report: Callable[[int], None]) -> Callable[[int], None]:
    """Leaves a sign now and then that these are being prepared, so that nobody else begins."""
    due = timezone.now() + _SIGN_EVERY

    def tell(profiles: int) -> None:
        nonlocal due
        if timezone.now() >= due:
            due = timezone.now() + _SIGN_EVERY
            SegmentVersion.objects.filter(pk__in=ids, state=State.PREPARING).update(worked_at=timezone.now())
        report(profiles)

    return tell
