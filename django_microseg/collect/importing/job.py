"""One import under way: what it reads and how, how far it has come, and what it has counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from .error_file import ErrorFile
from .mark import Mark, fingerprint
from .options import Options
from .report import BEFORE, ImportReport, Tally, Wording
from .table import Row, Table

__all__ = ["Job"]

#: After so many rows the progress is told.
_STEP = 500


class Job:
    """``columns`` are those that the format reads, in its order."""

    def __init__(
        self, path: Path, table: Table, wording: Wording, columns: Sequence[str], options: Options, errors: ErrorFile
    ) -> None:
        words = (wording.name, *columns, options.source)
        self.options = options
        self.errors = errors
        self.mark = Mark(fingerprint(path, *words) if options.is_marked else None)
        self.tally = Tally()
        self._file = path.name
        self._table = table
        self._wording = wording
        self._columns = columns

    def rows(self, stage: str) -> Iterator[Row]:
        """Every row after the mark, while telling the progress; rows before it are counted."""
        after = self.mark.read()
        self.tally.lines[BEFORE] = before = max(0, after - self._table.first_row + 1)
        progress = self.options.progress
        progress.begin(stage, None if self._table.total is None else self._table.total - before)
        for count, row in enumerate(self._table.rows(self._columns, after=after), start=1):
            if count % _STEP == 0:
                progress.advance(_STEP)
            yield row

    def finish(self) -> ImportReport:
        """The whole file is in: nothing is left to go on with."""
        self.mark.remove()
        return self.tally.report(self._file, self._wording, self.options, self.errors)
