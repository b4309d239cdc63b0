"""Where a thing is shown: its own word for it, or an address of the shop made by name from values of the thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse

from .convert import text_of
from .follow import Relation, Way, follow
from .walk import first_at

__all__ = ["Address", "address_on"]

_OWN = "get_absolute_url"


@dataclass(frozen=True, slots=True)
class Address:
    """``name`` is empty for a thing that knows its own address, which ``args[0]`` leads to."""

    name: str
    args: tuple[Way, ...]
    kwargs: Mapping[str, Way]

    @property
    def relations(self) -> list[tuple[Relation, ...]]:
        return [way.relations for way in (*self.args, *self.kwargs.values())]

    def of(self, thing: Any) -> str:
        """The address, empty if the shop has none for this thing."""
        try:
            return self._made(thing)
        except NoReverseMatch:
            return ""

    def _made(self, thing: Any) -> str:
        args = [first_at(thing, way.path) for way in self.args]
        if not self.name:
            return text_of(args[0])
        kwargs = {name: first_at(thing, way.path) for name, way in self.kwargs.items()}
        return reverse(self.name, args=args or None, kwargs=kwargs or None)


def address_on(model: type[models.Model], given: Any) -> Address | None:
    """The address that a mapping describes; without one, what the model itself says."""
    if given is None:
        return _by_path(model, _OWN) if hasattr(model, _OWN) else None
    if isinstance(given, str):
        return _by_path(model, given)
    args = tuple(follow(model, path) for path in given.get("args", ()))
    kwargs = {name: follow(model, path) for name, path in given.get("kwargs", {}).items()}
    return Address(given["name"], args, kwargs)


def _by_path(model: type[models.Model], path: str) -> Address:
    return Address("", (follow(model, path),), {})
