"""The catalogue: every event we know, under all its names, with what rules may ask of it.

Pure: plain values in, plain values out. `Catalogue` holds a set of event types; the functions of
this module answer for the standard set. A shop's own events are added in `collect.events`, whose
`catalogue()` is what running code asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .event_type import COLUMN_KINDS, PROPERTY_COLUMNS, EventType, FilterField, Property
from .standard import STANDARD_EVENTS

__all__ = [
    "ANY",
    "EVENTS",
    "GROUPS",
    "STANDARD",
    "Catalogue",
    "EventType",
    "FilterField",
    "Property",
    "aggregate_fields",
    "canonical_name",
    "event_names",
    "event_type",
    "filter_fields",
    "find_problems",
]

ANY = "any"
EVENTS: dict[str, EventType] = {event.name: event for event in STANDARD_EVENTS}
GROUPS: dict[str, frozenset[str]] = {
    ANY: frozenset(EVENTS),
    "cart_changed": frozenset({"product_added", "product_removed", "cart_updated"}),
}

#: What every event has, whatever its properties: the moment's context.
_CONTEXT = (
    "channel", "campaign", "device", "country", "region", "language",
    "visit", "source", "local_hour", "local_weekday",
)  # fmt: skip
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Catalogue:
    """A set of event types. Groups hold the standard events; ``any`` also holds the shop's own."""

    def __init__(self, events: Mapping[str, EventType]) -> None:
        self.events = dict(events)
        self.groups = {**GROUPS, ANY: frozenset(self.events)}
        self._names = {_snake(alias): event.name for event in self.events.values() for alias in event.aliases}
        self._names |= {name: name for name in self.events}

    def event_type(self, name: str) -> EventType | None:
        """The event type of a canonical name."""
        return self.events.get(name)

    def canonical_name(self, raw: str) -> str | None:
        """The catalogue's name for an event: ``Order Completed`` and ``purchase`` are one."""
        return self._names.get(raw) or self._names.get(_snake(raw))

    def name_of(self, raw: Any) -> str:
        """The canonical name behind whatever somebody sent; empty where there is none."""
        return (self.canonical_name(raw) or "") if isinstance(raw, str) else ""

    def find(self, raw: Any) -> EventType | None:
        """The event type behind whatever somebody sent as its name."""
        return self.events.get(self.name_of(raw))

    def event_names(self, name: str) -> frozenset[str] | None:
        """The events behind a name that a rule may use; None means any event at all.

        An event's own name stands for itself. Raises `LookupError` for what is neither.
        """
        if name == ANY:
            return None
        if name in self.groups:
            return self.groups[name]
        if name in self.events:
            return frozenset({name})
        raise LookupError(name)

    def filter_fields(self, name: str) -> dict[str, FilterField]:
        """What a rule may ask of the events of a name, by the word it uses.

        Of a group: whatever one of its events has, but a measure only if all share it, because
        twenty seconds are not twenty percent.
        """
        members = self._members(name)
        columns = {*_CONTEXT, *(column for member in members for column in _columns_of(member))}
        fields = {column: FilterField(column, COLUMN_KINDS[column]) for column in COLUMN_KINDS if column in columns}
        for member in members:
            fields |= {label: FilterField(label, "label") for label in _labels_of(member)}
        measures = {member.measure for member in members}
        measure = measures.pop() if len(measures) == 1 else None
        return fields | ({measure: FilterField(measure, "measure")} if measure else {})

    def aggregate_fields(self, name: str) -> dict[str, FilterField]:
        """What a trait may aggregate over the events of a name: numbers and columns of text."""
        summable = {"number", "money", "measure", "text", "key"}
        hidden = {"local_hour", "local_weekday"}
        return {
            field.name: field
            for field in self.filter_fields(name).values()
            if field.kind in summable and field.name not in hidden
        }

    def _members(self, name: str) -> tuple[EventType, ...]:
        names = self.event_names(name)
        return tuple(event for event in self.events.values() if names is None or event.name in names)


def find_problems(own: Iterable[EventType]) -> Iterator[str]:
    """Why event types of a shop do not fit beside ours, one sentence each."""
    taken = {_snake(alias): event.name for event in STANDARD_EVENTS for alias in (event.name, *event.aliases)}
    for event in own:
        for name in (event.name, *event.aliases):
            if _snake(name) in taken or name in GROUPS:
                yield f"{name!r} already names {taken.get(_snake(name), 'a group of events')}: choose another name."
            taken[_snake(name)] = event.name
        if not _SNAKE_CASE.fullmatch(event.name):
            yield f"{event.name!r} is no name for an event: use a-z, 0-9 and _, beginning with a letter."
        yield from _problems_of(event)


def _problems_of(event: EventType) -> Iterator[str]:
    numbers = {prop.name for prop in event.properties if prop.kind == "number"}
    if event.measure is not None and event.measure not in numbers:
        yield f"{event.name!r} measures {event.measure!r}, which is none of its properties of kind number."
    if event.lines not in ("", event.name):
        yield f"{event.name!r} has lines {event.lines!r}: only its own name can stand there."
    unknown = set(event.value_from) - {prop.name for prop in event.properties if prop.kind in ("money", "products")}
    if unknown:
        yield f"{event.name!r} takes its value from {', '.join(sorted(unknown))}: name properties of kind money."
    for prop in event.properties:
        if (prop.column or prop.kind == "key") and PROPERTY_COLUMNS.get(prop.column) != prop.kind:
            yield f"{prop.name!r} of {event.name!r} is a {prop.kind}, which the column {prop.column!r} cannot keep."
        if prop.label in COLUMN_KINDS or (prop.label and prop.label == event.measure):
            yield f"{event.name!r} has the label {prop.label!r}, which is the name of a column: choose another."
        if prop.label and not _SNAKE_CASE.fullmatch(prop.label):
            yield f"{event.name!r} has the label {prop.label!r}: use a-z, 0-9 and _, beginning with a letter."


def _columns_of(event: EventType) -> set[str]:
    columns = {prop.column for prop in event.properties if prop.column}
    return columns | {"value"} if event.value_from else columns


def _labels_of(event: EventType) -> set[str]:
    return {prop.label for prop in event.properties if prop.label}


def _snake(raw: str) -> str:
    return _NOT_A_WORD.sub("_", raw.casefold()).strip("_")


#: The standard events alone.
STANDARD = Catalogue(EVENTS)
event_type = STANDARD.event_type
canonical_name = STANDARD.canonical_name
event_names = STANDARD.event_names
filter_fields = STANDARD.filter_fields
aggregate_fields = STANDARD.aggregate_fields
