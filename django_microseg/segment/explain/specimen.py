"""Made-up events that pass given filters, to try out what a few more of them would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import count
from math import ceil, floor
from typing import Any
from uuid import uuid4

from ...collect.models import Event
from ...collect.record import EventRecord, label_text
from ...profile.traits.columns import column_of
from ...profile.traits.definition import Stream, Test
from ...profile.traits.match import literals_of, names_of

__all__ = ["OTHER_THAN", "event_of", "said_by", "texts_other_than"]

#: Events of a group or of any name are tried with one of these.
_SAMPLES = {"any": "product_viewed", "cart_changed": "product_added"}
#: What stands before a text to say that it must be any other one.
OTHER_THAN = "other than "
#: Columns no wider than this take codes alone.
_ROOMY = 12


def event_of(stream: Stream, now: int, minor_exponent: int, zone: dt.tzinfo, **columns: Any) -> EventRecord:
    """An event that belongs to the stream (but for what must come before it), at ``now``."""
    local = dt.datetime.fromtimestamp(now / 1000, zone)
    given: dict[str, Any] = {
        "local_hour": local.hour,
        "local_weekday": local.weekday(),
        "local_date": now // 86_400_000,
    }
    labels: dict[str, list[str]] = {}
    for test in stream.where:
        column = column_of(test.field, test.values)
        attribute = None if column is None else column.attribute
        value = _passing(test, literals_of(test, column, minor_exponent), attribute)
        if column is None:
            labels.setdefault(test.field, []).append(str(value))
        else:
            given[column.attribute] = value
    names = names_of(stream.event)
    name = _SAMPLES.get(stream.event) or min(names or {stream.event})
    record = EventRecord(now, "~explain", uuid4().hex, 0, name, labels=label_text(labels))
    return replace(record, **{name: _that_fits(name, value) for name, value in {**given, **columns}.items()})


def said_by(stream: Stream) -> str:
    """The event's name with its filter, as the rule's text has it."""
    tests = ", ".join(f"{test.field} {test.op} {', '.join(map(str, test.values))}" for test in stream.where)
    return f"{stream.event} ({tests})" if tests else stream.event


def texts_other_than(values: Iterable[str], attribute: str | None) -> Iterator[str]:
    """Made-up texts, none of them among these, each short enough for the event's column of this name."""
    taken = {value.casefold() for value in values}
    room = None if attribute is None else _room_of(attribute)
    for number in count():
        text = f"another {number}" if room is None or room > _ROOMY else _letters(number)
        if text not in taken:
            yield text


def _that_fits(attribute: str, value: Any) -> Any:
    """The value, or if its column has no room for it another text, as no real event can say it either."""
    room = _room_of(attribute) if isinstance(value, str) else None
    if room is None or len(value) <= room:
        return value
    return next(texts_other_than([value.removeprefix(OTHER_THAN)], attribute))


def _room_of(attribute: str) -> int | None:
    room: int | None = getattr(Event._meta.get_field(attribute), "max_length", None)
    return room


def _letters(number: int) -> str:
    """``aa``, ``ab``, …, as codes of countries and currencies are."""
    first, last = divmod(number, 26)
    return chr(ord("a") + first % 26) + chr(ord("a") + last)


def _passing(test: Test, values: list[Any], attribute: str | None) -> Any:
    """A value that passes the test."""
    if test.op in ("eq", "in"):
        return next(iter(values))
    if test.op in ("ge", "between"):
        return _whole(values[0], up=True)
    if test.op == "le":
        return _whole(values[0], up=False)
    if isinstance(values[0], str):
        return next(texts_other_than(values, attribute))
    return max(int(value) for value in values) + 1


def _whole(value: Any, *, up: bool) -> Any:
    if not isinstance(value, Fraction):
        return value
    return ceil(value) if up else floor(value)
