"""Hand-picked products as the shop has them at the moment: in the given order, without those that are sold out."""

from __future__ import annotations

from datetime import date

from .models import Product
from .seasons import COMPLEMENTS, season_of

__all__ = ["complements_of", "season_picks"]

_MOST = 4


def season_picks(day: date) -> list[Product]:
    return _in_order(season_of(day).products)


def complements_of(product: Product) -> list[Product]:
    """What goes well with it; never itself."""
    chosen = COMPLEMENTS.get(product.category.slug, ())
    return _in_order(tuple(slug for slug in chosen if slug != product.slug))


def _in_order(slugs: tuple[str, ...]) -> list[Product]:
    stocked = Product.objects.select_related("category", "brand").filter(slug__in=slugs, stock__gt=0)
    found = {product.slug: product for product in stocked}
    return [found[slug] for slug in slugs if slug in found][:_MOST]
