"""A file as rows of cells: CSV and JSON lines by the standard library, Parquet by pyarrow.

Both stream: memory holds a batch of rows, whatever the file's size. Rows are numbered as people
count them: in CSV the header is row 1, as spreadsheets show it; Parquet has no header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from .csv_table import CsvTable
from .errors import UnreadableFile
from .json_lines import JsonLinesTable
from .parquet_table import ParquetTable

__all__ = ["Row", "Table", "open_table"]

_LINES = (".jsonl", ".ndjson", ".json")

#: A row's number and its cells, in the order of the columns asked for.
Row = tuple[int, tuple[Any, ...]]


class Table(Protocol):
    """Columns, how many rows where the file says so, and the rows themselves."""

    columns: tuple[str, ...]
    first_row: int
    total: int | None

    def rows(self, columns: Sequence[str], *, after: int = 0) -> Iterator[Row]:
        """The cells of some columns; rows numbered up to ``after`` are passed over."""
        ...


def open_table(path: Path, *, encoding: str = "utf-8") -> Table:
    """The file's table, by the ending of its name. Raises `ImportStopped`."""
    if not path.is_file():
        raise UnreadableFile(f"There is no file {path}: check the path.")
    ending = path.suffix.lower()
    if ending in (".parquet", ".pq"):
        return ParquetTable(path)
    if ending in (".csv", ".tsv", ".txt") or path.name.lower().endswith(".csv.gz"):
        return CsvTable(path, encoding=encoding)
    if ending in _LINES or any(path.name.lower().endswith(f"{each}.gz") for each in _LINES):
        return JsonLinesTable(path)
    raise UnreadableFile(
        f"{path.name} is no Parquet, CSV or JSON lines by its name: end it with .parquet, .csv, .csv.gz or .jsonl."
    )
