"""Events of orders, cancellations and refunds. Only the shop itself sends them. Pure data."""

from __future__ import annotations

from functools import partial

from ..event_properties import ORDER, ORDER_IF_KNOWN, PRODUCT
from ..event_type import EventType, Property

__all__ = ["ORDERS"]

#: An order may have hundreds of lines.
_MAX_BYTES = 512 * 1024
_VALUE = ("revenue", "subtotal", "value", "total", "products")
_AMOUNT = Property("amount", "money", "what was paid back; the whole order when no amount is given")
_order = partial(EventType, topic="orders", is_immediate=True, max_bytes=_MAX_BYTES)


ORDERS = (
    _order(
        "order_completed",
        "An order was placed.",
        ORDER,
        value_from=_VALUE,
        lines="product_purchased",
        aliases=("purchase", "completed_order"),
    ),
    _order("order_updated", "An order was changed.", ORDER, value_from=_VALUE, aliases=("updated_order",)),
    _order(
        "order_cancelled",
        "An order was cancelled: from then on it does not count.",
        ORDER_IF_KNOWN,
        value_from=_VALUE,
        aliases=("order_canceled", "cancelled_order"),
    ),
    _order(
        "order_refunded",
        "Money was paid back, all of an order or a part of it.",
        (_AMOUNT, *ORDER_IF_KNOWN),
        value_from=("amount", *_VALUE),
        aliases=("refund", "refunded_order"),
    ),
    EventType(
        "product_purchased",
        "A line of an order; we make it from the order.",
        (ORDER[0], *PRODUCT),
        topic="orders",
        value_from=("price",),
        is_derived=True,
    ),
)
