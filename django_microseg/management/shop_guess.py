"""Guesses from the names of a shop's models how ``MICROSEG["SHOP"]`` may read.

A guess is something to start from: what is printed leads somewhere on the models, whether it means
what its key says only the shop can tell. Sections of which too little is found are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.urls import NoReverseMatch, reverse

from django_microseg.shop.mapping.follow import names_on
from django_microseg.shop.mapping.judge import judge

__all__ = ["as_python", "guess_mapping"]

_Model = type[models.Model]
_MODELS = {
    "product": ("Product", "Article", "Item", "Good"),
    "category": ("Category", "ProductCategory", "Collection", "Department"),
    "cart": ("Cart", "Basket", "ShoppingCart"),
    "order": ("Order", "Purchase"),
}
_KEYS = ("slug", "sku", "number", "code", "reference")
_TITLES = ("name", "title", "label")
#: Under which names fields of a meaning are found, the likeliest first.
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "product": {
        "price": ("price", "unit_price", "price_gross"),
        "currency": ("currency",),
        "stock": ("stock", "stock_quantity", "quantity", "inventory", "num_in_stock"),
        "available": ("is_available", "available", "in_stock"),
    },
    "category": {"parent": ("parent",)},
    "cart": {"currency": ("currency",), "updated_at": ("updated_at", "updated", "modified", "changed_at")},
    "order": {
        "placed_at": ("placed_at", "ordered_at", "date_placed", "created_at", "created", "date"),
        "email": ("email", "guest_email", "customer_email", "mail"),
        "status": ("status", "state"),
        "total": ("total", "total_price", "grand_total", "amount"),
        "currency": ("currency",),
        "coupon": ("coupon", "coupon_code", "voucher"),
    },
}
_LINE_FIELDS: dict[str, tuple[str, ...]] = {
    "quantity": ("quantity", "qty", "count"),
    "price": ("price", "unit_price"),
}
_BRANDS = ("brand", "manufacturer", "maker", "vendor")
_IMAGES = ("image", "picture", "photo", "thumbnail")
_SESSIONS = ("session_key", "session_id", "session")
_UNDONE = ("cancel", "refund", "return", "void", "fail")


def guess_mapping(among: Iterable[_Model]) -> dict[str, Any]:
    """Sections that can be used as they stand; empty if none of the models looks like a shop's."""
    own = [model for model in among if not model.__module__.startswith(("django.", "django_microseg."))]
    found = {section: model for section, names in _MODELS.items() if (model := _named(names, own)) is not None}
    made = {section: _section(section, model, found) for section, model in found.items()}
    while wrong := {problem.where.partition(".")[0] for problem in judge(made) if problem.is_error}:
        made = {section: given for section, given in made.items() if section not in wrong}
    return {**made, **_urls(found)} if made else {}


def as_python(value: Any, depth: int = 0) -> str:
    """A mapping as one writes it in settings, with each key on a line of its own."""
    if isinstance(value, list):
        return f"[{', '.join(map(as_python, value))}]"
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    inner = "".join(f"{' ' * 4 * (depth + 1)}{as_python(key)}: {as_python(value[key], depth + 1)},\n" for key in value)
    return "{\n" + inner + " " * 4 * depth + "}"


def _named(names: Iterable[str], own: list[_Model]) -> _Model | None:
    return next((model for name in names for model in own if model.__name__ == name), None)


def _first_of_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs as a dict in which the first of a name stands."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def _section(section: str, model: _Model, found: dict[str, _Model]) -> dict[str, Any]:
    given: dict[str, Any] = {"model": model._meta.label}
    given |= _first_of_each(_key(model))
    if section in ("product", "category"):
        given |= _first(model, {"title": _TITLES})
    if section == "product":
        given |= _first_of_each(_of_product(model, found.get("category")))
    given |= _first(model, _FIELDS[section])
    if section in ("cart", "order"):
        given |= _first_of_each(_owner(section, model))
        given |= _first_of_each(_lines(model, found.get("product")))
    return given | (_counting(names_on(model)[given["status"]]) if "status" in given else {})


def _key(model: _Model) -> Iterator[tuple[str, str]]:
    names = names_on(model)
    yield from (("key", name) for name in _KEYS if name in names and getattr(names[name], "unique", False))


def _first(model: _Model, fields: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """For each key the first of its names that the model has."""
    names = names_on(model)
    known = ((key, next((name for name in candidates if name in names), "")) for key, candidates in fields.items())
    return {key: name for key, name in known if name}


def _of_product(model: _Model, category: _Model | None) -> Iterator[tuple[str, str]]:
    names = names_on(model)
    for name, field in names.items():
        if category is not None and field.is_relation and field.related_model is category and name == field.name:
            yield "category", name
    for name in _BRANDS:
        if name in names:
            target = names[name].related_model if names[name].is_relation else None
            title = _first(target, {"title": _TITLES}) if target else {}
            yield "brand", f"{name}.{title['title']}" if title else name
    for name in _IMAGES:
        if name in names:
            yield "image", f"{name}.url" if isinstance(names[name], models.FileField) else name


def _owner(section: str, model: _Model) -> Iterator[tuple[str, str]]:
    """The user, straight or by way of the shop's own customer; for carts the session too."""
    for name, field in names_on(model).items():
        target = field.related_model if field.is_relation and field.concrete and name == field.name else None
        if target is get_user_model():
            yield "user", name
        elif target is not None:
            further = [each.name for each in target._meta.concrete_fields if each.related_model is get_user_model()]
            yield from (("user", f"{name}.{each}") for each in further)
    if section == "cart":
        yield from (("session_field", name) for name in _SESSIONS if name in names_on(model))


def _lines(model: _Model, product: _Model | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Whatever many things each lead to one product."""
    for name, field in names_on(model).items():
        if product is None or not field.one_to_many:
            continue
        line = field.related_model
        leading = [each.name for each in line._meta.concrete_fields if each.related_model is product]
        if leading:
            yield "lines", {"path": name, "product": leading[0], **_first(line, _LINE_FIELDS)}


def _counting(status: Any) -> dict[str, list[Any]]:
    """Which of its choices sound as if the order did not stand."""
    choices = getattr(status, "flatchoices", ())
    undone = [value for value, label in choices if any(word in f"{value} {label}".lower() for word in _UNDONE)]
    return {"not_counted": undone or ["cancelled", "refunded"]}


def _urls(found: dict[str, _Model]) -> dict[str, dict[str, str]]:
    spaces = ["", *(f"{model._meta.app_label}:" for model in found.values())]
    pages = {page: [f"{space}{page}" for space in spaces] for page in ("cart", "checkout")}
    urls = {page: next(filter(_is_there, names), "") for page, names in pages.items()}
    urls = {page: name for page, name in urls.items() if name}
    return {"urls": urls} if urls else {}


def _is_there(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
