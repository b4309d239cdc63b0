"""The lines of a cart or an order. What a line does not say itself is said by its product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django_microseg import conf

from ..values import LineInfo, Money, ProductInfo
from .convert import money_of, pieces_of, text_of
from .follow import Relation
from .goods import Products
from .section import Section
from .walk import values_at

__all__ = ["Lines", "sum_of", "with_product"]


@dataclass(frozen=True, slots=True)
class Lines:
    section: Section
    products: Products | None
    is_minor: bool

    def relations(self) -> list[tuple[Relation, ...]]:
        """What the owner of the lines must read along."""
        here = self.section.ways["path"].relations
        behind = [*self.section.relations, *self._of_products()]
        return [here, *((*here, *relations) for relations in behind)]

    def of(self, owner: Any, currency: Any) -> Iterator[LineInfo]:
        """The lines that hold something; ``currency`` is the owner's."""
        for row in values_at(owner, self.section.ways["path"].path):
            line = self._line(row, currency)
            if line.quantity > 0:
                yield line

    def _of_products(self) -> list[tuple[Relation, ...]]:
        way = self.section.ways["product"]
        if self.products is None or way.target is None:
            return []
        return [(*way.relations, *relations) for relations in self.products.section.relations]

    def _line(self, row: Any, currency: Any) -> LineInfo:
        thing = self.section.first(row, "product")
        product = self._product(thing)
        own = self._price(row, currency)
        line = LineInfo(
            product_key=text_of(thing) if product is None else product.key,
            quantity=pieces_of(self.section.first(row, "quantity")),
            unit_price=own,
            title=text_of(self.section.first(row, "title")),
        )
        return line if product is None else with_product(line, product)

    def _product(self, thing: Any) -> ProductInfo | None:
        products = self.products
        if products is None or products.section.model is None or not isinstance(thing, products.section.model):
            return None
        return products.info(thing)

    def _price(self, row: Any, currency: Any) -> Money | None:
        amount, own = self.section.first(row, "price"), self.section.first(row, "currency")
        base = text_of(currency) or conf.get("CURRENCY")
        return money_of(amount, own, base=base, is_minor=self.is_minor)


def with_product(line: LineInfo, product: ProductInfo) -> LineInfo:
    """The line with what it does not say itself."""
    return replace(
        line,
        unit_price=line.unit_price or product.price,
        title=line.title or product.title,
        url=product.url,
        image_url=product.image_url,
        is_available=product.is_available,
    )


def sum_of(lines: tuple[LineInfo, ...]) -> Money | None:
    """What the lines cost; None if a price is missing or they are in several currencies."""
    prices = [line.unit_price for line in lines]
    currencies = {price.currency for price in prices if price is not None}
    if None in prices or len(currencies) != 1:
        return None
    amounts = [price.amount * line.quantity for price, line in zip(prices, lines, strict=True) if price is not None]
    return Money(sum(amounts[1:], amounts[0]), currencies.pop())
