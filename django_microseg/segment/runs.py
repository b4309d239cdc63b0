"""Remembers runs over many profiles: when they began, what they did, what went wrong.

The rows say whether sweeps still happen and when something that is due now and then was done last.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error as DatabaseError

from .models import RefreshRun
from .refresh import Refreshed

__all__ = ["FULL", "LONGEST_ERROR", "POPULATION", "SWEEP", "Run", "is_overdue", "recorded"]

FULL, SWEEP, POPULATION = "full", "sweep", "population"

LONGEST_ERROR = 2000
State = RefreshRun.State


class Run:
    """What a run has done so far."""

    def __init__(self) -> None:
        self.done = Refreshed()

    def add(self, refreshed: Refreshed) -> None:
        self.done = self.done.plus(refreshed)


@contextmanager
def recorded(kind: str, *, now: dt.datetime) -> Iterator[Run]:
    """A row for what happens within the block; an exception is noted there and goes on."""
    row = RefreshRun.objects.create(kind=kind, started_at=now)
    run, began = Run(), time.monotonic()
    try:
        yield run
    except BaseException as error:
        with suppress(DatabaseError):  # the row is worth less than the error that led here
            _finish(row, run, now, began, error=f"{type(error).__name__}: {error}")
        raise
    _finish(row, run, now, began)


def is_overdue(kind: str, every: dt.timedelta, *, now: dt.datetime) -> bool:
    """Whether no run of the kind began within the time before ``now``, failed ones not counted."""
    recent = RefreshRun.objects.filter(kind=kind, started_at__gt=now - every, started_at__lte=now)
    return not recent.exclude(state=State.FAILED).exists()


def _finish(row: RefreshRun, run: Run, now: dt.datetime, began: float, *, error: str = "") -> None:
    row.state = State.FAILED if error else State.DONE
    row.finished_at = now + dt.timedelta(seconds=time.monotonic() - began)
    row.profiles, row.entered, row.left = run.done.profiles, run.done.entered, run.done.left
    row.error = error[:LONGEST_ERROR]
    row.save()
