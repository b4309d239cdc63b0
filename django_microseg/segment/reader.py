"""Reading for a page: who is this, which segments, in one small statement.

One row brings the profile's snapshot and the publication's version together. Segments that ask
for the moment's context, and profiles whose next flip has passed, are evaluated in place from the
state on the same row; whatever else happens, no further query depends on how many segments or
slots there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections, router

from ..collect.fields import to_ms
from ..collect.patience import read_row
from ..profile.models import Identity, Profile
from ..profile.traits.state import State, load_state
from .membership import read_snapshot
from .models import Publication
from .rulebook import Rulebook, load

__all__ = ["View", "read", "read_nobody"]

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    """The columns of the statement that a view is made from."""

    profile_id: int
    profile_key: UUID
    allocation_key: UUID
    is_customer: bool
    revision: int
    next_flip: int | None
    is_dirty: bool
    is_over_cap: bool
    needs_version: str
    snapshot: bytes | None
    state: bytes | None


@dataclass(slots=True)
class View:
    """A visitor as a page sees them. ``profile_id`` None: nobody that we know."""

    book: Rulebook
    now: int
    row: _Row | None
    _stored: frozenset[int] | None = field(default=None, init=False)

    @property
    def profile_id(self) -> int | None:
        return None if self.row is None else self.row.profile_id

    @property
    def revision(self) -> int:
        return 0 if self.row is None else self.row.revision

    def segments_for(self, slugs: Collection[str] | None, context: Context) -> frozenset[str]:
        """Which of the named segments (None: of all) the visitor is in at this moment."""
        live = self.book.live
        wanted = {slug: live[slug] for slug in (live if slugs is None else slugs) if slug in live}
        asking = self.book.ruleset.momentary.intersection(wanted.values())
        members = self._stored_ids() - asking
        if asking:
            members |= self._in_context(asking, context)
        return frozenset(slug for slug, definition in wanted.items() if definition in members)

    def _stored_ids(self) -> frozenset[int]:
        """Definition ids of the stored part, evaluated in place if the time for that has come."""
        if self._stored is None:
            self._stored = self._read_stored()
        return self._stored

    def _read_stored(self) -> frozenset[int]:
        state = self._state()
        is_due = self.row is None or (self.row.next_flip is not None and self.row.next_flip <= self.now)
        if is_due and state is not None:
            ruleset = self.book.ruleset
            return frozenset(ruleset.ids_of(ruleset.members(state, self.now, self.book.population)))
        return read_snapshot(self.row.snapshot) if self.row is not None else frozenset()

    def _in_context(self, ids: frozenset[int], context: Context) -> frozenset[int]:
        state = self._state()
        if state is None:
            return self._stored_ids()
        small = self.book.ruleset.only(ids)
        return frozenset(small.ids_of(small.members(state, self.now, self.book.population, context)))

    def _state(self) -> State | None:
        """The state, if it can answer: nobody's is empty; too large a profile has none."""
        row = self.row
        if row is None:
            return self.book.folder.empty(self.now)
        if row.state is None or row.needs_version != self.book.ruleset.plan.version:
            return None
        state = load_state(row.state)
        return state if state.valid_until is None or self.now < state.valid_until else None


def read(visitor_key: str, *, now: dt.datetime) -> View:
    """The view of a visitor id; one query, and one more if a new publication must be loaded."""
    connection = connections[router.db_for_read(Profile) or "default"]
    found = read_row(connection, _statement(connection), [Identity.Kind.VISITOR.value, visitor_key])
    version, columns = (found[0], found[1:]) if found else (0, (None,))
    row = None if columns[0] is None else _row(columns)
    return View(load(version or 0), to_ms(now), row)


def read_nobody(*, now: dt.datetime) -> View:
    """The view of somebody about whom nothing is known; loads the publication if need be."""
    connection = connections[router.db_for_read(Publication) or "default"]
    table = connection.ops.quote_name(Publication._meta.db_table)
    found = read_row(connection, f"SELECT version FROM {table} WHERE id = %s", [1])  # noqa: S608 - our own table
    return View(load(found[0] if found else 0), to_ms(now), None)


def _row(columns: tuple[Any, ...]) -> _Row:
    (pk, key, allocation, customer, revision, flip, dirty, over, needs, snapshot, state) = columns
    return _Row(
        pk, UUID(str(key)), UUID(str(allocation)), customer is not None, revision, flip,
        dirty is not None, bool(over), needs,
        None if snapshot is None else bytes(snapshot), None if state is None else bytes(state),
    )  # fmt: skip


_COLUMNS = (
    "id", "key", "allocation_key", "customer_key", "revision", "next_flip", "dirty_since", "is_over_cap",
    "needs_version", "snapshot", "state",
)  # fmt: skip


def _statement(connection: Any) -> str:
    quote = connection.ops.quote_name
    publication, identity, profile = (quote(model._meta.db_table) for model in (Publication, Identity, Profile))
    columns = ", ".join(f"p.{name}" for name in _COLUMNS)
    return (
        f"SELECT u.version, {columns} "  # noqa: S608 - our own tables and columns
        f"FROM {publication} u "
        f"LEFT JOIN {identity} i ON i.kind = %s AND i.value = %s "
        f"LEFT JOIN {profile} p ON p.id = i.profile_id WHERE u.id = 1"
    )
