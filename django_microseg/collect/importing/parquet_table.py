"""A Parquet file as rows of cells, by pyarrow: the extra ``[parquet]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .errors import NoParquet, UnreadableFile

__all__ = ["ParquetTable"]

_BATCH = 10_000


class ParquetTable:
    """Rows are counted from 1. Cells come in the file's own types."""

    first_row = 1

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow  # heavy, and pages need none of it
            from pyarrow import parquet
        except ImportError:
            raise NoParquet from None
        self._damaged = (pyarrow.ArrowException, OSError)
        self._name = path.name
        try:
            self._file = parquet.ParquetFile(path)
        except self._damaged as error:
            raise UnreadableFile(f"{path.name} cannot be read as Parquet: {error}") from error
        self.columns: tuple[str, ...] = tuple(self._file.schema_arrow.names)
        self.total: int | None = self._file.metadata.num_rows

    def rows(self, columns: Sequence[str], *, after: int = 0) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The cells; groups of rows that lie before ``after`` altogether are not even read."""
        number, groups = self._groups_after(after)
        for batch in self._batches(groups, list(columns)):
            cells = [batch.column(name).to_pylist() for name in columns]
            for row in zip(*cells, strict=True):
                number += 1
                if number > after:
                    yield number, row

    def _batches(self, groups: list[int], columns: list[str]) -> Iterator[Any]:
        try:
            yield from self._file.iter_batches(batch_size=_BATCH, row_groups=groups, columns=columns)
        except self._damaged as error:
            raise UnreadableFile(f"{self._name} is damaged: {error}") from error

    def _groups_after(self, after: int) -> tuple[int, list[int]]:
        """How many rows lie in the groups passed over, and the numbers of the other groups."""
        passed, group = 0, 0
        while group < self._file.num_row_groups:
            rows = self._file.metadata.row_group(group).num_rows
            if passed + rows > after:
                break
            passed, group = passed + rows, group + 1
        return passed, list(range(group, self._file.num_row_groups))
