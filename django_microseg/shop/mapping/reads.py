"""Reads along what paths cross, so that a page of rows costs a fixed number of queries.

Relations to one thing are joined; a relation to many costs one query, and what lies behind it is
joined to that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from .follow import Relation

__all__ = ["reading_along"]

_Rows = QuerySet[Any, Any]


def reading_along(rows: _Rows, ways: Iterable[tuple[Relation, ...]]) -> _Rows:
    """The rows with everything that the ways, given by their relations, cross."""
    joined: set[str] = set()
    prefetched: set[str] = set()
    behind: defaultdict[str, list[tuple[Relation, ...]]] = defaultdict(list)
    targets: dict[str, type[Model]] = {}
    for relations in ways:
        single = tuple(takewhile(_can_be_joined, relations))
        rest = relations[len(single) :]
        if single:
            joined.add("__".join(each.lookup for each in single))
        if rest:
            name = "__".join(each.attribute for each in (*single, rest[0]))
            prefetched.add(name)
            behind[name].append(rest[1:])
            if rest[0].target is not None:
                targets[name] = rest[0].target
    if joined:
        rows = rows.select_related(*sorted(joined))
    return rows.prefetch_related(
        *(_prefetch(name, targets.get(name), behind[name]) for name in sorted(prefetched)),
    )


def _can_be_joined(relation: Relation) -> bool:
    return not relation.is_many and relation.target is not None


def _prefetch(
    name: str, target: type[Model] | None, ways: list[tuple[Relation, ...]]
) -> str | Prefetch[str, _Rows, str]:
    """A generic relation may lead anywhere, so nothing behind it can be read along."""
    if target is None:
        return name
    rows = target._default_manager.all()
    return Prefetch(name, reading_along(rows if rows.ordered else rows.order_by("pk"), ways))
