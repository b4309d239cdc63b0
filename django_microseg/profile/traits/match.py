"""Filters: does one past event pass a stream's tests? The Python side; `profile.scan` has the SQL.

A test on a missing property does not hold, also not its negation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...collect.catalogue import GROUPS
from ...collect.record import LABEL_END, EventRecord
from .columns import Column, column_of
from .definition import Number, Test

__all__ = ["Predicate", "label_needle", "literals_of", "make_predicate", "names_of", "scale_of"]

Predicate = Callable[[EventRecord], bool]


def names_of(event: str) -> frozenset[str] | None:
    """The event names behind a name or group; None means every event."""
    if event == "any":
        return None
    return GROUPS.get(event, frozenset((event,)))


def scale_of(column: Column | None, minor_exponent: int) -> int:
    """By what a literal of a rule is multiplied to be in the column's stored unit."""
    if column is None:
        return 1
    return {"money": int(10**minor_exponent), "measure": 1000}.get(column.kind, 1)


def literals_of(test: Test, column: Column | None, minor_exponent: int) -> list[Any]:
    """The test's values as they stand in the column: text folded, numbers in stored units."""
    scale = scale_of(column, minor_exponent)
    return [_literal(value, column, scale) for value in test.values]


def _literal(value: str | Number, column: Column | None, scale: int) -> Any:
    if isinstance(value, str):
        return value if column is not None and column.kind == "key" else value.casefold()
    scaled = value * scale
    return int(scaled) if scaled == int(scaled) else scaled


def label_needle(field: str, value: str) -> str:
    """The exact text that a label occupies inside `EventRecord.labels`."""
    folded = value.casefold().replace(LABEL_END, " ").strip()
    return f"{LABEL_END}{field.casefold()}={folded}{LABEL_END}"


def make_predicate(tests: tuple[Test, ...], minor_exponent: int) -> Predicate | None:
    """One function that tells whether an event passes all tests; None if there are none."""
    parts = [_one(test, minor_exponent) for test in tests]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    return lambda record: all(part(record) for part in parts)


def _one(test: Test, minor_exponent: int) -> Predicate:
    column = column_of(test.field, test.values)
    if column is None:
        return _label_test(test)
    values = literals_of(test, column, minor_exponent)
    name, op = column.attribute, test.op
    missing: Any = "" if column.is_text else None
    if op in ("eq", "in"):
        allowed = frozenset(values)
        return lambda record: getattr(record, name) in allowed and getattr(record, name) != missing
    if op in ("ne", "not_in"):
        refused = frozenset((*values, missing))
        return lambda record: getattr(record, name) not in refused
    low, high = _bounds(op, values)
    return lambda record: _within(getattr(record, name), low, high)


def _bounds(op: str, values: list[Any]) -> tuple[Any, Any]:
    if op == "between":
        return values[0], values[1]
    return (values[0], None) if op == "ge" else (None, values[0])


def _within(value: Any, low: Any, high: Any) -> bool:
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _label_test(test: Test) -> Predicate:
    needles = [label_needle(test.field, str(value)) for value in test.values]
    if test.op in ("eq", "in"):
        return lambda record: any(needle in record.labels for needle in needles)
    present = f"{LABEL_END}{test.field.casefold()}="
    return lambda record: present in record.labels and not any(needle in record.labels for needle in needles)
