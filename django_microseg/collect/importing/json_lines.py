"""A file of JSON lines as a table with one column: each row is an object, or what stands there instead."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from .errors import UnreadableFile

__all__ = ["LINE", "JsonLinesTable"]

LINE = "line"
#: No event is longer; a file without line breaks is none of lines.
_LONGEST = 1_000_000


class JsonLinesTable:
    """Row 1 is the first line. A line that is no JSON comes as its text."""

    columns: tuple[str, ...] = (LINE,)
    first_row = 1
    total: int | None = None

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, columns: Sequence[str], *, after: int = 0) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """One cell a row; empty lines are passed over and keep their number."""
        opener: Callable[..., Any] = gzip.open if self._path.suffix.lower() == ".gz" else open
        try:
            with opener(self._path, "rb") as lines:
                number = 0
                while line := lines.readline(_LONGEST + 1):
                    if len(line) > _LONGEST:
                        text = f"Line {number + 1} of {self._path.name} is longer than 1 MB: these are no JSON lines."
                        raise UnreadableFile(text)
                    number += 1
                    if number > after and line.strip():
                        yield number, (_read(line),)
        except (OSError, EOFError) as error:
            raise UnreadableFile(f"{self._path.name} cannot be read: {error}.") from error


def _read(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return line.decode("utf-8", "replace").strip()
