"""Reads events back as records, for a profile's past to be folded anew.

In come profile ids, out go each with its events in their order. One statement for each chunk of
profiles, read through a cursor, so that memory holds one profile's events at a time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connections, router

from .models import Event
from .record import EventRecord

__all__ = ["CHUNK", "records_of"]

#: Profiles in one statement.
CHUNK = 500

_COLUMNS = (
    "profile_id", "occurred_at", "source", "message_hash", "position", "name", "voided_at",
    "visit_key", "value_base_minor", "quantity", "measure", "product_key", "category", "brand",
    "coupon", "order_key", "channel", "campaign", "device", "country", "region", "language",
    "local_hour", "local_weekday", "local_date", "labels",
)  # fmt: skip
_SELECT = f'SELECT {", ".join(_COLUMNS)} FROM "{Event._meta.db_table}" WHERE profile_id '  # noqa: S608 - our own names
_ORDER = " ORDER BY profile_id, occurred_at, source, message_hash, position"
_WHICH = {"postgresql": "= ANY(%s)", "sqlite": "IN (SELECT value FROM json_each(%s))"}
_HASH = _COLUMNS.index("message_hash")


def records_of(profile_ids: Collection[int]) -> Iterator[tuple[int, list[EventRecord]]]:
    """Every profile asked for, in the order of ids, with its events; an empty list without any."""
    wanted = sorted(set(profile_ids))
    for start in range(0, len(wanted), CHUNK):
        yield from _chunk(wanted[start : start + CHUNK])


def _chunk(profile_ids: list[int]) -> Iterator[tuple[int, list[EventRecord]]]:
    waiting = iter(profile_ids)
    for profile_id, rows in groupby(_rows(profile_ids), key=itemgetter(0)):
        for empty in waiting:
            if empty == profile_id:
                break
            yield empty, []
        yield profile_id, [_record(row) for row in rows]
    yield from ((empty, []) for empty in waiting)


def _rows(profile_ids: list[int]) -> Iterator[tuple[Any, ...]]:
    connection = connections[router.db_for_read(Event)]
    parameter = json.dumps(profile_ids) if connection.vendor == "sqlite" else profile_ids
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SELECT + _WHICH[connection.vendor] + _ORDER, [parameter])
        while rows := cursor.fetchmany(2000):
            yield from rows


def _record(row: tuple[Any, ...]) -> EventRecord:
    key = row[_HASH]
    return EventRecord(row[1], row[2], key.hex if isinstance(key, UUID) else key, *row[_HASH + 1 :])
