"""Made-up events that pass given filters, to try out what a few more of them would change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any
from uuid import uuid4

from ...collect.record import EventRecord, label_text
from ...profile.traits.columns import column_of
from ...profile.traits.definition import Stream, Test
from ...profile.traits.match import literals_of, names_of

__all__ = ["event_of", "said_by"]

#: Events of a group or of any name are tried with one of these.
_SAMPLES = {"any": "product_viewed", "cart_changed": "product_added"}


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
        value = _passing(test, literals_of(test, column, minor_exponent))
        if column is None:
            labels.setdefault(test.field, []).append(str(value))
        else:
            given[column.attribute] = value
    names = names_of(stream.event)
    name = _SAMPLES.get(stream.event) or min(names or {stream.event})
    record = EventRecord(now, "~explain", uuid4().hex, 0, name, labels=label_text(labels))
    return replace(record, **{**given, **columns})


def said_by(stream: Stream) -> str:
    """The event's name with its filter, as the rule's text has it."""
    tests = ", ".join(f"{test.field} {test.op} {', '.join(map(str, test.values))}" for test in stream.where)
    return f"{stream.event} ({tests})" if tests else stream.event


def _passing(test: Test, values: list[Any]) -> Any:
    """A value that passes the test."""
    if test.op in ("eq", "in"):
        return next(iter(values))
    if test.op in ("ge", "between"):
        return _whole(values[0], up=True)
    if test.op == "le":
        return _whole(values[0], up=False)
    if isinstance(values[0], str):
        return "another " + "".join(values)[:20]
    return max(int(value) for value in values) + 1


def _whole(value: Any, *, up: bool) -> Any:
    if not isinstance(value, Fraction):
        return value
    return ceil(value) if up else floor(value)
