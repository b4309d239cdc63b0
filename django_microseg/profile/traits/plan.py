"""What a profile's state must keep so that every active rule can be answered at any later time.

Conditions ask for traits; this module turns them into a short list of `Store`s, each over one
stream of events. Nothing in a store ages: a store keeps the last k timestamps instead of a
counter per window, so the same state answers for any later ``now``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .columns import Column, column_of
from .definition import SHARES, TIME_SINCE, After, Stream, Trait
from .match import names_of

__all__ = ["ORDER", "REFUND", "Plan", "Store", "make_plan", "recent_for", "stores_for"]

ORDER = "order_completed"
REFUND = "order_refunded"


@dataclass(frozen=True, slots=True)
class Store:
    """One thing kept about one stream.

    ========= =============================================== ==========================
    kind      record                                          answers
    ========= =============================================== ==========================
    recent    last ``depth`` times                            at least k, time since
    total     count, first, last, and of the column: known,   all-time figures
              sum, min, max
    tally     column value -> count                           all-time top and distinct
    lastby    column value -> last time                       distinct in a "last N" window
    edge      first and last (time, column value)             all-time first and last
    log       times, column values[, order keys]              everything else
    refunds   order key -> sum refunded                       order values
    ========= =============================================== ==========================

    ``span`` is how long an entry can matter, in milliseconds; None means for ever. ``since`` names
    a stream whose events make older entries worthless.
    """

    kind: str
    stream: Stream
    column: str = ""
    since: Stream | None = None
    depth: int = 0
    span: int | None = None

    @property
    def identity(self) -> tuple[str, Stream, str, Stream | None]:
        return (self.kind, self.stream, self.column, self.since)

    @property
    def is_order_value(self) -> bool:
        """Whether it keeps what orders were worth, so that refunds must find them by key."""
        return self.kind == "log" and self.column == "value" and _has_orders(self.stream)


@dataclass(frozen=True, slots=True)
class Plan:
    """The stores of a state in their order, with a digest that a stored state must match."""

    stores: tuple[Store, ...]
    facts: tuple[str, ...]
    version: str
    index: dict[tuple[str, Stream, str, Stream | None], int]

    def position(self, store: Store) -> int:
        return self.index[store.identity]


def recent_for(trait: Trait, depth: int) -> Store:
    """The store that answers "at least ``depth`` events" for a window that reaches up to now."""
    return Store("recent", trait.stream, "", trait.window.since, depth, trait.window.oldest)


def is_refundable(trait: Trait) -> bool:
    """Whether the trait sums up what orders were worth, so that refunds take part."""
    return trait.field == "value" and trait.aggregate in ("sum", "avg", "min", "max") and _has_orders(trait.stream)


def _has_orders(stream: Stream) -> bool:
    names = names_of(stream.event)
    return names is None or ORDER in names


def column_name(trait: Trait) -> str:
    """The attribute of `EventRecord` that the trait aggregates, or ``""``."""
    if trait.aggregate == "active_days":
        return "local_date"
    if trait.aggregate == "active_weeks":
        return "local_week"
    column: Column | None = column_of(trait.field) if trait.field else None
    return column.attribute if column else ""


def stores_for(trait: Trait) -> tuple[Store, ...]:
    """The stores that a trait is read from, main store first."""
    window, stream, aggregate = trait.window, trait.stream, trait.aggregate
    extra = (Store("recent", window.since, depth=1),) if window.since else ()
    if aggregate in TIME_SINCE and window.newest == 0:
        return (Store("recent", stream, "", window.since, 1, window.oldest), *extra)
    kind, column = _kind(trait), column_name(trait)
    if is_refundable(trait):
        refunds = Store("refunds", Stream(REFUND))
        return (Store("log", stream, "value", window.since, 0, window.oldest), refunds, *extra)
    if aggregate in SHARES:
        whole, part = share_streams(trait)
        return (
            Store(kind, part, "", window.since, 0, window.oldest),
            Store(kind, whole, "", window.since, 0, window.oldest),
            *extra,
        )
    return (Store(kind, stream, column, window.since, 0, window.oldest), *extra)


def share_streams(trait: Trait) -> tuple[Stream, Stream]:
    """The whole and the part of a share."""
    if trait.aggregate == "share":
        part = replace(trait.stream, where=trait.stream.where + trait.part)
        return trait.stream, part
    return replace(trait.stream, after=None), trait.stream


def _kind(trait: Trait) -> str:
    window, aggregate = trait.window, trait.aggregate
    is_distinct = aggregate in ("distinct", "active_days", "active_weeks")
    if window.since or window.newest:
        return "log"
    if window.oldest is not None:
        return "lastby" if is_distinct else "log"
    if is_distinct or aggregate == "top":
        return "tally"
    return "edge" if aggregate in ("first", "last") else "total"


def make_plan(stores: Iterable[Store], facts: Iterable[str]) -> Plan:
    """Merge the stores that conditions ask for into one state layout."""
    merged: dict[tuple[str, Stream, str, Stream | None], Store] = {}
    for store in _with_dependencies(stores):
        known = merged.get(store.identity)
        merged[store.identity] = store if known is None else _widest(known, store)
    ordered = tuple(sorted(merged.values(), key=repr))
    names = tuple(sorted(set(facts)))
    digest = hashlib.blake2b(repr((ordered, names)).encode(), digest_size=16).hexdigest()
    return Plan(ordered, names, digest, {s.identity: i for i, s in enumerate(ordered)})


def _with_dependencies(stores: Iterable[Store]) -> Iterator[Store]:
    """A stream kept only after another event needs the last time of that other event."""
    for store in stores:
        yield store
        for stream in (store.stream, store.since):
            if stream and stream.after:
                yield Store("recent", after_stream(stream.after), depth=1)
        if store.since:
            yield Store("recent", store.since, depth=1)


def after_stream(after: After) -> Stream:
    """The stream of the events that must (not) come before."""
    return Stream(after.event, after.where)


def _widest(one: Store, other: Store) -> Store:
    span = None if one.span is None or other.span is None else max(one.span, other.span)
    return replace(one, depth=max(one.depth, other.depth), span=span)
