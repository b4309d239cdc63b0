"""Voids orders in the table, whenever an order, a cancellation or a refund arrives or moves.

One look-up reads what is stored about the orders named, of the same people; new rows get their
`voided_at` before they are written, and one statement changes the stored ones that differ. Lines
share their order's message, so they are voided with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connections, router, transaction

from .draft import Draft
from .models import Event
from .voids import ORDER, VOIDING, OrderEvent, voided_at

__all__ = ["OrderVoids", "revoid"]

_TABLE = Event._meta.db_table
_NAMES = ", ".join(f"'{name}'" for name in sorted(VOIDING))
# The condition on order_key is the partial index's own, word for word, so that it is used. The plus
# keeps SQLite, which has no statistics of a fresh table, from reading all orders by their name.
_LOOK_UP = {
    vendor: (
        "SELECT profile_id, order_key, occurred_at, source, message_hash, name, value_minor, currency, voided_at "  # noqa: S608
        f"FROM \"{_TABLE}\" WHERE NOT (order_key = '') AND {plus}name IN ({_NAMES}) AND "
    )
    for vendor, plus in (("postgresql", ""), ("sqlite", "+"))
}
_BY_ORDER = {"postgresql": "order_key = ANY(%s)", "sqlite": "order_key IN (SELECT value FROM json_each(%s))"}
_BY_PROFILE = {"postgresql": "profile_id = ANY(%s)", "sqlite": "profile_id IN (SELECT value FROM json_each(%s))"}
_CHANGE = {
    "postgresql": (
        f'UPDATE "{_TABLE}" AS event SET voided_at = change.voided_at '  # noqa: S608
        "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::uuid[], %s::bigint[]) "
        "AS change(profile_id, order_key, source, message_hash, voided_at) "
        "WHERE NOT (event.order_key = '') AND event.order_key = change.order_key AND event.source = change.source "
        "AND event.message_hash = change.message_hash AND event.profile_id = change.profile_id"
    ),
    "sqlite": (
        f'UPDATE "{_TABLE}" AS event SET voided_at = change.value ->> 4 '  # noqa: S608
        "FROM json_each(%s) AS change "
        "WHERE NOT (event.order_key = '') AND event.order_key = change.value ->> 1 "
        "AND event.source = change.value ->> 2 AND event.message_hash = change.value ->> 3 "
        "AND event.profile_id = change.value ->> 0"
    ),
}

_Place = tuple[int, str]
_Change = tuple[int, str, str, str, int | None]


class OrderVoids:
    """The orders that some new events are about: looked up before they are written."""

    def __init__(self, connection: Any, drafts: Sequence[Draft]) -> None:
        self._connection = connection
        self._changes: list[_Change] = []
        new: defaultdict[_Place, list[Draft]] = defaultdict(list)
        for draft in drafts:
            if draft.order_key and draft.name in VOIDING:
                new[draft.profile_id, draft.order_key].append(draft)
        if new:
            stored = _look_up(connection, _BY_ORDER, sorted({order_key for _, order_key in new}))
            self._settle(drafts, {place: [_event_of(draft) for draft in mine] for place, mine in new.items()}, stored)

    def apply(self) -> frozenset[int]:
        """Write what has changed for stored rows; the profiles concerned."""
        _write(self._connection, self._changes)
        return frozenset(change[0] for change in self._changes)

    def _settle(
        self,
        drafts: Sequence[Draft],
        new: dict[_Place, list[OrderEvent]],
        stored: dict[_Place, list[OrderEvent]],
    ) -> None:
        instants: dict[tuple[int, str, UUID], int] = {}
        for place, events in new.items():
            known = stored.get(place, [])
            undoings = [event for event in (*known, *events) if event.name != ORDER]
            self._changes += _changes_of(place, known, undoings)
            for order in events:
                instant = voided_at(order, undoings) if order.name == ORDER else None
                if instant is not None:
                    instants[place[0], order.source, UUID(hex=order.message_hash)] = instant
        for draft in drafts if instants else ():
            draft.voided_at = instants.get((draft.profile_id, draft.source, draft.message_hash))


def revoid(profile_ids: Collection[int]) -> frozenset[int]:
    """Judge all orders of some people anew, after a merge or its undoing moved events.

    Runs in the caller's transaction, which holds the locks; returns the profiles changed.
    """
    connection = connections[router.db_for_write(Event)]
    with transaction.atomic(using=connection.alias):
        changes: list[_Change] = []
        for place, events in _look_up(connection, _BY_PROFILE, sorted(profile_ids)).items():
            changes += _changes_of(place, events, [event for event in events if event.name != ORDER])
        _write(connection, changes)
    return frozenset(change[0] for change in changes)


def _changes_of(place: _Place, events: list[OrderEvent], undoings: list[OrderEvent]) -> list[_Change]:
    orders = [(order, voided_at(order, undoings)) for order in events if order.name == ORDER]
    return [
        (*place, order.source, order.message_hash, instant) for order, instant in orders if instant != order.voided_at
    ]


def _event_of(draft: Draft) -> OrderEvent:
    return OrderEvent(
        draft.occurred_at,
        draft.source,
        draft.message_hash.hex,
        draft.name,
        draft.value_minor,
        draft.currency,
        None,
    )


def _look_up(connection: Any, condition: dict[str, str], values: list[Any]) -> dict[_Place, list[OrderEvent]]:
    found: defaultdict[_Place, list[OrderEvent]] = defaultdict(list)
    parameter = json.dumps(values) if connection.vendor == "sqlite" else values
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP[connection.vendor] + condition[connection.vendor], [parameter])
        for profile_id, order_key, occurred_at, source, message_hash, *rest in cursor.fetchall():
            key = message_hash.hex if isinstance(message_hash, UUID) else message_hash
            found[profile_id, order_key].append(OrderEvent(occurred_at, source, key, *rest))
    return found


def _write(connection: Any, changes: list[_Change]) -> None:
    if not changes:
        return
    parameters: list[Any] = [json.dumps(changes)]
    if connection.vendor != "sqlite":
        parameters = [list(column) for column in zip(*changes, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE[connection.vendor], parameters)
