"""The fold: a profile's events, one by one, into its state.

Live, one event is applied to the stored state and no other event is read. An arrival out of order
is applied too wherever order does not matter; where it does, `apply` says so and the caller folds
the profile anew from the table.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ...collect.record import EventRecord, order_key_of
from .match import Predicate, make_predicate, names_of
from .plan import ORDER, REFUND, Plan, Store, after_stream
from .state import FactRow, State

__all__ = ["NEVER", "Folder"]

#: Earlier than any instant.
NEVER = -(1 << 62)

Adder = Callable[[list[Any], EventRecord], bool]
Getter = Callable[[EventRecord], Any]


class _After(NamedTuple):
    position: int
    within: int
    is_negated: bool


class _Route(NamedTuple):
    """What to do with events of one stream."""

    predicate: Predicate | None
    after: _After | None
    is_order_sensitive: bool
    adders: tuple[Adder, ...]


class Folder:
    """Applies events to states of one plan."""

    def __init__(self, plan: Plan, minor_exponent: int) -> None:
        self.plan = plan
        self._minor_exponent = minor_exponent
        self._routes: dict[str, tuple[_Route, ...]] = {}
        self._after_streams = {
            after_stream(stream.after)
            for store in plan.stores
            for stream in (store.stream, store.since)
            if stream and stream.after
        }

    def empty(self, now: int, facts: dict[str, list[FactRow]] | None = None) -> State:
        """The state of somebody without events."""
        return State(now, (NEVER, "", "", 0), None, facts or {}, self._blank())

    def build(
        self,
        events: Iterable[EventRecord],
        now: int,
        facts: dict[str, list[FactRow]] | None = None,
    ) -> State:
        """Fold all events of a profile, given in the order of events, as they count at ``now``."""
        state = self.empty(now, facts)
        ends: list[int] = []
        for event in events:
            if event.occurred_at > now:
                ends.append(event.occurred_at)
            elif event.voided_at is None or event.voided_at > now:
                if event.voided_at is not None:
                    ends.append(event.voided_at)
                self.apply(state, event)
        state.valid_until = min(ends, default=None)
        self.trim(state, now)
        return state

    def apply(self, state: State, event: EventRecord) -> bool:
        """Take in one event. False: the order matters here, fold the profile anew."""
        key = order_key_of(event)
        is_late = key <= state.last_key
        records, moment = state.records, event.occurred_at
        chosen = [
            route
            for route in self._routes_of(event.name)
            if (route.predicate is None or route.predicate(event))
            and (route.after is None or _follows(route.after, records, moment))
        ]
        if is_late:
            if self._is_order_sensitive(event):
                return False
            if not all(adder(records, event) for route in chosen for adder in route.adders):
                return False
        else:
            for route in chosen:
                for adder in route.adders:
                    adder(records, event)
            state.last_key = key
        state.as_of = max(state.as_of, moment)
        return True

    def trim(self, state: State, now: int) -> int:
        """Drop what can never matter again; returns how many entries are left."""
        entries = 0
        for store, record in zip(self.plan.stores, state.records, strict=True):
            floor = now - store.span if store.span is not None else NEVER
            if store.since is not None:
                last = state.records[self.plan.position(Store("recent", store.since))]
                floor = max(floor, last[-1] if last else NEVER)
            entries += _trim(store, record, floor)
        return entries

    def _is_order_sensitive(self, event: EventRecord) -> bool:
        return any(
            route.is_order_sensitive and (route.predicate is None or route.predicate(event))
            for route in self._routes_of(event.name)
        )

    def _routes_of(self, name: str) -> tuple[_Route, ...]:
        routes = self._routes.get(name)
        if routes is None:
            routes = self._routes[name] = self._make_routes(name)
        return routes

    def _make_routes(self, name: str) -> tuple[_Route, ...]:
        by_stream: dict[Any, list[Adder]] = {}
        for position, store in enumerate(self.plan.stores):
            names = names_of(store.stream.event)
            if names is None or name in names:
                by_stream.setdefault(store.stream, []).append(_adder(store, position))
        return tuple(
            _Route(
                make_predicate(stream.where, self._minor_exponent),
                self._after(stream),
                stream.after is not None or stream in self._after_streams,
                tuple(adders),
            )
            for stream, adders in by_stream.items()
        )

    def _after(self, stream: Any) -> _After | None:
        if stream.after is None:
            return None
        position = self.plan.position(Store("recent", after_stream(stream.after)))
        return _After(position, stream.after.within, stream.after.is_negated)

    def _blank(self) -> list[Any]:
        return [_BLANK[store.kind](store) for store in self.plan.stores]


_BLANK: dict[str, Callable[[Store], Any]] = {
    "recent": lambda store: [],
    "total": lambda store: [0, None, None, 0, 0, None, None],
    "tally": lambda store: {},
    "lastby": lambda store: {},
    "edge": lambda store: [],
    "log": lambda store: [[], [], []],
    "refunds": lambda store: {},
}


def _follows(after: _After, records: list[Any], moment: int) -> bool:
    times = records[after.position]
    return bool(times and times[-1] > moment - after.within) is not after.is_negated


def _getter(store: Store) -> Getter:
    if store.column == "local_week":
        return lambda event: None if event.local_date is None else (event.local_date + 3) // 7
    name = store.column
    return lambda event: getattr(event, name)


def _adder(store: Store, position: int) -> Adder:
    """How an event enters the record of a store; False where its order among others matters."""
    if store.kind == "recent":
        return _recent_adder(position, store.depth)
    if store.kind == "refunds":
        return _refund_adder(position)
    if not store.column:
        return _times_adder(position) if store.kind == "log" else _counting_adder(position)
    if store.is_order_value:
        return _log_adder(position, _getter(store), keeps_orders=True)
    return _COLUMN_ADDERS[store.kind](position, _getter(store))


def _recent_adder(position: int, depth: int) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        times = records[position]
        insort(times, event.occurred_at)
        if len(times) > depth:
            del times[0]
        return True

    return add


def _times_adder(position: int) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        insort(records[position][0], event.occurred_at)
        return True

    return add


def _counting_adder(position: int) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        record, moment = records[position], event.occurred_at
        record[0] += 1
        record[1] = moment if record[1] is None else min(record[1], moment)
        record[2] = moment if record[2] is None else max(record[2], moment)
        return True

    return add


def _refund_adder(position: int) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        if event.name == REFUND and event.order_key and event.value is not None:
            refunds = records[position]
            refunds[event.order_key] = refunds.get(event.order_key, 0) + event.value
        return True

    return add


def _total_adder(position: int, get: Getter) -> Adder:
    count = _counting_adder(position)

    def add(records: list[Any], event: EventRecord) -> bool:
        count(records, event)
        value, record = get(event), records[position]
        if value is not None:
            record[3] += 1
            record[4] += value
            record[5] = value if record[5] is None else min(record[5], value)
            record[6] = value if record[6] is None else max(record[6], value)
        return True

    return add


def _tally_adder(position: int, get: Getter) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        value = get(event)
        if value not in ("", None):
            tally = records[position]
            tally[value] = tally.get(value, 0) + 1
        return True

    return add


def _lastby_adder(position: int, get: Getter) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        value = get(event)
        if value not in ("", None):
            last = records[position]
            last[value] = max(last.get(value, NEVER), event.occurred_at)
        return True

    return add


def _edge_adder(position: int, get: Getter) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        value, moment, record = get(event), event.occurred_at, records[position]
        if value in ("", None):
            return True
        if not record:
            record[:] = [moment, value, moment, value]
        elif moment < record[0]:
            record[:2] = [moment, value]
        elif moment > record[2]:
            record[2:] = [moment, value]
        else:
            is_tied_last = moment == record[2]
            if is_tied_last:
                record[2:] = [moment, value]
            return not is_tied_last and moment != record[0]
        return True

    return add


def _log_adder(position: int, get: Getter, *, keeps_orders: bool = False) -> Adder:
    def add(records: list[Any], event: EventRecord) -> bool:
        value, moment = get(event), event.occurred_at
        if value in ("", None):
            return True
        times, values, orders = records[position]
        at = bisect_right(times, moment)
        is_tied = bool(at and times[at - 1] == moment)
        times.insert(at, moment)
        values.insert(at, value)
        if keeps_orders:
            orders.insert(at, event.order_key if event.name == ORDER else "")
        return not is_tied

    return add


_COLUMN_ADDERS: dict[str, Callable[[int, Getter], Adder]] = {
    "total": _total_adder,
    "tally": _tally_adder,
    "lastby": _lastby_adder,
    "edge": _edge_adder,
    "log": _log_adder,
}


def _trim(store: Store, record: Any, floor: int) -> int:
    """Drop entries at or before ``floor``; how many entries are left."""
    if store.kind == "recent":
        del record[: bisect_right(record, floor)]
    elif store.kind == "log":
        for column in record[1:]:
            del column[: bisect_right(record[0], floor) if column else 0]
        del record[0][: bisect_right(record[0], floor)]
        return len(record[0])
    elif store.kind == "lastby":
        for value in [value for value, last in record.items() if last <= floor]:
            del record[value]
    return len(record)
