"""Brings the lines of one order together, wherever in the file they stand.

A file need not be sorted, and an order may stand in two places, so the lines pass through a
temporary SQLite file that sorts them by the first row of their order. The file has no name: the
system removes it when it is closed, also when the process dies. Memory is bounded by its cache.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

__all__ = ["Spool"]

_CACHE_KIB = 16_384
_BATCH = 5_000

#: A row's number and its packed line; None for a line that could not be read.
Packed = tuple[int, bytes | None]


class Spool:
    """Takes lines in any order and gives them back by order; both once. ``count`` is their number."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            f"PRAGMA cache_size = -{_CACHE_KIB}; PRAGMA journal_mode = OFF;"
            "CREATE TABLE orders (key TEXT PRIMARY KEY, first INTEGER) WITHOUT ROWID;"
            "CREATE TABLE lines (first INTEGER, row INTEGER, line BLOB);"
            "CREATE TABLE customers (key TEXT PRIMARY KEY) WITHOUT ROWID;"
            "BEGIN"
        )
        self.count = 0
        self._waiting: list[tuple[int, int, bytes | None]] = []
        self._last_key, self._last_first = "", 0

    def add(self, key: str, row: int, line: bytes | None) -> None:
        """A line of the order named by ``key``."""
        if key != self._last_key:
            self._last_key, self._last_first = key, self._first_of(key, row)
        self._waiting.append((self._last_first, row, line))
        self.count += 1
        if len(self._waiting) >= _BATCH:
            self._write()

    def orders(self) -> Iterator[list[Packed]]:
        """The lines of each order; orders go by their first row, lines by their own."""
        self._write()
        rows = self._database.execute("SELECT first, row, line FROM lines ORDER BY first, row")
        for _, lines in groupby(rows, key=itemgetter(0)):
            yield [(row, line) for _, row, line in lines]

    def note_customer(self, key: str) -> None:
        """Remember that somebody ordered."""
        self._database.execute("INSERT OR IGNORE INTO customers VALUES (?)", (key,))

    def count_customers(self) -> int:
        """How many different people ordered."""
        return int(self._database.execute("SELECT count(*) FROM customers").fetchone()[0])

    def close(self) -> None:
        self._database.close()

    def _first_of(self, key: str, row: int) -> int:
        """The first row of an order. Rows come in rising, so that is the one it was first seen at."""
        self._database.execute("INSERT OR IGNORE INTO orders VALUES (?, ?)", (key, row))
        found = self._database.execute("SELECT first FROM orders WHERE key = ?", (key,)).fetchone()
        return int(found[0])

    def _write(self) -> None:
        self._database.executemany("INSERT INTO lines VALUES (?, ?, ?)", self._waiting)
        self._waiting.clear()
