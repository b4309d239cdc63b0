"""Runs over many profiles (the last of each kind, and those that failed lately), and lines in which things wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q

from ...collect.sinks.stream import ERRORS, is_there
from ...collect.sinks.waiting import read_backlog
from ...segment.models import MembershipChange, RefreshRun
from ...segment.outbox import has_listeners
from ...segment.run_progress import progress_of, rate_of
from ...segment.runs import FULL, SILENT_AFTER

__all__ = ["Line", "RunRow", "line_of_events", "runs_at", "undelivered"]

_LATELY = dt.timedelta(days=7)
_MOST_FAILED = 5
_STREAM_SECONDS = 1.0
State = RefreshRun.State


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run. ``rate`` is people a second, None where nobody knows; ``is_last`` of its kind."""

    pk: int
    kind: str
    state: str
    started_at: dt.datetime
    people: int
    rate: float | None
    error: str
    is_last: bool
    stuck_since: dt.datetime | None

    @property
    def is_failed(self) -> bool:
        return self.state == State.FAILED

    @property
    def may_be_taken_up(self) -> bool:
        return self.kind == FULL and self.is_last and self.state in (State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Line:
    """Events that wait in the stream; ``error`` where its server does not answer."""

    number: int
    since: dt.datetime | None
    error: str = ""


def runs_at(now: dt.datetime) -> tuple[RunRow, ...]:
    """The last of each kind and up to five that failed within a week, the newest first."""
    last = RefreshRun.objects.values("kind").annotate(last=Max("pk")).order_by().values("last")
    failed = RefreshRun.objects.filter(state=State.FAILED, started_at__gt=now - _LATELY).order_by("-pk")
    found = RefreshRun.objects.filter(Q(pk__in=last) | Q(pk__in=failed.values("pk")[:_MOST_FAILED])).order_by("-pk")
    kinds: set[str] = set()
    result = []
    for row in found:
        result.append(_row(row, now, is_last=row.kind not in kinds))
        kinds.add(row.kind)
    return tuple(result)


def undelivered(now: dt.datetime) -> int | None:
    """Signals of entries and exits that are overdue; None where nobody listens."""
    if not has_listeners():
        return None
    grace = now - dt.timedelta(minutes=1)
    return MembershipChange.objects.filter(delivered_at=None, changed_at__lt=grace).count()


def line_of_events() -> Line | None:
    """What waits in the stream; None where the shop has none."""
    if not is_there():
        return None
    try:
        backlog = read_backlog(seconds=_STREAM_SECONDS)
    except ERRORS as error:
        return Line(0, None, str(error) or type(error).__name__)
    return Line(backlog.count, backlog.since)


def _row(run: RefreshRun, now: dt.datetime, *, is_last: bool) -> RunRow:
    people, rate, stuck_since = run.profiles, rate_of(run, run.profiles) if run.finished_at else None, None
    if run.state == State.RUNNING and run.kind == FULL:
        come = progress_of(run, is_fresh=True)
        people, rate = come.done, come.rate
        stuck_since = come.moved_at if come.is_stuck(now) else None
    elif run.state == State.RUNNING:
        sign = run.seen_at or run.started_at
        stuck_since = sign if sign <= now - SILENT_AFTER else None
    return RunRow(run.pk, run.kind, run.state, run.started_at, people, rate, run.error, is_last, stuck_since)
