"""Writes the rows that could not be imported into a CSV file that is safe to open in a spreadsheet.

A cell that begins like a formula gets an apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from .line import RowError

__all__ = ["ErrorFile", "read_errors", "safe_cell"]

_HEADER = ("row", "reason", "about", "detail")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - as spreadsheets take them


class ErrorFile:
    """Counts errors, keeps the first few for the report, and writes all of them if it is given a file."""

    MOST_KEPT = 20

    def __init__(self, target: TextIO | None = None) -> None:
        self.count = 0
        self.first: list[RowError] = []
        self._writer = csv.writer(target) if target else None
        if self._writer:
            self._writer.writerow(_HEADER)

    def add(self, errors: Iterable[RowError]) -> None:
        for error in errors:
            self.count += 1
            if len(self.first) < self.MOST_KEPT:
                self.first.append(error)
            if self._writer:
                self._writer.writerow((error.row, error.reason, safe_cell(error.about), safe_cell(error.detail)))


def read_errors(text: str) -> list[list[str]]:
    """The rows of such a file, without its header."""
    return list(csv.reader(text.splitlines(keepends=True)))[1:]


def safe_cell(text: str) -> str:
    """The text, or the text after an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
