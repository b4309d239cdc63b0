"""Products and categories, read by their sections."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from django_microseg import conf

from ..values import CategoryInfo, Money, ProductInfo
from .convert import count_of, money_of, text_of
from .keys import usable_keys
from .section import Section

__all__ = ["Categories", "Products"]


@dataclass(frozen=True, slots=True)
class Categories:
    section: Section

    def all(self) -> tuple[CategoryInfo, ...]:
        """In the order of the shop's own model."""
        rows = self.section.rows()
        return tuple(self._info(row) for row in (rows if rows.ordered else rows.order_by("pk")))

    def key_of(self, thing: Any) -> str:
        """The key of a category; a path may also have led to the key itself."""
        return text_of(self.section.first(thing, "key") if isinstance(thing, models.Model) else thing)

    def _info(self, row: Any) -> CategoryInfo:
        parent = self.section.first(row, "parent")
        return CategoryInfo(
            key=self.key_of(row),
            title=text_of(self.section.first(row, "title")),
            url=self.section.address(row, "url"),
            parent_key="" if parent is None else self.key_of(parent),
        )


@dataclass(frozen=True, slots=True)
class Products:
    section: Section
    categories: Categories | None
    is_minor: bool

    def among(self, keys: Collection[str]) -> dict[str, ProductInfo]:
        """Those that exist among the keys."""
        way = self.section.ways["key"]
        assert way.field is not None
        usable = usable_keys(way.field, keys)
        if not usable:
            return {}
        rows = self.section.rows().filter(**{f"{way.lookup}__in": list(usable.values())})
        found = (self.info(row) for row in rows)
        return {info.key: info for info in found if info.key in usable}

    def key_of(self, row: Any) -> str:
        return text_of(self.section.first(row, "key"))

    def info(self, row: Any) -> ProductInfo:
        read = self.section
        stock = count_of(read.first(row, "stock"))
        available = read.first(row, "available")
        return ProductInfo(
            key=self.key_of(row),
            title=text_of(read.first(row, "title")),
            url=read.address(row, "url"),
            category_keys=self._category_keys(read.all(row, "category")),
            brand=text_of(read.first(row, "brand")),
            price=self.price(row),
            is_available=stock != 0 if available is None else bool(available),
            stock=stock,
            image_url=read.address(row, "image"),
        )

    def price(self, row: Any) -> Money | None:
        amount, currency = self.section.first(row, "price"), self.section.first(row, "currency")
        return money_of(amount, currency, base=conf.get("CURRENCY"), is_minor=self.is_minor)

    def _category_keys(self, values: Iterable[Any]) -> tuple[str, ...]:
        key_of = text_of if self.categories is None else self.categories.key_of
        return tuple(dict.fromkeys(key_of(value) for value in values))
