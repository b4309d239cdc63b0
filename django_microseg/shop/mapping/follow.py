"""Follows a path on a model before any row is read: is it there, and which relations does it cross?

In comes a model and a path, out goes a `Way`, or `LeadsNowhere` with what to do. No query is made.
What only a row could tell, such as the inside of a JSON value or what a method returns, is believed.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.db import models

from .walk import AS_TEXT

__all__ = ["LeadsNowhere", "Relation", "Way", "did_you_mean", "follow", "names_on"]

#: Django's own plain fields, and whose attributes may follow them in a path.
_PLAIN: dict[type[models.Field[Any, Any]], type] = {
    models.CharField: str, models.TextField: str, models.SlugField: str, models.EmailField: str,
    models.URLField: str, models.IntegerField: int, models.BigIntegerField: int,
    models.SmallIntegerField: int, models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int, models.PositiveBigIntegerField: int,
    models.AutoField: int, models.BigAutoField: int, models.BooleanField: bool,
    models.DecimalField: Decimal, models.FloatField: float, models.DateTimeField: dt.datetime,
    models.DateField: dt.date,
}  # fmt: skip


class LeadsNowhere(Exception):
    """A path that cannot be walked. ``advice`` says what to write instead, if that is known."""

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(problem)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that a path crosses: its name as an attribute and in lookups. Without a target it is generic."""

    attribute: str
    lookup: str
    target: type[models.Model] | None
    is_many: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A path that was followed.

    ``lookup`` is its spelling in queries, empty if the database does not know it; ``target`` the
    model at whose instances it ends, if it ends at some; ``field`` the plain field at its end.
    """

    path: str
    relations: tuple[Relation, ...] = ()
    lookup: str = ""
    target: type[models.Model] | None = None
    field: models.Field[Any, Any] | None = None

    @property
    def is_many(self) -> bool:
        return any(each.is_many for each in self.relations)


def follow(model: type[models.Model], path: str) -> Way:
    """The way of a path on a model."""
    if path == AS_TEXT:
        return Way(path)
    relations: list[Relation] = []
    names = path.split(".")
    for at, name in enumerate(names):
        found = _find(model, name)
        if not isinstance(found, Relation):
            return _end(Way(path, tuple(relations)), found, model, names[at:])
        relations.append(found)
        if found.target is None:
            return Way(path, tuple(relations))
        model = found.target
    return Way(path, tuple(relations), _spelled(relations), model)


def _end(way: Way, field: models.Field[Any, Any] | None, model: type[models.Model], names: list[str]) -> Way:
    """The way with its last field; if more names follow on a value, they are for Python alone."""
    if field is None:
        return way
    if len(names) > 1:
        _check_inside(field, model, names[1])
        return way
    return replace(way, lookup=_spelled(way.relations, names[0]), field=field)


def _spelled(relations: Iterable[Relation], *last: str) -> str:
    return "__".join((*(each.lookup for each in relations), *last))


def names_on(model: type[models.Model]) -> dict[str, Any]:
    """What attributes of a model the database knows, by name."""
    found = {_attribute(field): field for field in model._meta.get_fields()}
    return {**{field.attname: field for field in model._meta.concrete_fields}, **found, "pk": model._meta.pk}


def _find(model: type[models.Model], name: str) -> Relation | models.Field[Any, Any] | None:
    """A relation, a plain field, or None for what only Python knows."""
    field = names_on(model).get(name)
    if field is None:
        _check_attribute(model, name)
        return None
    is_plain = field.concrete and (not field.is_relation or name != field.name)
    return field if is_plain else _relation(field, name)


def _relation(field: Any, name: str) -> Relation:
    is_many = bool(field.one_to_many or field.many_to_many)
    lookup = field.remote_field.related_query_name() if _is_from_elsewhere(field) else field.name
    return Relation(name, lookup, field.related_model, is_many)


def _attribute(field: Any) -> str:
    """Under which name a row has it: relations from elsewhere have an accessor."""
    return (field.get_accessor_name() or "") if _is_from_elsewhere(field) else field.name


def _is_from_elsewhere(field: Any) -> bool:
    return bool(field.auto_created and field.is_relation and not field.concrete)


def _check_attribute(model: type[models.Model], name: str) -> None:
    if name in model._default_manager.all().query.annotations:
        return
    found = inspect.getattr_static(model, name, None)
    if found is None:
        raise LeadsNowhere(f"{model._meta.label} has no {name!r}", _near(name, model))
    if getattr(found, "alters_data", False):
        raise LeadsNowhere(f"{name!r} of {model._meta.label} changes data", "Name something that only reads.")
    if inspect.isfunction(found) and _needed(found) > 1:
        raise LeadsNowhere(f"{name!r} of {model._meta.label} needs arguments", "Name a method without arguments.")


def _needed(function: Any) -> int:
    """How many arguments must be given, ``self`` among them."""
    fixed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    needed = [each for each in parameters if each.default is inspect.Parameter.empty]
    return sum(each.kind in fixed or each.kind is inspect.Parameter.KEYWORD_ONLY for each in needed)


def _check_inside(field: models.Field[Any, Any], model: type[models.Model], name: str) -> None:
    """A text has no ``url``: say so at once. Fields of other makers may hold anything."""
    plain = _PLAIN.get(type(field))
    if plain is not None and not hasattr(plain, name):
        raise LeadsNowhere(f"{field.name!r} of {model._meta.label} is a plain value and has no {name!r}")


def _near(name: str, model: type[models.Model]) -> str:
    if "__" in name.strip("_"):
        return f"Write {name.replace('__', '.')!r}: paths have dots."
    return did_you_mean(name, [*names_on(model), *(each for each in dir(model) if not each.startswith("_"))])


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence about the nearest of the known names, or nothing."""
    near = get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else ""
