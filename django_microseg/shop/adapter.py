"""The only code that knows the host shop: products, categories, carts, orders, stock.

A shop system brings a subclass, a hand-written shop describes its models in settings (`MappedAdapter`);
``MICROSEG["SHOP"]`` names either. What an adapter cannot answer is None, and the feature that asks
does without. Nothing here writes, and nothing touches the session of a visitor who has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.http import HttpRequest

from .values import CartInfo, CategoryInfo, LoyaltyInfo, OrderInfo, ProductInfo

__all__ = ["ShopAdapter"]


class ShopAdapter:
    """What we ask of a shop. Three methods are required; the others have a default that works."""

    # -- required

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        """The products that exist among these keys, in at most three queries; never raises for an unknown key."""
        raise NotImplementedError

    def orders(
        self,
        *,
        keys: Collection[str] | None = None,
        customer_key: str = "",
        email: str = "",
        since: dt.datetime | None = None,
    ) -> Iterator[OrderInfo]:
        """Orders, oldest first. ``customer_key`` and ``email`` together mean either; without both, of everybody."""
        raise NotImplementedError

    def key_of(self, thing: Any) -> str:
        """The stable key of a product, category, cart or order of the shop; a text is its own key."""
        raise NotImplementedError

    # -- optional

    def product(self, key: str) -> ProductInfo | None:
        """One product, or None if it is gone."""
        return self.products([key]).get(key)

    def sample(self, number: int) -> tuple[ProductInfo, ...]:
        """A few products, whichever come first, to show staff what something would look like; none if it cannot."""
        return ()

    def categories(self) -> tuple[CategoryInfo, ...]:
        """All categories, in the shop's own order."""
        return ()

    def cart(self, request: HttpRequest) -> CartInfo | None:
        """The visitor's cart with its lines; None if it is empty or there is none. Creates nothing."""
        return None

    def loyalty(self, customer_keys: Collection[str]) -> Mapping[str, LoyaltyInfo]:
        """Where members of the loyalty programme stand, of those among these customers; asked outside of requests."""
        return {}

    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        """Whether an order of this customer, or of this e-mail address in any case of letters, still stands."""
        if not customer_key and not email:
            return False
        return any(order.counts for order in self.orders(customer_key=customer_key, email=email))

    def url_of(self, page: str) -> str:
        """The address of ``"cart"`` or ``"checkout"``; empty if the shop has not said."""
        return ""
