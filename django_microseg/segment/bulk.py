"""Many small rows at once, without a model instance for each.

A first refresh writes dozens of memberships for each of many profiles; making objects of them
would take longer than everything else together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router

__all__ = ["delete_rows", "insert_rows"]

#: Rows in one statement; PostgreSQL takes 65,535 parameters.
_ROWS_AT_ONCE = 5000


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of plain values; those that break a unique constraint are there already."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    start = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 - own names
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"{start}{row} ON CONFLICT DO NOTHING", rows)
            return
        for at in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = rows[at : at + _ROWS_AT_ONCE]
            values = [value for each in chunk for value in each]
            cursor.execute(f"{start}{', '.join([row] * len(chunk))} ON CONFLICT DO NOTHING", values)


def delete_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows that have these values in these columns; nothing may refer to them."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    condition = " AND ".join(f"{quote(column)} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {quote(model._meta.db_table)} WHERE {condition}", rows)  # noqa: S608 - own names
