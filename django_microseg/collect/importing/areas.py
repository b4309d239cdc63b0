"""Files of areas: one row for each postcode or beginning of one, with what is known of the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ids import is_placeholder
from .batches import Outcome, hand_over_rows
from .cells import read_text
from .error_file import ErrorFile
from .job import Job
from .options import Options
from .order_file import UNREADABLE
from .report import ImportReport
from .table import Table

__all__ = ["NAMES", "NEEDED", "AreaRow", "Areas", "import_areas"]

NEEDED = ("postcode",)
NAMES = ("postcode", "country", "name", "population", "density", "growth")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One row: its texts by our names; empty cells are left out."""

    row: int
    texts: Mapping[str, str]


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
    hand_over_rows(job, areas.read, sink, unreadable="The row names no postcode: fill it in.")
    return job.finish()
