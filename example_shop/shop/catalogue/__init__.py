"""The shop's catalogue as data: what the printed catalogue would say. No Django in here; `load` writes it to the database."""

from __future__ import annotations

from .data import BrandData, CategoryData, ProductData, ReviewData
from .footwear import FOOTWEAR
from .gear import GEAR
from .houses import BRANDS, CATEGORIES
from .reviews import REVIEWS

__all__ = ["BRANDS", "CATEGORIES", "PRODUCTS", "REVIEWS", "BrandData", "CategoryData", "ProductData", "ReviewData"]

PRODUCTS: tuple[ProductData, ...] = FOOTWEAR + GEAR
