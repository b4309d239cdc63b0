"""A shop that exists in memory alone: goods, carts and orders set by hand, for tests of what asks the shop.

    shop = MemoryShop(currency="GBP")
    shop.add_category("boots", title="Boots")
    shop.add_product("moor-boot", title="Moor Boot", price="129.50", stock=3, categories=["boots"])
    shop.put_cart(("moor-boot", 1), customer_key="7")
    with use_shop(shop):
        ...

It keeps the same promises as an adapter of a real shop and passes `AdapterContract`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ..shop.adapter import ShopAdapter
from ..shop.customer import customer_key_of, session_of, user_of
from ..shop.mapping.lines import sum_of, with_product
from ..shop.values import CartInfo, CategoryInfo, LineInfo, Money, OrderInfo, ProductInfo

__all__ = ["MemoryShop"]

_Amount = int | str | Decimal
_Line = tuple[str, int]


class MemoryShop(ShopAdapter):
    """``key_of`` says how things of the shop's own models are named; without it by their primary key."""

    def __init__(self, *, currency: str = "EUR", key_of: Callable[[Any], str] | None = None) -> None:
        self._currency = currency
        self._named_by = key_of
        self._products: dict[str, ProductInfo] = {}
        self._categories: dict[str, CategoryInfo] = {}
        self._carts: dict[tuple[str, str], CartInfo] = {}
        self._orders: dict[str, OrderInfo] = {}
        self._numbers = count(1)
        self.urls = {"cart": "/cart/", "checkout": "/checkout/"}

    # -- what the test sets

    def add_category(self, key: str, *, title: str = "", url: str = "", parent: str = "") -> CategoryInfo:
        """A category, after those that are there."""
        self._categories[key] = CategoryInfo(key, title or key, url or f"/c/{key}/", parent)
        return self._categories[key]

    def add_product(
        self,
        key: str,
        *,
        title: str = "",
        price: _Amount | None = None,
        stock: int | None = None,
        categories: Iterable[str] = (),
        brand: str = "",
        image_url: str = "",
    ) -> ProductInfo:
        """A product, or another state of one that is there. ``stock`` 0 is sold out, None not counted."""
        self._products[key] = ProductInfo(
            key=key,
            title=title or key,
            url=f"/p/{key}/",
            category_keys=tuple(categories),
            brand=brand,
            price=self._money(price),
            is_available=stock != 0,
            stock=stock,
            image_url=image_url,
        )
        return self._products[key]

    def set_stock(self, key: str, stock: int | None) -> None:
        """How many of a product there are from now on."""
        self._products[key] = replace(self._products[key], stock=stock, is_available=stock != 0)

    def remove_product(self, key: str) -> None:
        """Take a product out of the catalogue; it stays in carts and orders."""
        del self._products[key]

    def put_cart(
        self, *lines: _Line, customer_key: str = "", session_key: str = "", updated_at: dt.datetime | None = None
    ) -> None:
        """The cart of a customer, or of a session; no lines empty it."""
        owner = ("customer", customer_key) if customer_key else ("session", session_key)
        kept = self._carts.get(owner)
        key = kept.key if kept else f"cart-{next(self._numbers)}"
        self._carts[owner] = CartInfo(
            key=key,
            lines=tuple(LineInfo(product, quantity) for product, quantity in lines),
            customer_key=customer_key,
            updated_at=updated_at or timezone.now(),
        )

    def add_order(
        self,
        key: str,
        *lines: _Line,
        placed_at: dt.datetime | None = None,
        customer_key: str = "",
        email: str = "",
        total: _Amount | None = None,
        coupon: str = "",
    ) -> OrderInfo:
        """An order of a customer, of a guest with an address, or of both in one."""
        read = tuple(self._filled(LineInfo(product, quantity)) for product, quantity in lines)
        self._orders[key] = OrderInfo(
            key=key,
            placed_at=placed_at or timezone.now(),
            customer_key=customer_key,
            email=email,
            lines=read,
            total=self._money(total) or sum_of(read),
            coupon=coupon,
        )
        return self._orders[key]

    def cancel_order(self, key: str) -> None:
        """The order stays, and counts no more."""
        self._orders[key] = replace(self._orders[key], counts=False)

    # -- what is asked of it

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {key: self._products[key] for key in keys if key in self._products}

    def categories(self) -> tuple[CategoryInfo, ...]:
        return tuple(self._categories.values())

    def orders(
        self,
        *,
        keys: Collection[str] | None = None,
        customer_key: str = "",
        email: str = "",
        since: dt.datetime | None = None,
    ) -> Iterator[OrderInfo]:
        for order in sorted(self._orders.values(), key=lambda order: (order.placed_at, order.key)):
            is_asked_for = keys is None or order.key in keys
            is_new = since is None or order.placed_at >= since
            if is_asked_for and is_new and _is_of(order, customer_key, email):
                yield order

    def cart(self, request: HttpRequest) -> CartInfo | None:
        owner = _owner_of(request)
        cart = None if owner is None else self._carts.get(owner)
        if cart is None or not cart.lines:
            return None
        lines = tuple(self._filled(line) for line in cart.lines)
        return replace(cart, lines=lines, subtotal=sum_of(lines))

    def key_of(self, thing: Any) -> str:
        if isinstance(thing, str):
            return thing
        if isinstance(thing, ProductInfo | CategoryInfo | CartInfo | OrderInfo):
            return thing.key
        return self._named_by(thing) if self._named_by else str(thing.pk)

    def url_of(self, page: str) -> str:
        return self.urls.get(page, "")

    def _filled(self, line: LineInfo) -> LineInfo:
        product = self._products.get(line.product_key)
        return line if product is None else with_product(line, product)

    def _money(self, amount: _Amount | None) -> Money | None:
        return None if amount is None else Money(Decimal(amount), self._currency)


def _is_of(order: OrderInfo, customer_key: str, email: str) -> bool:
    if not customer_key and not email:
        return True
    is_customers = bool(customer_key) and order.customer_key == customer_key
    return is_customers or (bool(email) and order.email.casefold() == email.strip().casefold())


def _owner_of(request: HttpRequest) -> tuple[str, str] | None:
    user = user_of(request)
    if user is not None:
        return "customer", customer_key_of(user)
    session = session_of(request)
    return None if session is None or not session.session_key else ("session", session.session_key)
