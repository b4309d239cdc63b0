"""A shelf of products: what may be filtered and how it is sorted. Works on products already read, so it is one query
whatever is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from .models import Product

__all__ = ["SORTS", "Choice", "Facet", "facets_of", "pick"]

SORTS: dict[str, str] = {
    "catalogue": "As in the catalogue",
    "newest": "Newest first",
    "price": "Price, low to high",
    "price-down": "Price, high to low",
    "name": "Name",
}

_KEYS: dict[str, tuple[Callable[[Product], Any], bool]] = {
    "catalogue": (lambda product: (product.position, product.name), False),
    "newest": (lambda product: (product.launched_on, -product.position), True),
    "price": (lambda product: (product.price, product.name), False),
    "price-down": (lambda product: (product.price, product.name), True),
    "name": (lambda product: product.name.casefold(), False),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the visitor asked for. All of the attributes must be there; any of the brands will do."""

    attributes: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    is_available_only: bool = False
    sort: str = "catalogue"

    @classmethod
    def of(cls, query: QueryDict) -> Choice:
        """Read it from the address; what is not understood is left out."""
        sort = query.get("sort", "")
        return cls(
            attributes=frozenset(query.getlist("attribute")),
            brands=frozenset(query.getlist("brand")),
            is_available_only=query.get("available") == "1",
            sort=sort if sort in SORTS else "catalogue",
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.attributes or self.brands or self.is_available_only)


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    name: str
    count: int
    is_chosen: bool


def pick(products: Iterable[Product], choice: Choice) -> list[Product]:
    kept = [
        product
        for product in products
        if choice.attributes <= set(product.attributes)
        and (not choice.brands or product.brand.slug in choice.brands)
        and (product.is_available or not choice.is_available_only)
    ]
    key, is_reversed = _KEYS[choice.sort]
    return sorted(kept, key=key, reverse=is_reversed)


def facets_of(products: Sequence[Product], choice: Choice) -> dict[str, list[Facet]]:
    """What the shelf can be filtered by, with how many products have it, the most common first."""
    attributes = Counter(attribute for product in products for attribute in product.attributes)
    brands = Counter((product.brand.slug, product.brand.name) for product in products)
    return {
        "attributes": [
            Facet(value, value, count, value in choice.attributes)
            for value, count in sorted(attributes.items(), key=lambda item: (-item[1], item[0]))
        ],
        "brands": [Facet(slug, name, count, slug in choice.brands) for (slug, name), count in sorted(brands.items())],
    }
