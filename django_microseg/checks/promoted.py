"""Do live experiences name things that the shop has? Reads tables, so it runs only with ``--database``."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured

from django_microseg.decide.models import Experience
from django_microseg.decide.shop_keys import knows_products, unknown_categories, unknown_products
from django_microseg.decide.slots import CATEGORY_ORDER

from .findings import finding

__all__ = ["check_named_things"]


def check_named_things(live: Collection[Experience]) -> list[CheckMessage]:
    """Two questions to the shop, however many experiences there are. A shop that cannot be asked has its own check."""
    try:
        return [*_promotions(live), *_orders(live)]
    except ImproperlyConfigured:
        return []


def _promotions(live: Collection[Experience]) -> Iterator[CheckMessage]:
    promoting = [experience for experience in live if experience.product_keys]
    if promoting and not knows_products():
        for experience in promoting:
            yield finding("W086").message(obj=experience, slug=experience.slug)
        return
    unknown = set(unknown_products(sorted({key for each in promoting for key in each.product_keys})))
    for experience in promoting:
        yield from _lost(experience, "product", unknown.intersection(experience.product_keys))


def _orders(live: Collection[Experience]) -> Iterator[CheckMessage]:
    ordering = [experience for experience in live if experience.slot == CATEGORY_ORDER and experience.order_keys]
    unknown = set(unknown_categories([key for each in ordering for key in each.order_keys]) if ordering else ())
    for experience in ordering:
        yield from _lost(experience, "category", unknown.intersection(experience.order_keys))


def _lost(experience: Experience, kind: str, keys: set[str]) -> Iterator[CheckMessage]:
    for key in sorted(keys):
        yield finding("W087").message(obj=experience, slug=experience.slug, kind=kind, key=key)
