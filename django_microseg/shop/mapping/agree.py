"""Do the sections of a mapping fit together? Each of them is well formed by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from django_microseg import conf

from .follow import follow
from .problem import Problem, Wrong

__all__ = ["disagreements"]

_Given = Mapping[str, Any]


def disagreements(mapping: _Given) -> Iterator[Problem]:
    """Where one part of a mapping contradicts another."""
    product, category = mapping.get("product"), mapping.get("category")
    if product is not None:
        yield from _leads_to_own("product", product, "category", category)
    if category is not None:
        yield from _leads_to_own("category", category, "parent", category)
    for name in ("cart", "order"):
        if name in mapping:
            yield from _user(name, mapping[name])
            yield from _line_product(name, mapping[name], product)
    yield from _cart(mapping.get("cart", {}))
    yield from _order(mapping.get("order", {}))


def _leads_to_own(section: str, given: _Given, name: str, category: _Given | None) -> Iterator[Problem]:
    """A path to whole categories needs to know what their keys are."""
    target = _target(given, name)
    if target is None or (category is not None and issubclass(target, _model(category))):
        return
    text = f"leads to {target._meta.label}, and no section says what its key is"
    advice = f"Go on to the field that names it, such as '{given[name]}.slug', or describe it as category."
    yield Problem(Wrong.UNFIT, f"{section}.{name}", text, advice)


def _line_product(section: str, given: _Given, product: _Given | None) -> Iterator[Problem]:
    row = _target(given, "lines")
    target = None if row is None else follow(row, given["lines"]["product"]).target
    if target is None or (product is not None and issubclass(target, _model(product))):
        return
    text = f"leads to {target._meta.label}, which is not the product section's model"
    advice = "Lead from the line to the product, or to the field that holds the product's key."
    yield Problem(Wrong.UNFIT, f"{section}.lines.product", text, advice)


def _user(section: str, given: _Given) -> Iterator[Problem]:
    target = _target(given, "user")
    where = f"{section}.user"
    if target is not None and not issubclass(target, get_user_model()):
        text = f"leads to {target._meta.label}, which is not the user model"
        advice = f"Go on to the user, such as '{given['user']}.user', or to the field that holds the customer's key."
        yield Problem(Wrong.UNFIT, where, text, advice)
    elif target is not None and section == "order" and conf.get("CUSTOMER_KEY"):
        text = "leads to the user, but customers are named by CUSTOMER_KEY, so their orders cannot be looked up"
        yield Problem(Wrong.UNFIT, where, text, "Lead to the field that holds what CUSTOMER_KEY gives.")


def _cart(given: _Given) -> Iterator[Problem]:
    if given and not {"user", "session_name", "session_field"} & set(given):
        text = "does not say whose a cart is"
        yield Problem(Wrong.MISSING, "cart", text, "Give user, session_name, session_field or several of them.")


def _order(given: _Given) -> Iterator[Problem]:
    if given and not {"user", "email"} & set(given):
        yield Problem(Wrong.MISSING, "order", "does not say whose an order is", "Give user, email or both.")
    named = [name for name in ("counted", "not_counted") if name in given]
    if len(named) > 1:
        yield Problem(Wrong.UNFIT, "order.counted", "stands beside not_counted", "Leave one of them out.")
    if named and "status" not in given:
        yield Problem(Wrong.MISSING, "order.status", f"is missing, but {named[0]} is there", "Give the status.")
    if "status" in given and not named:
        text = "is there, but nothing says which of its values count"
        yield Problem(Wrong.MISSING, "order.status", text, "Give not_counted, such as ['cancelled', 'refunded'].")


def _target(given: _Given, name: str) -> type[models.Model] | None:
    """The model that a path of a section leads to, if it leads to whole rows."""
    path = given.get(name)
    path = path["path"] if isinstance(path, Mapping) else path
    return None if path is None else follow(_model(given), path).target


def _model(given: _Given) -> type[models.Model]:
    return apps.get_model(given["model"])
