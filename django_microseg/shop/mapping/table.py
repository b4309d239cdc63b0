"""What may stand in the mapping of a shop: every section, every key in it, and what a key takes.

The judge holds mappings to this table, and docs/shop.md describes each of its keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["AMOUNTS", "LINES", "SECTIONS", "URLS", "Entry", "Kind"]


class Kind(Enum):
    """What a key takes, in words for the one who wrote something else there."""

    MODEL = "a model as app_label.Model"
    PATH = "a path such as brand.name"
    MANY = "a path such as categories.slug, which may lead to several"
    FIELD = "a path of fields alone, because the database is asked by it"
    ADDRESS = 'a path such as get_absolute_url, or {"name": "shop:product", "args": ["slug"]}'
    LINES = "a dict of the lines"
    FILTER = "a dict of lookups as QuerySet.filter() takes them"
    RELATIONS = "a list of paths of relations"
    VALUES = "a list of values of the status"
    TEXT = "a text"


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a section; ``default`` is the path that stands when it is left out."""

    name: str
    kind: Kind
    is_required: bool = False
    default: str = ""


_MODEL = Entry("model", Kind.MODEL, is_required=True)
_KEY = Entry("key", Kind.FIELD, default="pk")
_TITLE = Entry("title", Kind.PATH, default="__str__")
_URL = Entry("url", Kind.ADDRESS)
_ONLY = Entry("only", Kind.FILTER)
_ALSO_READS = Entry("also_reads", Kind.RELATIONS)
_CURRENCY = Entry("currency", Kind.PATH)

SECTIONS: dict[str, tuple[Entry, ...]] = {
    "product": (
        _MODEL,
        _KEY,
        _TITLE,
        _URL,
        Entry("category", Kind.MANY),
        Entry("brand", Kind.PATH),
        Entry("price", Kind.PATH),
        _CURRENCY,
        Entry("stock", Kind.PATH),
        Entry("available", Kind.PATH),
        Entry("image", Kind.ADDRESS),
        _ONLY,
        _ALSO_READS,
    ),
    "category": (_MODEL, _KEY, _TITLE, _URL, Entry("parent", Kind.PATH), _ONLY, _ALSO_READS),
    "cart": (
        _MODEL,
        _KEY,
        Entry("user", Kind.FIELD),
        Entry("session_name", Kind.TEXT),
        Entry("session_field", Kind.FIELD),
        Entry("lines", Kind.LINES, is_required=True),
        Entry("subtotal", Kind.PATH),
        _CURRENCY,
        Entry("updated_at", Kind.PATH),
        _ONLY,
        _ALSO_READS,
    ),
    "order": (
        _MODEL,
        _KEY,
        Entry("placed_at", Kind.FIELD, is_required=True),
        Entry("user", Kind.FIELD),
        Entry("email", Kind.FIELD),
        Entry("status", Kind.FIELD),
        Entry("counted", Kind.VALUES),
        Entry("not_counted", Kind.VALUES),
        Entry("lines", Kind.LINES),
        Entry("total", Kind.PATH),
        _CURRENCY,
        Entry("coupon", Kind.PATH),
        _ONLY,
        _ALSO_READS,
    ),
}

#: The lines of a cart or an order. ``path`` leads from it to them, the others begin at a line.
LINES: tuple[Entry, ...] = (
    Entry("path", Kind.MANY, is_required=True),
    Entry("product", Kind.PATH, is_required=True),
    Entry("quantity", Kind.PATH),
    Entry("price", Kind.PATH),
    _CURRENCY,
    Entry("title", Kind.PATH),
    _ALSO_READS,
)

#: Pages that messages lead to.
URLS = ("cart", "checkout")

#: How the shop keeps money: 12.99 euros, or 1299 cents.
AMOUNTS = ("units", "minor")
