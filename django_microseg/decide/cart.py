"""The visitor's cart as a reminder may show it: without what is sold out, and never empty."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext

from django_microseg.collect.breaker import Breaker
from django_microseg.shop.current import current_shop
from django_microseg.shop.values import CartInfo, LineInfo, ProductInfo

from .ask_shop import undisturbed_by_shop
from .guard import Guard

__all__ = ["CARTING", "cart_url", "offerable", "read_cart", "sample_cart"]

CARTING = Guard("ask the shop for the cart", breaker=Breaker())


def read_cart(request: HttpRequest) -> CartInfo | None:
    """What lies in the request's cart and can be bought; None if that is nothing, or cannot be found out."""
    return CARTING.run(lambda: offerable(undisturbed_by_shop(lambda: current_shop().cart(request))), None)


def offerable(cart: CartInfo | None) -> CartInfo | None:
    """The cart without its sold-out lines; what the others cost in all is then not known."""
    if cart is None:
        return None
    lines = tuple(line for line in cart.lines if line.is_available and line.quantity > 0)
    if len(lines) == len(cart.lines):
        return cart if lines else None
    return replace(cart, lines=lines, subtotal=None) if lines else None


def cart_url() -> str:
    """Where the shop shows the cart; empty if it has not said."""
    return CARTING.run(lambda: current_shop().url_of("cart"), "")


def sample_cart() -> CartInfo:
    """A cart to look at while a reminder is being edited: two products of the shop's, or a made-up one."""
    products: tuple[ProductInfo, ...] = CARTING.run(lambda: undisturbed_by_shop(lambda: current_shop().sample(2)), ())
    lines = tuple(
        LineInfo(each.key, 1, each.price, title=each.title, url=each.url, image_url=each.image_url) for each in products
    )
    return CartInfo("sample", lines or (LineInfo("sample", 1, title=gettext("Something good")),))
