"""Writes the catalogue to the database. Safe to run twice: what is there is brought up to date, stock and reviews are left as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from ..models import Brand, Category, Product, Review
from . import BRANDS, CATEGORIES, PRODUCTS, REVIEWS, ProductData

__all__ = ["Loaded", "load_catalogue"]

# What a second run brings up to date. Not the stock: it has been sold from since.
_RENEWED = (
    "sku", "name", "category", "brand", "price", "attributes", "colours", "sizes", "description", "details", "drawing", "material",
    "launched_on", "position",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    categories: int
    brands: int
    products: int
    new_products: int
    new_reviews: int


@transaction.atomic
def load_catalogue() -> Loaded:
    Category.objects.bulk_create(
        [
            Category(slug=data.slug, name=data.name, blurb=data.blurb, position=place)
            for place, data in enumerate(CATEGORIES)
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "blurb", "position"],
    )
    Brand.objects.bulk_create(
        [Brand(slug=data.slug, name=data.name, home=data.home) for data in BRANDS],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "home"],
    )
    before = Product.objects.count()
    _write_products()
    return Loaded(len(CATEGORIES), len(BRANDS), len(PRODUCTS), Product.objects.count() - before, _write_reviews())


def _write_products() -> None:
    categories = dict(Category.objects.values_list("slug", "pk"))
    brands = dict(Brand.objects.values_list("slug", "pk"))
    Product.objects.bulk_create(
        [_product(place, data, categories[data.category], brands[data.brand]) for place, data in enumerate(PRODUCTS)],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=_RENEWED,
    )


def _product(place: int, data: ProductData, category_id: int, brand_id: int) -> Product:
    return Product(
        slug=data.slug,
        sku=data.sku,
        name=data.name,
        category_id=category_id,
        brand_id=brand_id,
        price=data.price,
        stock=data.stock,
        attributes=list(data.attributes),
        colours=list(data.colours),
        sizes=list(data.sizes),
        description=data.description,
        details=list(data.details),
        drawing=data.drawing,
        material=data.material,
        launched_on=date.fromisoformat(data.launched),
        position=place,
    )


def _write_reviews() -> int:
    by_slug = dict(Product.objects.values_list("slug", "pk"))
    known = set(Review.objects.values_list("product_id", "author"))
    new = [
        Review(
            product_id=by_slug[data.product],
            author=data.author,
            rating=data.rating,
            text=data.text,
            written_on=date.fromisoformat(data.written),
        )
        for data in REVIEWS
        if (by_slug[data.product], data.author) not in known
    ]
    Review.objects.bulk_create(new)
    return len(new)
