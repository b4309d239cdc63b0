"""How an event stands in the line: one line of ASCII JSON, from which the very same event is read again.

Pure. What JSON has no word for (Decimal, times, UUIDs, sets) is kept as a tagged text under a key that no
event may have, because it holds a NUL. Raises `Unwritable` and `Unreadable`, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from ..incoming import IncomingEvent, WaitedEvent
from ..validate import Terms

__all__ = ["Entry", "Unreadable", "Unwritable", "dump", "load"]

_VERSION = 1
_TAG = "\x00"
_FIELDS = tuple(IncomingEvent.__dataclass_fields__)


class Unwritable(ValueError):
    """The event holds something that could not be read again as it was."""


class Unreadable(ValueError):
    """This is no entry of ours, or one of a version that this process does not know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in line, and the terms on which it came in."""

    item: WaitedEvent
    source: str
    basis: str
    is_public: bool


def dump(item: IncomingEvent, terms: Terms) -> str:
    """The line of an event that was judged by these terms and is good."""
    given = {name: value for name in _FIELDS if (value := getattr(item, name)) not in ("", None)}
    head = [_VERSION, terms.source, item.basis or terms.basis, terms.is_public, terms.received_at]
    try:
        return json.dumps([*head, given], default=_tagged, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Unwritable(str(error)) from error


def load(line: str | bytes) -> Entry:
    """The entry of a line."""
    try:
        version, source, basis, is_public, arrived_at, given = json.loads(line, object_hook=_untagged)
        if version != _VERSION:
            raise Unreadable(f"An entry of version {version!r}: this process knows version {_VERSION}.")
        item = WaitedEvent(**given, arrived_at=int(arrived_at))
    except (TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(f"No entry that can be read: {type(error).__name__}.") from error
    return Entry(item, str(source), str(basis), is_public is True)


def _tagged(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    for kind, (mark, write, _) in _KINDS.items():
        if isinstance(value, kind):
            return {_TAG + mark: write(value)}
    raise TypeError(f"{type(value).__name__} cannot wait in line.")


def _untagged(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        (key, value), *_ = found.items()
        if key.startswith(_TAG):
            return _READ[key[1:]](value) if key[1:] in _READ else _unknown(key)
    return found


def _unknown(key: str) -> Any:
    raise ValueError(f"unknown tag {key!r}")


def _in_order(values: Any) -> list[Any]:
    return sorted(values, key=str)


#: A datetime is a date too, so it stands first.
_KINDS: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    Decimal: ("decimal", str, Decimal),
    dt.datetime: ("datetime", dt.datetime.isoformat, dt.datetime.fromisoformat),
    dt.date: ("date", dt.date.isoformat, dt.date.fromisoformat),
    dt.time: ("time", dt.time.isoformat, dt.time.fromisoformat),
    UUID: ("uuid", str, UUID),
    set: ("set", _in_order, set),
    frozenset: ("set", _in_order, set),
}
_READ = {mark: read for mark, _, read in _KINDS.values()}
