"""Does the database that holds our tables bear the load of a shop? Looks at settings, not at tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage
from django.db import connections, router

from django_microseg.collect.models import Event

from .findings import finding

__all__ = ["check_databases"]

_SHORT_WAIT = 10


def check_databases(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The database of our own tables; those of the shop are none of our business."""
    connection = connections[router.db_for_write(Event)]
    if connection.vendor == "sqlite":
        return list(_sqlite(connection.alias, connection.settings_dict))
    if connection.vendor != "postgresql":
        return [finding("E044").message(alias=connection.alias, vendor=connection.display_name)]
    return []


def _sqlite(alias: str, database: dict[str, Any]) -> Iterator[CheckMessage]:
    options = database.get("OPTIONS", {})
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield finding("W040").message(alias=alias)
    if "wal" not in str(options.get("init_command", "")).lower() and not _is_in_memory(database):
        yield finding("W041").message(alias=alias)
    if database.get("ATOMIC_REQUESTS"):
        yield finding("W042").message(alias=alias)
    seconds = options.get("timeout", 5)
    if seconds < _SHORT_WAIT:
        yield finding("W043").message(alias=alias, seconds=seconds)


def _is_in_memory(database: dict[str, Any]) -> bool:
    name = str(database.get("NAME", ""))
    return name == ":memory:" or "mode=memory" in name
