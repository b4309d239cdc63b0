"""Does the shop's adapter answer, and does it call products what events call them?"""

from __future__ import annotations

import datetime as dt

from django_microseg.collect.models import Event
from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.current import current_shop
from django_microseg.shop.no_shop import NoShop
from django_microseg.shop.values import ProductInfo

from .finding import Finding, ill, well

__all__ = ["probe_shop"]

#: How many of the latest events are looked through for products, and how many of those are asked for.
_EVENTS, _PRODUCTS = 1_000, 50


def probe_shop(now: dt.datetime) -> Finding:
    """A live product, the number of categories, and whether products of recent events are there."""
    try:
        shop = current_shop()
        return well("shop", "none is named; nobody knows of stock, carts and orders") if _is_none(shop) else _ask(shop)
    except Exception as error:  # noqa: BLE001 - an adapter is the shop's own code and may raise anything at all
        hint = "Run manage.py check, and see docs/shop.md."
        return ill("shop", f"its adapter cannot be asked: {type(error).__name__}: {error}", hint)


def _is_none(shop: ShopAdapter) -> bool:
    return isinstance(shop, NoShop)


def _ask(shop: ShopAdapter) -> Finding:
    seen = _seen_lately()
    known = list(shop.products(seen).values()) if seen else []
    if seen and not known:
        text = f"knows none of the last {len(seen)} products that events name, such as {seen[0]!r}"
        return ill("shop", text, "Give track() as product_id what the adapter calls the product's key: docs/shop.md.")
    some = known or list(shop.sample(1))
    example = f"a product is {_shown(some[0])}" if some else "no product was seen yet"
    of_events = f"; it knows {len(known)} of the last {len(seen)} products that events name" if seen else ""
    return well("shop", f"{example}; {len(shop.categories())} categories{of_events}")


def _seen_lately() -> list[str]:
    """Keys of products in the latest events, latest first."""
    latest = Event.objects.order_by("-pk").values_list("product_key", flat=True)[:_EVENTS]
    return list(dict.fromkeys(key for key in latest if key))[:_PRODUCTS]


def _shown(product: ProductInfo) -> str:
    price = "without a price" if product.price is None else f"at {product.price.amount} {product.price.currency}"
    stock = "" if product.is_available else ", sold out"
    return f"{product.title!r} {price}{stock}"
