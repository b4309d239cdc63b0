"""What people in the demo story pick: products by taste, season and purse, as events describe them. Pure, from the
printed catalogue.
"""

from __future__ import annotations

from bisect import bisect
from decimal import Decimal
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any

from ..catalogue import CATEGORIES, PRODUCTS, ProductData
from .seasons import appetite

__all__ = ["CURRENCY", "categories_by_taste", "described", "pick_category", "pick_product", "recommended_after"]

CURRENCY = "GBP"
_SLUGS = tuple(category.slug for category in CATEGORIES)
_SHELVES = {slug: tuple(product for product in PRODUCTS if product.category == slug) for slug in _SLUGS}
# How much a purse prefers a product at the dear end of its shelf (1) over one at the cheap end (0).
_PURSES = {"any": 1.0, "cheap": 0.3, "dear": 4.0}
_DESCRIBED: dict[str, dict[str, Any]] = {
    product.slug: {
        "product_id": product.slug,
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "brand": product.brand.replace("-", " ").title(),
        "price": product.price,
        "attributes": list(product.attributes),
    }
    for product in PRODUCTS
}


def described(product: ProductData) -> dict[str, Any]:
    """The product as the shop's own events tell it; a fresh dictionary each time."""
    return _DESCRIBED[product.slug] | {"currency": CURRENCY}


def categories_by_taste(tastes: dict[str, float], favourite: str, factor: float) -> tuple[float, ...]:
    """Running totals of the tastes in the catalogue's order, the favourite weighted up: what `pick_category` draws
    from.
    """
    return tuple(accumulate(tastes[slug] * (factor if slug == favourite else 1.0) for slug in _SLUGS))


def pick_category(rng: Random, reach: tuple[float, ...], month: int) -> str:
    """A category by taste, less often out of season."""
    for _ in range(3):
        slug = _SLUGS[bisect(reach, rng.random() * reach[-1])]
        if rng.random() < appetite(slug, month):
            break
    return slug


@cache
def _shelf(category: str, purse: str) -> tuple[tuple[ProductData, ...], tuple[float, ...]]:
    """The shelf with running totals: the first products of a page sell best, and a purse has its preference."""
    shelf = _SHELVES[category]
    dearest = max(product.price for product in shelf)
    weights = [
        1 / (place + 1) ** 0.5 * _PURSES[purse] ** float(product.price / dearest) for place, product in enumerate(shelf)
    ]
    return shelf, tuple(accumulate(weights))


def pick_product(rng: Random, category: str, purse: str) -> ProductData:
    shelf, reach = _shelf(category, purse)
    return shelf[bisect(reach, rng.random() * reach[-1])]


@cache
def _companions(category: str) -> tuple[ProductData, ...]:
    return tuple(product for product in PRODUCTS if product.category != category and product.price < Decimal(60))


def recommended_after(rng: Random, product: ProductData) -> ProductData:
    """Something from another shelf that costs little, as the shop would recommend it."""
    return rng.choice(_companions(product.category))
