"""Rows of a file that go in batches to a function of a later room, which says what became of them.

Comes in: how a row is read, and the function. Goes out: every row counted once, refused ones with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from .job import Job
from .line import RowError
from .order_file import UNREADABLE
from .report import BEYOND

__all__ = ["Outcome", "hand_over_rows"]

_BATCH = 500


class _Numbered(Protocol):
    @property
    def row(self) -> int: ...


Row = TypeVar("Row", bound=_Numbered)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some rows: how many brought something new or nothing, and which were refused."""

    changed: int
    unchanged: int
    errors: tuple[RowError, ...] = ()


def hand_over_rows(
    job: Job,
    read: Callable[[int, Sequence[Any]], Row | None],
    sink: Callable[[Sequence[Row]], Outcome],
    *,
    unreadable: str,
    note: Callable[[Row], None] = lambda row: None,
) -> None:
    """Every row of the job. ``unreadable`` says what to do where ``read`` finds no row; ``note`` sees all others."""
    batch: list[Row] = []
    for row in _rows(job, read, unreadable):
        note(row)
        batch.append(row)
        if len(batch) == _BATCH:
            _hand_over(batch, sink, job)
            job.mark.move(row.row)
    _hand_over(batch, sink, job)


def _rows(job: Job, read: Callable[[int, Sequence[Any]], Row | None], unreadable: str) -> Iterator[Row]:
    found, limit = 0, job.options.limit
    for number, cells in job.rows("storing"):
        if limit is not None and found >= limit:
            job.tally.lines[BEYOND] += 1
            continue
        row = read(number, cells)
        if row is None:
            job.tally.lines[UNREADABLE] += 1
            job.errors.add([RowError(number, UNREADABLE, unreadable)])
            continue
        found += 1
        yield row


def _hand_over(batch: list[Row], sink: Callable[[Sequence[Row]], Outcome], job: Job) -> None:
    if batch:
        outcome = sink(batch)
        refused = len(batch) - outcome.changed - outcome.unchanged
        job.tally.lines.update(changed=outcome.changed, unchanged=outcome.unchanged, refused=refused)
        job.errors.add(outcome.errors)
        batch.clear()
