"""Can promoted products be bought at this moment? Asked live, and once for all that a page may promote.

What the shop cannot say counts as unknown, and what is unknown is not promoted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django_microseg.collect.breaker import Breaker
from django_microseg.shop.current import current_shop
from django_microseg.shop.values import ProductInfo

from .ask_shop import undisturbed_by_shop
from .guard import Guard
from .shop_keys import knows_products

__all__ = ["STOCKING", "Stock", "can_be_bought"]

STOCKING = Guard("ask the shop what is in stock", breaker=Breaker())


def can_be_bought(product: ProductInfo) -> bool:
    """Stock None: the shop does not count it."""
    return product.is_available and (product.stock is None or product.stock > 0)


class Stock:
    """The stock as one request sees it. ``candidates`` names everything that its pages may promote."""

    def __init__(self, candidates: Callable[[], Collection[str]]) -> None:
        self._candidates = candidates
        self._found: dict[str, bool | None] = {}

    def has_any(self, product_keys: Collection[str]) -> bool | None:
        """Whether any of these can be bought; None if nobody can say."""
        if not self._found.keys() >= set(product_keys):
            self._ask({*product_keys, *self._candidates()} - self._found.keys())
        answers = {self._found[key] for key in product_keys}
        return True if True in answers else None if None in answers else False

    def _ask(self, product_keys: Collection[str]) -> None:
        nothing: dict[str, bool | None] = dict.fromkeys(product_keys)
        self._found |= STOCKING.run(lambda: undisturbed_by_shop(lambda: _stock_of(product_keys)), nothing)


def _stock_of(product_keys: Collection[str]) -> dict[str, bool | None]:
    """One question to the shop. What it does not have cannot be bought."""
    if not knows_products():
        return dict.fromkeys(product_keys)
    found = current_shop().products(sorted(product_keys))
    return {key: key in found and can_be_bought(found[key]) for key in product_keys}
