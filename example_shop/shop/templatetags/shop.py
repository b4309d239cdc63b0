"""What every page of the shop shows: the categories, the cart's count, money, and the address of a picture."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.db.models import QuerySet
from django.template import Context
from django.urls import reverse

from ..carts import count_in_cart
from ..models import Category, Product
from ..pictures import hex_of

register = template.Library()

_MINUS = "\N{MINUS SIGN}"
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


@register.simple_tag
def nav_categories() -> QuerySet[Category]:
    return Category.objects.only("slug", "name")


@register.simple_tag(takes_context=True)
def cart_count(context: Context) -> int:
    """0 where there is no request, as on an error page."""
    request = context.get("request")
    return count_in_cart(request) if request is not None and hasattr(request, "session") else 0


@register.filter
def money(amount: Decimal, currency: str = "GBP") -> str:
    """£98, but £12.50: the printed catalogue leaves out empty pence."""
    sign = _SIGNS.get(currency, f"{currency} ")
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{_MINUS if amount < 0 else ''}{sign}{text}"


@register.filter
def exact_money(amount: Decimal, currency: str = "GBP") -> str:
    """With pence always, for columns that are added up."""
    return f"{_MINUS if amount < 0 else ''}{_SIGNS.get(currency, f'{currency} ')}{abs(amount):,.2f}"


@register.simple_tag
def picture(product: Product, colour: str = "", view: str = "") -> str:
    """The address of a product's picture."""
    asked = {name: value for name, value in (("colour", colour), ("view", view)) if value}
    address = reverse("shop:picture", args=[product.slug])
    return f"{address}?{urlencode(asked)}" if asked else address


@register.filter
def words(slug: str) -> str:
    """eco-friendly stays, wide-fit stays; pfas-free gets its capitals."""
    return slug.replace("pfas", "PFAS")


@register.filter
def stars(rating: float) -> str:
    """Full and empty stars, for eyes only; the figure stands beside it in words."""
    full = round(rating)
    return "★" * full + "☆" * (5 - full)


@register.filter
def swatch(colour: str) -> str:
    return hex_of(colour)
