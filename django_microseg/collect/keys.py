"""Claims messages for a source: each may be stored once, whoever sends it how often.

One statement inserts the keys of a whole batch and says which of them were new. The keys are
sorted, so that two writers with the same messages wait for each other instead of dead-locking.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from .models import EventKey

__all__ = ["claim"]

_NEW = {
    "postgresql": "unnest(%s::uuid[]) AS claimed",
    # Without "WHERE true" SQLite would read ON CONFLICT as the condition of a join.
    "sqlite": "(SELECT value AS claimed FROM json_each(%s)) WHERE true",
}
_CLAIM = {
    vendor: (
        f'INSERT INTO "{EventKey._meta.db_table}" (source, message_hash, received_at) '  # noqa: S608 - our own names
        f"SELECT %s, claimed, %s FROM {new} ON CONFLICT DO NOTHING RETURNING message_hash"
    )
    for vendor, new in _NEW.items()
}


def claim(connection: Any, source: str, hashes: Collection[UUID], received_at: int) -> frozenset[UUID]:
    """Insert the keys that are not there yet; these, and no others, may be stored."""
    claimed: Any = sorted(hashes)
    if connection.vendor == "sqlite":
        claimed = json.dumps([key.hex for key in claimed])
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM[connection.vendor], [source, received_at, claimed])
        rows = cursor.fetchall()
    return frozenset(key if isinstance(key, UUID) else UUID(hex=key) for (key,) in rows)
