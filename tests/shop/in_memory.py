"""How things are made in a shop that exists in memory alone, for the contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django_microseg.shop.customer import customer_key_of
from django_microseg.testing import AdapterContract, MemoryShop

__all__ = ["InMemory"]


class InMemory(AdapterContract):
    """Things of this shop are their keys."""

    shop: MemoryShop
    count: int = 0

    def adapter(self) -> MemoryShop:
        return self.shop

    def _new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count}"

    def make_product(self, *, title: str, price: Decimal, stock: int) -> str:
        return self.shop.add_product(self._new("p"), title=title, price=price, stock=stock).key

    def sell_out(self, product: str) -> None:
        self.shop.set_stock(product, 0)

    def make_category(self, *, title: str) -> str:
        return self.shop.add_category(self._new("c"), title=title).key

    def fill_cart(self, request: Any, lines: Any) -> None:
        if request.user.is_authenticated:
            self.shop.put_cart(*lines, customer_key=customer_key_of(request.user))
            return
        request.session["has_cart"] = True
        request.session.save()
        self.shop.put_cart(*lines, session_key=request.session.session_key)

    def empty_cart(self, request: Any) -> None:
        self.fill_cart(request, [])

    def make_order(self, *, user: Any, email: str, placed_at: Any, lines: Any) -> str:
        key = "" if user is None else customer_key_of(user)
        return self.shop.add_order(self._new("o"), *lines, placed_at=placed_at, customer_key=key, email=email).key

    def cancel_order(self, order: str) -> None:
        self.shop.cancel_order(order)
