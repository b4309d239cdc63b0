"""A section of a mapping, ready for reading: its model, the way of each path, and what to read along.

It is made of a section that the judge has found right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from .address import Address, address_on
from .follow import Relation, Way, follow
from .reads import reading_along
from .table import LINES, SECTIONS, Entry, Kind
from .walk import first_at, values_at

__all__ = ["Section", "lines_of", "section_of"]

_PATHS = (Kind.PATH, Kind.MANY, Kind.FIELD)


@dataclass(frozen=True, slots=True)
class Section:
    """Without a model (lines that are no rows) its paths are walked as they are written."""

    model: type[models.Model] | None
    ways: Mapping[str, Way]
    addresses: Mapping[str, Address]
    relations: tuple[tuple[Relation, ...], ...]
    options: Mapping[str, Any]

    def rows(self, *also: tuple[Relation, ...]) -> models.QuerySet[Any, Any]:
        """All rows that count as such, with everything that reading them will need."""
        assert self.model is not None
        rows = self.model._default_manager.filter(**self.options.get("only", {}))
        return reading_along(rows, (*self.relations, *also))

    def has(self, name: str) -> bool:
        return name in self.ways

    def first(self, thing: Any, name: str) -> Any:
        """The value of one key for a thing, or None."""
        return first_at(thing, self.ways[name].path) if name in self.ways else None

    def all(self, thing: Any, name: str) -> list[Any]:
        return values_at(thing, self.ways[name].path) if name in self.ways else []

    def address(self, thing: Any, name: str) -> str:
        return self.addresses[name].of(thing) if name in self.addresses else ""


def section_of(name: str, given: Mapping[str, Any]) -> Section:
    """The section of a name, such as ``product``."""
    return _made(SECTIONS[name], apps.get_model(given["model"]), given)


def lines_of(owner: Section) -> Section | None:
    """The lines of a cart or an order, if its section describes them. ``path`` goes from the owner."""
    given = owner.options.get("lines")
    if given is None:
        return None
    assert owner.model is not None
    at = follow(owner.model, given["path"])
    entries = tuple(entry for entry in LINES if entry.name != "path")
    lines = _made(entries, at.target, given)
    return Section(lines.model, {**lines.ways, "path": at}, {}, lines.relations, given)


def _made(entries: tuple[Entry, ...], model: type[models.Model] | None, given: Mapping[str, Any]) -> Section:
    ways: dict[str, Way] = {}
    addresses: dict[str, Address] = {}
    for entry in entries:
        path = given.get(entry.name) or entry.default
        if entry.kind in _PATHS and path:
            ways[entry.name] = Way(path) if model is None else follow(model, path)
        elif entry.kind is Kind.ADDRESS and model is not None:
            address = _address(model, entry.name, given.get(entry.name))
            addresses |= {} if address is None else {entry.name: address}
    crossed = [way.relations for way in ways.values()]
    crossed += [relations for each in addresses.values() for relations in each.relations]
    if model is not None:
        crossed += [follow(model, path).relations for path in given.get("also_reads", ())]
    return Section(model, ways, addresses, tuple(each for each in crossed if each), given)


def _address(model: type[models.Model], name: str, given: Any) -> Address | None:
    """Only its page does a thing know by itself, not its picture."""
    return None if given is None and name != "url" else address_on(model, given)
