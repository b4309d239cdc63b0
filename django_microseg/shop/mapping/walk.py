"""Walks from a thing along a path of attributes, to all values it leads to.

As in a template, a dict is asked by key and a callable is called without arguments. Where a step
leads to many things, the rest of the path goes on from each of them. What is missing on the way is
left out: an empty relation, a None, a file that was never uploaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.files import File
from django.db import models

__all__ = ["AS_TEXT", "first_at", "values_at"]

#: The path to what a thing calls itself.
AS_TEXT = "__str__"


def values_at(thing: Any, path: str) -> list[Any]:
    """What the path leads to, in order; empty if nothing is there."""
    found = [thing]
    for name in path.split("."):
        found = [value for each in found for value in _step(each, name)]
    return found


def first_at(thing: Any, path: str) -> Any:
    """The first value that the path leads to, or None."""
    return next(iter(values_at(thing, path)), None)


def _step(thing: Any, name: str) -> Iterable[Any]:
    try:
        value = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name)
        if isinstance(value, models.Manager):  # a manager of related things can be called, but means them all
            return list(value.all())
        if callable(value):
            value = None if _must_not_be_called(value) else value()
    except (ObjectDoesNotExist, AttributeError):
        return ()
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        return [each for each in value if each is not None]
    is_missing = value is None or (isinstance(value, File) and not value)
    return () if is_missing else (value,)


def _must_not_be_called(value: Any) -> bool:
    """Django's own mark on methods such as ``delete``."""
    return bool(getattr(value, "alters_data", False))
