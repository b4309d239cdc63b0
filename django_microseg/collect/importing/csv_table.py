"""A CSV file as rows of cells: comma, semicolon or tab, plain or packed with gzip."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from .errors import UnreadableFile

__all__ = ["CsvTable"]

_SEPARATORS = ",;\t|"
_FIRST_ROW = 2


class CsvTable:
    """The header is row 1. Rows that are empty altogether are passed over and keep their number."""

    first_row = _FIRST_ROW
    total: int | None = None

    def __init__(self, path: Path, *, encoding: str) -> None:
        self._path = path
        # The mark that Excel puts before UTF-8 is no part of the first column's name.
        self._encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
        with self._opened() as text:
            head = text.readline()
            self._separator = max(_SEPARATORS, key=head.count)
            self.columns = tuple(name.strip() for name in next(csv.reader([head], delimiter=self._separator), []))
        if not any(self.columns):
            raise UnreadableFile(f"{path.name} is empty: its first row must name the columns.")

    def rows(self, columns: Sequence[str], *, after: int = 0) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The cells as text; a row that is too short lacks its last cells."""
        places = [self.columns.index(name) for name in columns]
        with self._opened() as text:
            for number, cells in enumerate(csv.reader(text, delimiter=self._separator), start=1):
                if number >= _FIRST_ROW and number > after and any(cells):
                    yield number, tuple(cells[place] if place < len(cells) else "" for place in places)

    @contextmanager
    def _opened(self) -> Iterator[TextIO]:
        is_packed = self._path.suffix.lower() == ".gz"
        opener: Callable[..., Any] = gzip.open if is_packed else open
        try:
            with opener(self._path, "rt", encoding=self._encoding, newline="") as text:
                yield text
        except UnicodeDecodeError:
            raise UnreadableFile(
                f"{self._path.name} is not written in {self._encoding}: name its encoding, such as --encoding latin-1."
            ) from None
        except (csv.Error, OSError, EOFError, LookupError) as error:
            raise UnreadableFile(f"{self._path.name} cannot be read as CSV: {error}.") from error
