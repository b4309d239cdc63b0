"""Finds the cart that belongs to a request, and reads it. Creates neither a cart nor a session.

A customer who is logged in has the cart of the account; anybody else the one that the session
names. A visitor without a session cookie has none, and their session is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest

from django_microseg import conf

from ..customer import customer_key_of, session_of, user_of
from ..values import CartInfo, LineInfo, ProductInfo
from .convert import money_of, text_of
from .follow import Way
from .keys import usable_keys
from .lines import Lines, sum_of, with_product
from .moment import instant_of
from .section import Section

__all__ = ["Carts"]

_Products = Callable[[Collection[str]], Mapping[str, ProductInfo]]


@dataclass(frozen=True, slots=True)
class Carts:
    section: Section
    lines: Lines
    is_minor: bool

    def of(self, request: HttpRequest, products: _Products) -> CartInfo | None:
        """The request's cart; ``products`` is asked about lines that hold no more than a product's key."""
        user = user_of(request)
        wanted = self._wanted(request, user)
        row = None if wanted is None else self._latest(wanted)
        return None if row is None else self._info(row, customer_key_of(user), products)

    def _wanted(self, request: HttpRequest, user: Any) -> models.Q | None:
        """What finds the cart, or None if there can be none."""
        owner = self.section.ways.get("user")
        if owner is not None and user is not None:
            return _owned_by(owner, user)
        named = self._named(request)
        if named is None or owner is None:
            return named
        return named & _owned_by_nobody(owner)

    def _named(self, request: HttpRequest) -> models.Q | None:
        options, way = self.section.options, self.section.ways.get("session_field", self.section.ways["key"])
        session = session_of(request)
        if session is None or not ("session_name" in options or "session_field" in options):
            return None
        value = session.get(options.get("session_name", ""))  # reads it: a session that is over has no key
        return _equal(way, text_of(value if "session_name" in options else session.session_key))

    def _latest(self, wanted: models.Q) -> Any:
        """Should there be several, the one that was changed last."""
        updated = self.section.ways.get("updated_at")
        latest = [models.F(updated.lookup).desc(nulls_last=True)] if updated is not None and updated.lookup else []
        rows = self.section.rows(*self.lines.relations())
        return rows.filter(wanted).order_by(*latest, "-pk").first()

    def _info(self, row: Any, customer_key: str, products: _Products) -> CartInfo | None:
        currency = self.section.first(row, "currency")
        lines = _filled(tuple(self.lines.of(row, currency)), products)
        if not lines:
            return None
        base = conf.get("CURRENCY")
        own = money_of(self.section.first(row, "subtotal"), currency, base=base, is_minor=self.is_minor)
        return CartInfo(
            key=text_of(self.section.first(row, "key")),
            lines=lines,
            subtotal=own or sum_of(lines),
            customer_key=customer_key if self.section.has("user") else "",
            updated_at=instant_of(self.section.first(row, "updated_at")),
        )


def _filled(lines: tuple[LineInfo, ...], products: _Products) -> tuple[LineInfo, ...]:
    """Lines that led to a product's key alone, with what the shop knows of it; those that led nowhere left out."""
    known = [line for line in lines if line.product_key]
    bare = [line.product_key for line in known if not line.title]
    found = products(bare) if bare else {}
    return tuple(with_product(line, found[line.product_key]) if line.product_key in found else line for line in known)


def _owned_by(owner: Way, user: Any) -> models.Q | None:
    if owner.target is not None:
        return models.Q(**{f"{owner.lookup}__pk": user.pk})
    return _equal(owner, customer_key_of(user))


def _owned_by_nobody(owner: Way) -> models.Q:
    """Whoever is not logged in is shown no customer's cart."""
    nobody = models.Q(**{f"{owner.lookup}__isnull": True})
    is_text = owner.field is not None and owner.field.empty_strings_allowed
    return nobody | models.Q(**{owner.lookup: ""}) if is_text else nobody


def _equal(way: Way, key: str) -> models.Q | None:
    assert way.field is not None
    usable = usable_keys(way.field, [key])
    return models.Q(**{way.lookup: usable[key]}) if usable else None
