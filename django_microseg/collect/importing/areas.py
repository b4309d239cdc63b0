"""Files of areas: one row for each postcode or beginning of one, with what is known of the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ids import is_placeholder
from .cells import read_text
from .error_file import ErrorFile
from .job import Job
from .line import RowError
from .options import Options
from .order_file import UNREADABLE
from .report import BEYOND, ImportReport
from .table import Table

__all__ = ["NAMES", "NEEDED", "AreaRow", "Areas", "Outcome", "import_areas"]

NEEDED = ("postcode",)
NAMES = ("postcode", "country", "name", "population", "density", "growth")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One row: its texts by our names; empty cells are left out."""

    row: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some rows: how many brought something new or nothing, and which were refused."""

    changed: int
    unchanged: int
    errors: tuple[RowError, ...] = ()


class Areas:
    """The format ``areas``, over the columns that a settled map names."""

    name = "areas"
    classes = {
        "changed": "brought something new about an area",
        "unchanged": "brought nothing new",
        UNREADABLE: "names no postcode: not stored",
        "refused": "has a value that cannot be: not stored",
    }
    found: Mapping[str, str] = {}
    notes: Mapping[str, str] = {}

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._names = tuple(columns)
        self.columns = tuple(columns.values())

    def read(self, row: int, cells: Sequence[Any]) -> AreaRow | None:
        """One row; None if it names no postcode."""
        texts = {name: read_text(value) for name, value in zip(self._names, cells, strict=True)}
        if is_placeholder(texts["postcode"]):
            return None
        return AreaRow(row, {name: text for name, text in texts.items() if text})


def import_areas(
    path: Path,
    table: Table,
    areas: Areas,
    options: Options,
    errors: ErrorFile,
    *,
    sink: Callable[[Sequence[AreaRow]], Outcome],
) -> ImportReport:
    """Import a file of areas. Raises `ImportStopped`, and what the database raises."""
    job = Job(path, table, areas, areas.columns, options, errors)
    batch: list[AreaRow] = []
    for read in _read(job, areas):
        batch.append(read)
        if len(batch) == _BATCH:
            _hand_over(batch, sink, job)
            job.mark.move(read.row)
    _hand_over(batch, sink, job)
    return job.finish()


def _read(job: Job, areas: Areas) -> Iterator[AreaRow]:
    found, limit = 0, job.options.limit
    for row, cells in job.rows("storing"):
        if limit is not None and found >= limit:
            job.tally.lines[BEYOND] += 1
            continue
        read = areas.read(row, cells)
        if read is None:
            job.tally.lines[UNREADABLE] += 1
            job.errors.add([RowError(row, UNREADABLE, "The row names no postcode: fill it in.")])
            continue
        found += 1
        yield read


def _hand_over(batch: list[AreaRow], sink: Callable[[Sequence[AreaRow]], Outcome], job: Job) -> None:
    if batch:
        outcome = sink(batch)
        refused = len(batch) - outcome.changed - outcome.unchanged
        job.tally.lines.update(changed=outcome.changed, unchanged=outcome.unchanged, refused=refused)
        job.errors.add(outcome.errors)
        batch.clear()
