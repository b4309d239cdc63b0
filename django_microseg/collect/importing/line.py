"""One line of a file of orders, read, and what became of the lines of one order. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from ..incoming import IncomingEvent

__all__ = ["Gathered", "Line", "Numbered", "RowError", "pack", "unpack"]


class Line(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A line of an order. Missing text is ``""``; ``more`` holds what else a line may say."""

    order_id: str
    customer_id: str
    time: dt.datetime
    sku: str = ""
    name: str = ""
    quantity: int | Decimal | None = None
    price: Decimal | None = None
    currency: str = ""
    country: str = ""
    more: dict[str, str] = {}


#: A line with its row's number.
Numbered = tuple[int, Line]


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that could not be imported: its number, a code, a sentence, and what it is about."""

    row: int
    reason: str
    detail: str
    about: str = ""


@dataclass(slots=True)
class Gathered:
    """The lines of one order together: its event if there is one, and what each line counts as.

    ``lines`` sums up to the number of lines and ``found`` to one; ``notes`` is what is worth
    knowing besides, ``codes`` counts products that are none.
    """

    event: IncomingEvent | None = None
    lines: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Line).decode
