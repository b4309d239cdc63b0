"""The shapes in which the catalogue is written down. Plain frozen values without Django, so that the demo story can read them too."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["BrandData", "CategoryData", "ProductData", "ReviewData"]


@dataclass(frozen=True, slots=True)
class CategoryData:
    slug: str
    name: str
    blurb: str


@dataclass(frozen=True, slots=True)
class BrandData:
    slug: str
    name: str
    home: str


@dataclass(frozen=True, slots=True)
class ProductData:
    sku: str
    slug: str
    name: str
    category: str
    brand: str
    price: Decimal
    stock: int
    launched: str
    drawing: str
    material: str
    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    attributes: tuple[str, ...]
    description: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewData:
    product: str
    author: str
    rating: int
    written: str
    text: str
