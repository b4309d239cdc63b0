"""Remembers runs over many profiles: when they began, what they did, what went wrong.

The rows say whether sweeps still happen and when something that is due now and then was done last. Whoever works on
one leaves a sign of life in it, so that one whose process was killed is known, and ended by the next sweep.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error as DatabaseError
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import RefreshRun
from .refresh import Refreshed

__all__ = [
    "FULL",
    "LONGEST_ERROR",
    "POPULATION",
    "SILENT_AFTER",
    "SWEEP",
    "Run",
    "abandoned",
    "end_abandoned",
    "is_overdue",
    "recorded",
]

FULL, SWEEP, POPULATION = "full", "sweep", "population"

LONGEST_ERROR = 2000
#: Nothing that is recorded works for so long without a sign of life.
SILENT_AFTER = dt.timedelta(minutes=15)
_SECONDS_BETWEEN_SIGNS = 20.0
_KILLED = "whoever worked on it gave no sign of life for a quarter of an hour; the next sweep does what was left"
State = RefreshRun.State


class Run:
    """What a run has done so far. Its row hears of it now and then."""

    def __init__(self, row: RefreshRun) -> None:
        self.done = Refreshed()
        self._row = row
        self._told_at = time.monotonic()

    def add(self, refreshed: Refreshed) -> None:
        self.done = self.done.plus(refreshed)
        if time.monotonic() - self._told_at >= _SECONDS_BETWEEN_SIGNS:
            self._told_at = time.monotonic()
            RefreshRun.objects.filter(pk=self._row.pk, state=State.RUNNING).update(
                seen_at=timezone.now(), profiles=self.done.profiles, entered=self.done.entered, left=self.done.left
            )


@contextmanager
def recorded(kind: str, *, now: dt.datetime) -> Iterator[Run]:
    """A row for what happens within the block; an exception is noted there and goes on."""
    row = RefreshRun.objects.create(kind=kind, started_at=now, seen_at=timezone.now())
    run, began = Run(row), time.monotonic()
    try:
        yield run
    except BaseException as error:
        with suppress(DatabaseError):  # the row is worth less than the error that led here
            _finish(row, run, now, began, error=f"{type(error).__name__}: {error}")
        raise
    _finish(row, run, now, began)


def abandoned(now: dt.datetime) -> QuerySet[RefreshRun]:
    """Runs, but full ones, that are under way by their row and that nobody works on any more.

    Full ones look after themselves: see `shards`.
    """
    running = RefreshRun.objects.filter(state=State.RUNNING).exclude(kind=FULL)
    return running.alias(sign=Coalesce("seen_at", "started_at")).filter(sign__lte=now - SILENT_AFTER)


def end_abandoned(now: dt.datetime) -> int:
    """Say of these that they failed; how many there were. One that was only slow says at its end how it ended."""
    return abandoned(now).update(state=State.FAILED, finished_at=now, error=_KILLED)


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
