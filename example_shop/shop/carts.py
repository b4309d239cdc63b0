"""Carts: finding the visitor's cart, changing it, keeping it at login. Reading never writes, and never starts a
session.
"""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest

from .models import Cart, CartLine, Product
from .prices import Totals, totals_of

__all__ = [
    "MOST_OF_ONE_THING",
    "add_to_cart",
    "cart_of",
    "cart_totals",
    "change_quantity",
    "count_in_cart",
    "keep_cart_at_login",
    "lines_of",
    "open_cart",
]

SESSION_NAME = "shop_cart"
MOST_OF_ONE_THING = 10


def cart_of(request: HttpRequest) -> Cart | None:
    """The visitor's cart as it is, or None."""
    if request.user.is_authenticated:
        return Cart.objects.filter(user_id=request.user.pk).first()
    key = request.session.get(SESSION_NAME)
    return Cart.objects.filter(session_key=key, user=None).first() if key else None


def open_cart(request: HttpRequest) -> Cart:
    """The visitor's cart; a new one if there is none yet."""
    if request.user.is_authenticated:
        return Cart.objects.get_or_create(user_id=request.user.pk)[0]
    key = request.session.setdefault(SESSION_NAME, secrets.token_urlsafe(24))
    return Cart.objects.get_or_create(session_key=key)[0]


def count_in_cart(request: HttpRequest) -> int:
    """How many things lie in the cart; one query at most, none for a visitor without a session."""
    lines = CartLine.objects.all()
    if request.user.is_authenticated:
        lines = lines.filter(cart__user_id=request.user.pk)
    elif key := request.session.get(SESSION_NAME):
        lines = lines.filter(cart__session_key=key, cart__user=None)
    else:
        return 0
    return lines.aggregate(all=Sum("quantity"))["all"] or 0


def lines_of(cart: Cart | None) -> list[CartLine]:
    if cart is None:
        return []
    return list(cart.lines.select_related("product__category", "product__brand"))


def cart_totals(lines: list[CartLine], *, discount: Decimal = Decimal(0)) -> Totals:
    return totals_of(((line.product.price, line.quantity) for line in lines), discount=discount)


def _room_for(cart: Cart, product: Product, line: CartLine | None) -> int:
    """How many the line may hold: the stock, less what other sizes and colours of the same product take from it."""
    others = cart.lines.filter(product=product)
    if line is not None:
        others = others.exclude(pk=line.pk)
    taken = others.aggregate(all=Sum("quantity"))["all"] or 0
    return max(0, min(MOST_OF_ONE_THING, product.stock - taken))


def add_to_cart(cart: Cart, product: Product, *, size: str = "", colour: str = "", quantity: int = 1) -> int:
    """Add up to `quantity`; returns how many were added, fewer (or 0) when the stock does not reach."""
    with transaction.atomic():
        line = cart.lines.filter(product=product, size=size, colour=colour).first()
        held = line.quantity if line else 0
        added = max(0, min(quantity, _room_for(cart, product, line) - held))
        if added and line:
            line.quantity += added
            line.save(update_fields=["quantity"])
        elif added:
            CartLine.objects.create(cart=cart, product=product, size=size, colour=colour, quantity=added)
        if added:
            cart.save(update_fields=["updated_at"])
    return added


def change_quantity(line: CartLine, quantity: int) -> int:
    """Set the quantity, 0 to remove; returns the change, negative for less."""
    held = line.quantity
    with transaction.atomic():
        wanted = max(0, min(quantity, _room_for(line.cart, line.product, line)))
        if wanted == 0:
            line.delete()
        elif wanted != held:
            line.quantity = wanted
            line.save(update_fields=["quantity"])
        if wanted != held:
            line.cart.save(update_fields=["updated_at"])
    return wanted - held


def keep_cart_at_login(*, request: HttpRequest | None, user: User, **_: Any) -> None:
    """What lay in the cart before the login joins the account's cart."""
    key = request.session.pop(SESSION_NAME, None) if request is not None and hasattr(request, "session") else None
    before = Cart.objects.filter(session_key=key, user=None).first() if key else None
    if before is None:
        return
    with transaction.atomic():
        if not Cart.objects.filter(user=user).exists():
            before.user, before.session_key = user, None
            before.save()
            return
        cart = Cart.objects.get(user=user)
        for line in lines_of(before):
            add_to_cart(cart, line.product, size=line.size, colour=line.colour, quantity=line.quantity)
        before.delete()
