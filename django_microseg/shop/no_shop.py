"""The adapter of a shop that has told us nothing: no products, carts or orders are known.

Things of the shop are still named, by their primary key, so that they can be put in order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .adapter import ShopAdapter
from .values import OrderInfo, ProductInfo

__all__ = ["NoShop"]


class NoShop(ShopAdapter):
    """What ``current_shop()`` is while ``MICROSEG["SHOP"]`` is None."""

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {}

    def orders(
        self,
        *,
        keys: Collection[str] | None = None,
        customer_key: str = "",
        email: str = "",
        since: dt.datetime | None = None,
    ) -> Iterator[OrderInfo]:
        return iter(())

    def key_of(self, thing: Any) -> str:
        """A text is its own key, anything else has its primary key."""
        return thing if isinstance(thing, str) else str(thing.pk)

    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        """None: nobody knows."""
        return None
