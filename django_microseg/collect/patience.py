"""How long a statement may wait for a lock while somebody waits for a page: 50 milliseconds.

Everything inside the block runs in one transaction, or in a savepoint where the caller has one. A
wait that takes longer is an `OperationalError`, and nothing of the block is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, router, transaction

from .models import Event

__all__ = ["short_waits"]


@contextmanager
def short_waits(milliseconds: int = 50) -> Iterator[None]:
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


@contextmanager
def _on_postgresql(connection: Any, milliseconds: int) -> Iterator[None]:
    with transaction.atomic(using=connection.alias):
        _set_local(connection, f"{milliseconds}ms")
        yield
        _set_local(connection, None)


def _set_local(connection: Any, value: str | None) -> None:
    """Only for this transaction; None is what the server has by default."""
    with connection.cursor() as cursor:
        if value is None:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        else:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [value])


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
