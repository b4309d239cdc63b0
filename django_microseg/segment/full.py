"""A full refresh from beginning to end, in the process that asked for it."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import suppress

from django.db import Error as DatabaseError

from ..collect.importing.progress import Progress, Silent
from .as_of import Sizes
from .full_run import RunRefused, cancel, start_full_refresh, work_on
from .models import RefreshRun, Segment

__all__ = ["RefreshFailed", "refresh_fully"]

_SLICE_SECONDS = 10.0
_NAP_SECONDS = 0.2


class RefreshFailed(RuntimeError):
    """A full refresh that did not come to its end; the sentence says why."""


def refresh_fully(now: dt.datetime, *, by: str = "fold", asked_by: str = "", progress: Progress | None = None) -> Sizes:
    """Evaluate every profile as of ``now``, and count the members of each segment in force.

    If this process is killed, a sweep goes on with the run; if it is interrupted, the run is cancelled.
    """
    shown = progress or Silent()
    run = start_full_refresh(now=now, by=by, asked_by=asked_by)
    shown.begin("refreshing", run.total)
    try:
        _work(run, shown)
    except BaseException:
        with suppress(DatabaseError, RunRefused):  # the row is worth less than the error that led here
            cancel(run)
        raise
    sizes = Segment.objects.filter(state=Segment.State.ACTIVE).order_by("slug").values_list("slug", "size")
    return Sizes(run.profiles, {slug: size or 0 for slug, size in sizes})


def _work(run: RefreshRun, shown: Progress) -> None:
    """To the end, or to the first thing that goes wrong: whoever asked is there to mend it."""
    seen = 0
    while True:
        come = work_on(run, seconds=_SLICE_SECONDS)
        shown.advance(come.done - seen)
        seen = come.done
        if come.error:
            raise RefreshFailed(f"The full refresh stopped after {come.done:,} profiles: {come.error}.")
        if come.is_over:
            return
        if come.is_idle:
            time.sleep(_NAP_SECONDS)
