"""Writes many events at once, by the fastest way an engine has.

COPY on PostgreSQL for batches, a statement for a single row, ``executemany`` on SQLite. The rows
carry plain integers and text; no model is instantiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from .draft import ROW, Draft
from .models import Event

__all__ = ["COPY_FROM", "insert"]

#: From how many rows on COPY is cheaper than an INSERT: psycopg takes long over a statement with many parameters.
COPY_FROM = 2

_TABLE = Event._meta.db_table
_COLUMNS = ", ".join(ROW)
_INSERT = f'INSERT INTO "{_TABLE}" ({_COLUMNS}) VALUES '  # noqa: S608 - our own table and columns
_ROW = "(" + ", ".join("%s::jsonb" if name == "properties" else "%s" for name in ROW) + ")"
_INSERT_SQLITE = _INSERT + "(" + ", ".join(["%s"] * len(ROW)) + ")"
_COPY = f'COPY "{_TABLE}" ({_COLUMNS}) FROM STDIN'
_HASH = ROW.index("message_hash")
#: A statement of PostgreSQL takes 65,535 parameters.
_MOST_ROWS = 2000
_row = attrgetter(*ROW)


def insert(connection: Any, drafts: Sequence[Draft]) -> None:
    """Write the drafts as rows of the event table."""
    if not drafts:
        return
    if connection.vendor == "sqlite":
        _insert_sqlite(connection, drafts)
    elif len(drafts) >= COPY_FROM and _has_copy():
        _copy(connection, drafts)
    else:
        for start in range(0, len(drafts), _MOST_ROWS):
            _insert_postgresql(connection, drafts[start : start + _MOST_ROWS])


def _insert_sqlite(connection: Any, drafts: Sequence[Draft]) -> None:
    rows = []
    for draft in drafts:
        row = _row(draft)
        rows.append((*row[:_HASH], row[_HASH].hex, *row[_HASH + 1 :]))
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT_SQLITE, rows)


def _insert_postgresql(connection: Any, drafts: Sequence[Draft]) -> None:
    values = [value for draft in drafts for value in _row(draft)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + ", ".join([_ROW] * len(drafts)), values)


def _has_copy() -> bool:
    """Whether the driver is psycopg 3: a shop on SQLite has none, so it is asked only once we are on PostgreSQL."""
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return is_psycopg3


def _copy(connection: Any, drafts: Sequence[Draft]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for draft in drafts:
            copy.write_row(_row(draft))
