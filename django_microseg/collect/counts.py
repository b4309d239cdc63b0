"""Counts what came in by day, source and event: stored, refused, sent twice, late, and what machines asked for;
and by minute, how much in all.

Nobody is in it. A process adds up and writes now and then, after a batch of its own, so no page waits and no row is
fought over; what it has not written when it ends is lost to the counts alone. Figures of the last half minute may lack.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass, fields
from threading import Lock
from time import monotonic

from django.db import connections, router, transaction
from django.db.models import F

from .fields import from_ms
from .models import IntakeCount, IntakeMinute

__all__ = ["COUNTS", "FIGURES", "Counts", "Tallied"]

#: How long a process adds up before it writes.
SECONDS = 30.0
#: What arrives longer than this after it happened is late.
LATE_MS = 3_600_000
KEPT_DAYS = 400
#: Minutes are for looking at the present alone.
KEPT_MINUTES = dt.timedelta(days=2)

_log = logging.getLogger(__name__)
_MINUTE_MS = 60_000
_Key = tuple[dt.date, str, str]


@dataclass(slots=True)
class Tallied:
    """Figures of one event of one source on one day. ``lag_ms`` is the sum over what was stored."""

    stored: int = 0
    refused: int = 0
    repeated: int = 0
    late: int = 0
    lag_ms: int = 0
    machines: int = 0


FIGURES = tuple(field.name for field in fields(Tallied))


class Counts:
    """What a process has counted and not yet written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[_Key, Tallied] = {}
        self._minutes: dict[int, Tallied] = {}
        self._written_at = monotonic()

    def note(
        self,
        source: str,
        received_ms: int,
        *,
        stored: Iterable[tuple[str, int]] = (),
        refused: Iterable[str] = (),
        repeated: Iterable[str] = (),
    ) -> None:
        """A batch: name and time of what was stored, names of the rest."""
        day = from_ms(received_ms).date()
        with self._lock:
            minute = self._minutes.setdefault(received_ms - received_ms % _MINUTE_MS, Tallied())
            for name, occurred_ms in stored:
                minute.stored += 1
                row, lag = self._row(day, source, name), max(0, received_ms - occurred_ms)
                row.stored += 1
                row.lag_ms += lag
                row.late += lag > LATE_MS
            for name in refused:
                minute.refused += 1
                self._row(day, source, name).refused += 1
            for name in repeated:
                self._row(day, source, name).repeated += 1

    def note_machines(self, source: str, day: dt.date, number: int = 1) -> None:
        """Pages that machines were shown, or events that they sent."""
        with self._lock:
            self._row(day, source, "").machines += number

    def write_if_due(self) -> None:
        """Write at times; within somebody's transaction, not at all. Raises nothing."""
        if (
            monotonic() - self._written_at >= SECONDS
            and not connections[router.db_for_write(IntakeCount)].in_atomic_block
        ):
            self.write()

    def write(self) -> None:
        """Write what has been counted. What cannot be written is dropped: it is worth less than the shop's peace."""
        with self._lock:
            rows, self._rows, self._written_at = self._rows, {}, monotonic()
            minutes, self._minutes = self._minutes, {}
        if not rows:
            return
        try:
            with transaction.atomic(using=router.db_for_write(IntakeCount)):  # a failure undoes nothing of the caller's
                _add(sorted(rows.items()))
                _add_minutes(sorted(minutes.items()))
        except Exception:  # noqa: BLE001 - counts are no reason to fail for anybody
            _log.warning("The counts of what came in could not be written.", exc_info=True)

    def clear(self) -> None:
        """Forget what was counted; for tests."""
        with self._lock:
            self._rows, self._minutes, self._written_at = {}, {}, monotonic()

    def _row(self, day: dt.date, source: str, name: str) -> Tallied:
        return self._rows.setdefault((day, source, name), Tallied())


COUNTS = Counts()


def _add(rows: list[tuple[_Key, Tallied]]) -> None:
    keys = [{"day": day, "source": source, "name": name} for (day, source, name), _ in rows]
    IntakeCount.objects.bulk_create([IntakeCount(**key) for key in keys], ignore_conflicts=True)
    for key, (_, tallied) in zip(keys, rows, strict=True):
        changed = {name: F(name) + getattr(tallied, name) for name in FIGURES if getattr(tallied, name)}
        IntakeCount.objects.filter(**key).update(**changed)
    IntakeCount.objects.filter(day__lt=rows[-1][0][0] - dt.timedelta(days=KEPT_DAYS)).delete()


def _add_minutes(rows: list[tuple[int, Tallied]]) -> None:
    if not rows:  # machines have no minutes
        return
    minutes = [from_ms(minute) for minute, _ in rows]
    IntakeMinute.objects.bulk_create([IntakeMinute(minute=minute) for minute in minutes], ignore_conflicts=True)
    for minute, (_, tallied) in zip(minutes, rows, strict=True):
        IntakeMinute.objects.filter(minute=minute).update(
            stored=F("stored") + tallied.stored, refused=F("refused") + tallied.refused
        )
    IntakeMinute.objects.filter(minute__lt=minutes[-1] - KEPT_MINUTES).delete()
