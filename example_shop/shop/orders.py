"""Orders: from cart to order, and back again by cancelling or refunding. Stock moves in the same transaction as the
order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import F

from .carts import cart_totals, lines_of
from .discounts import Discounts, give_back
from .models import Cart, CartLine, Order, OrderLine, Product

__all__ = [
    "CANCEL_WITHIN",
    "REFUND_WITHIN",
    "CannotPlaceOrder",
    "DiscountGone",
    "Recipient",
    "cancel_order",
    "may_cancel",
    "may_refund",
    "place_order",
    "refund_order",
]

CANCEL_WITHIN = timedelta(hours=24)
REFUND_WITHIN = timedelta(days=60)


class CannotPlaceOrder(Exception):
    """The order cannot be placed as it stands; the message says why and what to do."""


class DiscountGone(CannotPlaceOrder):
    """It would cost more than the page has said."""


#: Claims what comes off an order, given its number and what the goods cost.
Claim = Callable[[str, Decimal], Discounts]


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    full_name: str
    address: str
    town: str
    postcode: str
    country: str


def _take_stock(lines: list[CartLine]) -> None:
    """Take every line from the stock, always in the same order of products, or raise and take none (the transaction
    undoes it).
    """
    for line in sorted(lines, key=lambda line: line.product_id):
        is_taken = Product.objects.filter(pk=line.product_id, stock__gte=line.quantity).update(
            stock=F("stock") - line.quantity
        )
        if not is_taken:
            raise CannotPlaceOrder(
                f"{line.product.name} was bought by someone else in the meantime. "
                "Please change its quantity in the cart."
            )


def place_order(
    cart: Cart, user: User | AnonymousUser, recipient: Recipient, *, claim: Claim, quoted: Decimal, now: datetime
) -> Order:
    """Turn the cart into an order and empty it. Raises CannotPlaceOrder for an empty cart or missing stock, and
    DiscountGone if less can be claimed than was quoted; then nothing has happened.
    """
    with transaction.atomic():
        lines = lines_of(cart)
        # Who deletes the lines owns the order: of two submits at the same moment the second finds nothing to delete.
        deleted, _ = CartLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
        if not lines or deleted != len(lines):
            raise CannotPlaceOrder("Your cart is empty. If you just ordered, the order is in your account.")
        _take_stock(lines)
        order = _write_order(lines, user, recipient, now)
        _reduce(order, claim, quoted)
        cart.delete()
    return order


def _write_order(lines: list[CartLine], user: User | AnonymousUser, recipient: Recipient, now: datetime) -> Order:
    totals = cart_totals(lines)
    order = Order.objects.create(
        number=uuid4().hex[:20],
        user_id=user.pk if user.is_authenticated else None,
        email=recipient.email,
        full_name=recipient.full_name,
        address=recipient.address,
        town=recipient.town,
        postcode=recipient.postcode,
        country=recipient.country,
        placed_at=now,
        subtotal=totals.subtotal,
        delivery=totals.delivery,
        total=totals.total,
    )
    order.number = f"M{100_000 + order.pk}"
    order.save(update_fields=["number"])
    OrderLine.objects.bulk_create(_line_of(order, line) for line in lines)
    return order


def _reduce(order: Order, claim: Claim, quoted: Decimal) -> None:
    """Take off what can be claimed; never less than the page had said."""
    claimed = claim(order.number, order.subtotal)
    order.discount = claimed.total.amount
    if order.discount < quoted:
        raise DiscountGone("Your discount has just been used by another order of yours.")
    order.coupon, order.total = claimed.code, order.total - order.discount
    order.save(update_fields=["discount", "coupon", "total"])


def _line_of(order: Order, line: CartLine) -> OrderLine:
    return OrderLine(
        order=order,
        product=line.product,
        product_slug=line.product.slug,
        name=line.product.name,
        category=line.product.category.slug,
        brand=line.product.brand.name,
        size=line.size,
        colour=line.colour,
        price=line.product.price,
        quantity=line.quantity,
    )


def may_cancel(order: Order, now: datetime) -> bool:
    """Until it is packed, a day after it was placed."""
    return order.status == Order.Status.PLACED and now - order.placed_at < CANCEL_WITHIN


def may_refund(order: Order, now: datetime) -> bool:
    """Once it is on its way, for sixty days."""
    return order.status == Order.Status.PLACED and CANCEL_WITHIN <= now - order.placed_at < REFUND_WITHIN


def _undo(order: Order, status: Order.Status) -> bool:
    with transaction.atomic():
        is_ours = Order.objects.filter(pk=order.pk, status=Order.Status.PLACED).update(status=status)
        if not is_ours:
            return False
        taken = order.lines.exclude(product=None).order_by("product_id").values_list("product_id", "quantity")
        for product_id, quantity in taken:
            Product.objects.filter(pk=product_id).update(stock=F("stock") + quantity)
        give_back(order.number)
    order.status = status
    return True


def cancel_order(order: Order, now: datetime) -> bool:
    """Cancel it if that is still possible; returns whether this call did it."""
    return may_cancel(order, now) and _undo(order, Order.Status.CANCELLED)


def refund_order(order: Order, now: datetime) -> bool:
    """Take it back and return the money; returns whether this call did it."""
    return may_refund(order, now) and _undo(order, Order.Status.REFUNDED)
