"""When an order stops counting: it was cancelled, or paid back in full.

Pure. An order is voided at the instant of its first cancellation, or of the refund with which the
refunds in the order's currency reach its value; a refund without an amount is one of everything.
All of them are looked at together each time, so the order of their arrival does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["CANCELLATION", "ORDER", "REFUND", "VOIDING", "OrderEvent", "voided_at"]

ORDER = "order_completed"
CANCELLATION = "order_cancelled"
REFUND = "order_refunded"
#: The events that decide whether an order counts.
VOIDING = frozenset({ORDER, CANCELLATION, REFUND})


class OrderEvent(NamedTuple):
    """An order, a cancellation or a refund; sorts in the order of events."""

    occurred_at: int
    source: str
    message_hash: str
    name: str
    value_minor: int | None
    currency: str
    voided_at: int | None


def voided_at(order: OrderEvent, undoings: Iterable[OrderEvent]) -> int | None:
    """The instant from which an order does not count, by the cancellations and refunds naming it."""
    paid_back = 0
    for undoing in sorted(undoings, key=lambda event: event[:3]):
        if undoing.name == CANCELLATION or undoing.value_minor is None:
            return undoing.occurred_at
        if undoing.currency == order.currency and order.value_minor is not None:
            paid_back += undoing.value_minor
            if paid_back >= order.value_minor:
                return undoing.occurred_at
    return None
