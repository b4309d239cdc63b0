"""How long a statement may wait for a lock while somebody waits for a page: 50 milliseconds.

`short_waits` is for writing: everything inside the block runs in one transaction, or in a savepoint
where the caller has one, whose own limit holds again after the block. `read_row` is for the one read
of a page, in one round trip. A wait that takes longer is an `OperationalError`, and nothing of it is
kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, router, transaction

from .models import Event

__all__ = ["read_row", "short_waits"]

_MILLISECONDS = 50


@contextmanager
def short_waits(milliseconds: int = _MILLISECONDS) -> Iterator[None]:
    """Wait no longer than this for each lock."""
    using = router.db_for_write(Event)
    connection = connections[using]
    waits = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}.get(connection.vendor)
    if waits is None:
        with transaction.atomic(using=using):
            yield
        return
    with waits(connection, milliseconds):
        yield


def read_row(connection: Any, statement: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
    """The first row of a SELECT; a lock of ours that somebody holds (a migration) does not hold up the page.

    On PostgreSQL the limit travels with the statement, and ends with its transaction: within a
    transaction of the shop, the caller rolls back to a savepoint afterwards.
    """
    if connection.vendor == "postgresql" and not _binds_on_server(connection):
        statement = f"SET LOCAL lock_timeout = '{_MILLISECONDS}ms'; {statement}"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while cursor.description is None and cursor.nextset():
            pass  # the answer to SET
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _binds_on_server(connection: Any) -> bool:
    """Whether the driver sends parameters apart from the statement, which must then be a single one."""
    return bool(connection.settings_dict["OPTIONS"].get("server_side_binding"))


@contextmanager
def _on_postgresql(connection: Any, milliseconds: int) -> Iterator[None]:
    with transaction.atomic(using=connection.alias):
        usual = _set_local(connection, f"{milliseconds}ms")
        yield
        _set_local(connection, usual)


def _set_local(connection: Any, value: str) -> str:
    """For the rest of the transaction only; gives what was in force before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [value])
        return str(cursor.fetchone()[0])


@contextmanager
def _on_sqlite(connection: Any, milliseconds: int) -> Iterator[None]:
    """SQLite has one lock for all writers; its timeout belongs to the connection."""
    connection.ensure_connection()
    usual = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
    try:
        with transaction.atomic(using=connection.alias):
            yield
    finally:
        if connection.connection is not None:
            connection.connection.execute(f"PRAGMA busy_timeout = {int(usual)}")
