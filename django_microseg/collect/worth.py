"""What an event is worth, and how many pieces it is about. Pure.

The catalogue says which amounts may be an event's value, best first; a list of products adds up
only when every price is known, because a sum with gaps looks like a figure and is none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .values import to_pieces

if TYPE_CHECKING:
    from .event_type import EventType
    from .reading import Reading

__all__ = ["pieces_of", "price_of", "worth_of"]

_ONE = Decimal(1)


def worth_of(event: EventType, reading: Reading) -> Decimal | None:
    """The event's value in units of its currency; None when it is not known."""
    for name in event.value_from:
        if name == "products":
            return _sum_of(reading.lines)
        if name == "price":
            return price_of(reading)
        if name in reading.amounts:
            return reading.amounts[name]
    return None


def price_of(reading: Reading) -> Decimal | None:
    """Price times quantity; one piece when no quantity is given."""
    price = reading.amounts.get("price")
    return None if price is None else price * (_ONE if reading.quantity is None else reading.quantity)


def pieces_of(reading: Reading, *, with_lines: bool = False) -> int | None:
    """Whole pieces: those of the event itself, or of its lines together."""
    if reading.quantity is not None:
        return to_pieces(reading.quantity)
    if not (with_lines and reading.lines):
        return None
    return sum(1 if line.quantity is None else to_pieces(line.quantity) for line in reading.lines)


def _sum_of(lines: list[Reading]) -> Decimal | None:
    amounts = [line.amounts.get("value", price_of(line)) for line in lines]
    if not amounts or None in amounts:
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
