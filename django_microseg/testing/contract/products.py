"""The promises about products: found by stable keys, told truly, at a bounded price, and never an error."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .faults import faults_of
from .hooks import Hooks, hold, same
from .watch import watch

__all__ = ["STRANGE", "ProductContract"]

#: Keys that nobody has: gone, of another type, too long, or such that a database refuses them.
STRANGE = (
    "no-such-key", "", " ", "0", "-1", "007", "9" * 40, "1.5", "x" * 400, "';--", "\x00", "\ud800",
    "\u00e9\u4e2d\U0001f45f", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
_PRICE = Decimal("49.90")


class ProductContract(Hooks):
    """Tests of `products`, `product` and `key_of`."""

    def _product(self, number: int = 1, *, stock: int = 7) -> Any:
        return self.make_product(title=f"Contract boot {number}", price=_PRICE, stock=stock)

    def test_product_is_told_truly(self) -> None:
        shop, thing = self.adapter(), self._product()
        found = shop.product(shop.key_of(thing))
        hold(found is not None, "A product that is there is not found")
        if found is not None:
            same(found.title, "Contract boot 1", "The product's title")
            same(found.price and found.price.amount, _PRICE, "The product's price")
            same(found.is_available, True, "Whether a product in stock is available")
            hold(found.stock in (7, None), f"The product's stock is 7, but the adapter says {found.stock}")

    def test_sold_out_product_is_not_available(self) -> None:
        shop = self.adapter()
        found = shop.product(shop.key_of(self._product(stock=0)))
        hold(found is not None, "A product that is sold out is still a product, but it is not found")
        if found is not None:
            same(found.is_available, False, "Whether a sold-out product is available")
            hold(found.stock in (0, None), f"The product is sold out, but the adapter says there are {found.stock}")

    def test_unknown_products_are_left_out(self) -> None:
        shop = self.adapter()
        key = shop.key_of(self._product())
        strange = [each for each in STRANGE if each != key]
        same(set(shop.products([*strange, key])), {key}, "Products among strange keys and a known one")
        same([shop.product(each) for each in strange], [None] * len(strange), "Products of keys that nobody has")
        same(dict(shop.products([])), {}, "Products of no keys at all")

    def test_products_in_three_queries(self) -> None:
        shop = self.adapter()
        keys = [shop.key_of(self._product(number)) for number in range(12)]
        seen = watch(shop.products, keys)
        same(set(seen.answer), set(keys), "The products among twelve keys")
        hold(seen.queries <= 3, f"Twelve products take {seen.queries} queries, more than three")

    def test_product_values_are_frozen_and_typed(self) -> None:
        shop = self.adapter()
        keys = [shop.key_of(self._product(number, stock=number)) for number in range(2)]
        for key, product in shop.products(keys).items():
            same(faults_of(product), [], "What is wrong with the product's value")
            same(product.key, key, "The key in the product's value")

    def test_product_keys_are_stable(self) -> None:
        shop, thing = self.adapter(), self._product()
        key = shop.key_of(thing)
        hold(type(key) is str and bool(key), f"A key is a text that is not empty, but the adapter gave {key!r}")
        same(shop.key_of(self.again(thing)), key, "The key of the same product, read anew")
        same(shop.key_of(key), key, "The key of a key")
        hold(shop.key_of(self._product(2)) != key, f"Two products have the same key {key!r}")
