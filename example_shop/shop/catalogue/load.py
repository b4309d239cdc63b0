"""Writes the catalogue to the database. Safe to run twice: what is there is brought up to date, stock and reviews are left as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from ..models import Brand, Category, Product, Review
from . import BRANDS, CATEGORIES, PRODUCTS, REVIEWS, ProductData

__all__ = ["Loaded", "load_catalogue"]


@dataclass(frozen=True, slots=True)
class Loaded:
    categories: int
    brands: int
    products: int
    new_products: int
    new_reviews: int


@transaction.atomic
def load_catalogue() -> Loaded:
    categories = {
        data.slug: Category.objects.update_or_create(
            slug=data.slug, defaults={"name": data.name, "blurb": data.blurb, "position": place}
        )[0]
        for place, data in enumerate(CATEGORIES)
    }
    brands = {
        data.slug: Brand.objects.update_or_create(slug=data.slug, defaults={"name": data.name, "home": data.home})[0]
        for data in BRANDS
    }
    new = [_write_product(place, data, categories, brands) for place, data in enumerate(PRODUCTS)]
    return Loaded(len(categories), len(brands), len(PRODUCTS), sum(new), _write_reviews())


def _write_product(place: int, data: ProductData, categories: dict[str, Category], brands: dict[str, Brand]) -> bool:
    written = {
        "sku": data.sku,
        "name": data.name,
        "category": categories[data.category],
        "brand": brands[data.brand],
        "price": data.price,
        "attributes": list(data.attributes),
        "colours": list(data.colours),
        "sizes": list(data.sizes),
        "description": data.description,
        "details": list(data.details),
        "drawing": data.drawing,
        "material": data.material,
        "launched_on": date.fromisoformat(data.launched),
        "position": place,
    }
    _, is_new = Product.objects.update_or_create(
        slug=data.slug, defaults=written, create_defaults=written | {"stock": data.stock}
    )
    return is_new


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
