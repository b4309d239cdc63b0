"""What comes off a cart, asked of the personalisation app: quoted, claimed by an order, given back.

Which offers there are, for whom and how much, is edited in the admin; the shop knows none of them. None of these calls
raises because of a fault over there: there is then simply nothing off.
"""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest

from django_microseg.api import Discounts, Refusal, claim_discounts, discounts_for, release_discounts

from .carts import cart_totals
from .models import CartLine, Order
from .prices import Totals

__all__ = ["Discounts", "claim", "give_back", "is_refused", "next_code", "quote", "totals_with"]

_NEXT_TIME = "THANKS5"


def quote(request: HttpRequest, lines: list[CartLine], *, email: str = "", code: str = "") -> Discounts:
    """What would come off these lines now. Uses nothing up."""
    return discounts_for(request, email=email, code=code, subtotal=cart_totals(lines).subtotal)


def claim(request: HttpRequest, *, number: str, email: str, code: str, subtotal: Decimal) -> Discounts:
    """What comes off an order, used up by it; inside the transaction that writes the order."""
    return claim_discounts(request, order_key=number, email=email, code=code, subtotal=subtotal)


def give_back(number: str) -> None:
    """An order was cancelled or refunded: what it had used may be used again."""
    release_discounts(number)


def is_refused(discounts: Discounts) -> bool:
    """Whether the code that was typed stands in the way. One that is left out for something better does not."""
    return discounts.refusal not in (Refusal.NONE, Refusal.ANOTHER_IS_BETTER)


def next_code(request: HttpRequest, order: Order) -> str:
    """The code that whoever placed this order may use with the next one; empty if they have used it."""
    return discounts_for(request, email=order.email, code=_NEXT_TIME, subtotal=order.subtotal).code


def totals_with(lines: list[CartLine], discounts: Discounts) -> Totals:
    return cart_totals(lines, discount=discounts.total.amount)
