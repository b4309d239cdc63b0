"""The adapter of a shop that describes its models in settings: paths instead of code.

In comes the mapping of ``MICROSEG["SHOP"]`` (docs/shop.md), out go the frozen values of the seam. A
mapping that cannot be used is refused with everything that is wrong with it. Sections may be left
out; what they would tell is then not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from .adapter import ShopAdapter
from .mapping.carts import Carts
from .mapping.convert import text_of
from .mapping.goods import Categories, Products
from .mapping.judge import judge
from .mapping.lines import Lines
from .mapping.orders import Orders
from .mapping.section import Section, lines_of, section_of
from .values import CartInfo, CategoryInfo, OrderInfo, ProductInfo

__all__ = ["MappedAdapter", "UnknownThing"]


class UnknownThing(TypeError):
    """Somebody asks for the key of a thing whose model the mapping does not know."""

    def __init__(self, thing: object) -> None:
        super().__init__(
            f"The mapping of the shop has no section for {type(thing).__name__}, so it has no key. "
            'Describe its model in MICROSEG["SHOP"], or give the key itself as a text.'
        )


class MappedAdapter(ShopAdapter):
    """A subclass may bring its own ``mapping`` and write in Python what no path can say."""

    mapping: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, mapping: Mapping[str, Any] | None = None) -> None:
        given = self.mapping if mapping is None else mapping
        wrong = [problem for problem in judge(given) if problem.is_error]
        if wrong:
            told = " ".join(f"{each.where} {each.text}. {each.advice}".strip() for each in wrong)
            raise ImproperlyConfigured(f"The mapping of the shop cannot be used. {told} See docs/shop.md.")
        self._sections = {
            name: section_of(name, given[name]) for name in ("product", "category", "order", "cart") if name in given
        }
        self._urls: Mapping[str, str] = given.get("urls", {})
        self._is_minor = given.get("amounts") == "minor"
        self._read()

    def _read(self) -> None:
        """What reads each section, or None for one that is left out."""
        product, category, order, cart = map(self._sections.get, ("product", "category", "order", "cart"))
        self._categories = None if category is None else Categories(category)
        self._products = None if product is None else Products(product, self._categories, self._is_minor)
        self._orders = None if order is None else Orders(order, self._lines(order), self._is_minor)
        lines = None if cart is None else self._lines(cart)
        self._carts = None if cart is None or lines is None else Carts(cart, lines, self._is_minor)

    def _lines(self, owner: Section) -> Lines | None:
        section = lines_of(owner)
        return None if section is None else Lines(section, self._products, self._is_minor)

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return {} if self._products is None else self._products.among(keys)

    def sample(self, number: int) -> tuple[ProductInfo, ...]:
        """A few products, whichever come first."""
        products = self._products
        return () if products is None else tuple(map(products.info, products.section.rows().order_by("pk")[:number]))

    def categories(self) -> tuple[CategoryInfo, ...]:
        return () if self._categories is None else self._categories.all()

    def orders(
        self,
        *,
        keys: Collection[str] | None = None,
        customer_key: str = "",
        email: str = "",
        since: dt.datetime | None = None,
    ) -> Iterator[OrderInfo]:
        if self._orders is None:
            return iter(())
        return self._orders.all(keys=keys, customer_key=customer_key, email=email, since=since)

    def has_ordered(self, *, customer_key: str = "", email: str = "") -> bool | None:
        """One query; None if the mapping does not describe orders, or not whose they are."""
        return None if self._orders is None else self._orders.has_any(customer_key, email)

    def cart(self, request: HttpRequest) -> CartInfo | None:
        return None if self._carts is None else self._carts.of(request, self.products)

    def key_of(self, thing: Any) -> str:
        if isinstance(thing, str):
            return thing
        for section in self._sections.values():
            if isinstance(thing, models.Model) and section.model is not None and isinstance(thing, section.model):
                return text_of(section.first(thing, "key"))
        raise UnknownThing(thing)

    def url_of(self, page: str) -> str:
        name = self._urls.get(page, "")
        if not name or "/" in name:
            return name
        try:
            return reverse(name)
        except NoReverseMatch:  # a system check has said so
            return ""
