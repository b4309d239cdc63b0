"""Who can hand out and remove what: one entry for each table and cache that may hold a person.

A table that has a foreign key to `Profile`, or a column of a visitor's or customer's key, and no
entry here fails a system check. Entries are made in `handlers`, when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.db.models import Model

from ..profile.models import Profile
from .subject import Subject

__all__ = [
    "CacheEntry",
    "TableEntry",
    "caches",
    "register",
    "register_cache",
    "tables",
    "unregistered_models",
]

Row = dict[str, Any]

_PACKAGE = __name__.partition(".")[0]
_KEY_COLUMNS = frozenset({"visitor_key", "customer_key"})


@dataclass(frozen=True, slots=True)
class TableEntry:
    """``export`` gives a subject's rows; ``erase`` removes them and says how many it touched, or, where the row
    ``stays``, takes the name out of it.
    """

    model: type[Model]
    export: Callable[[Subject], Iterable[Row]]
    erase: Callable[[Subject], int]
    stays: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """Something outside the database. ``find`` gives what it holds of a subject, by key."""

    name: str
    find: Callable[[Subject], Row]
    erase: Callable[[Subject], int]


_tables: dict[type[Model], TableEntry] = {}
_caches: dict[str, CacheEntry] = {}


def register(
    model: type[Model],
    *,
    export: Callable[[Subject], Iterable[Row]],
    erase: Callable[[Subject], int],
    stays: bool = False,
) -> None:
    """Say how a table hands out and removes a subject's rows. Registering again replaces."""
    _tables[model] = TableEntry(model, export, erase, stays)


def register_cache(name: str, *, find: Callable[[Subject], Row], erase: Callable[[Subject], int]) -> None:
    """The same for a cache, a stream, files or anything else outside the database."""
    _caches[name] = CacheEntry(name, find, erase)


def tables() -> tuple[TableEntry, ...]:
    """All tables, those that others point at last."""
    return tuple(sorted(_tables.values(), key=lambda entry: entry.model is Profile))


def caches() -> tuple[CacheEntry, ...]:
    return tuple(_caches.values())


def unregistered_models(registry: Apps = apps) -> list[type[Model]]:
    """Models that can hold a person and have no entry; a system check names them."""
    return [
        model
        for model in registry.get_models(include_auto_created=True)
        if not model._meta.proxy and model not in _tables and _may_hold_person(model)
    ]


def _may_hold_person(model: type[Model]) -> bool:
    fields = model._meta.concrete_fields
    if any(field.related_model is Profile for field in fields):
        return True
    is_ours = model.__module__.partition(".")[0] == _PACKAGE or model._meta.app_label == _PACKAGE
    return is_ours and any(field.name in _KEY_COLUMNS for field in fields)
