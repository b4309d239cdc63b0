"""Things of the shop in the order that fits the visitor: what an experience names comes first.

In comes anything that can be looped over (objects of the shop, texts, dicts); out goes a list with
the very same things. Whoever no order fits gets back what was given, untouched and unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django_microseg.shop.current import current_shop
from django_microseg.shop.values import CategoryInfo, ProductInfo

from .guard import Guard
from .slots import ORDER
from .visitor import Visitor

__all__ = ["ORDERING", "key_reader", "order_for", "put_first"]

_T = TypeVar("_T")

ORDERING = Guard("put things in the visitor's order", breaker=None)


def order_for(visitor: Visitor | None, things: Any, *, slot: str, key: str = "") -> Any:
    """The things in the visitor's order. ``key`` is the path from a thing to its key, such as ``category.slug``."""
    keys = () if visitor is None else _keys_for(visitor, slot)
    if not keys or isinstance(things, str | Mapping) or not isinstance(things, Iterable):
        return things
    found = list(things)
    return ORDERING.run(lambda: put_first(found, keys, key_reader(key)), found, about=f"slot {slot}")


def _keys_for(visitor: Visitor, slot: str) -> tuple[str, ...]:
    choice = visitor.decide(slot).choice
    return choice.order_keys if choice is not None and choice.kind == ORDER else ()


def put_first(things: Iterable[_T], keys: Sequence[str], key_of: Callable[[_T], str]) -> list[_T]:
    """The things that are named, in the order of the keys; then the rest as it was.

    It is one stable sort, so that nothing can be lost, added or doubled.
    """
    places = {key: place for place, key in enumerate(keys)}
    return sorted(things, key=lambda thing: places.get(key_of(thing), len(places)))


def key_reader(path: str) -> Callable[[Any], str]:
    """What reads the key of a thing, or of what a path leads to from it."""
    steps = path.split(".") if path else []

    def read(thing: Any) -> str:
        for step in steps:
            thing = thing[step] if isinstance(thing, Mapping) else getattr(thing, step)
        return _key_of(thing)

    return read


def _key_of(thing: Any) -> str:
    if isinstance(thing, CategoryInfo | ProductInfo):
        return thing.key
    if isinstance(thing, Mapping):
        return str(thing["key"])
    return thing if isinstance(thing, str) else current_shop().key_of(thing)
