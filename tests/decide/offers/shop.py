"""A shop of plain lists, told by the tests: a cart, and the orders that were placed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone

from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.values import CartInfo, Money, OrderInfo

__all__ = ["PATH", "ListShop"]

PATH = f"{__name__}.ListShop"


class ListShop(ShopAdapter):
    """Everybody has the same cart."""

    placed: list[OrderInfo] = []
    subtotal: Money | None = Money(Decimal("80.00"), "GBP")

    def products(self, keys: Any) -> dict[str, Any]:
        return {}

    def orders(
        self, *, keys: Any = None, customer_key: str = "", email: str = "", since: Any = None
    ) -> Iterator[OrderInfo]:
        for order in self.placed:
            is_theirs = customer_key and order.customer_key == customer_key
            if is_theirs or (email and order.email.lower() == email.lower()):
                yield order

    def key_of(self, thing: Any) -> str:
        return thing if isinstance(thing, str) else str(thing.username)

    def cart(self, request: Any) -> CartInfo | None:
        return None if self.subtotal is None else CartInfo("cart", (), self.subtotal)

    @classmethod
    def place(cls, key: str, **fields: Any) -> None:
        cls.placed.append(OrderInfo(key, timezone.now(), **fields))
