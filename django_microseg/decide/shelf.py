"""A cache that all web processes share: visitors as pages see them, and the publication's version.

Off unless ``MICROSEG["CACHE"]`` names a cache. What lies here is at most 30 seconds old, belongs to
the publication in force and is never older than what the asking browser has caused; anything else
counts as not there. A cache that fails is a cache that is empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import transaction

from django_microseg import conf
from django_microseg.collect.breaker import Breaker
from django_microseg.segment.models import Publication
from django_microseg.segment.reader import View
from django_microseg.segment.rulebook import load

from .guard import Guard

__all__ = ["announce", "fetch", "fetch_nobody", "find", "forget", "is_there", "keep", "outdate"]

SECONDS = 30
_VERSION_KEY = "microseg:1:publication"

SHARING = Guard("use the shared cache", breaker=Breaker())


def is_there() -> bool:
    """Whether the shop has such a cache at all."""
    return conf.get("CACHE") is not None


def fetch(visitor_key: str, *, at_least: int, now: int) -> View | None:
    """The view of a visitor, if it lies here and is fresh enough."""
    cache = _cache()
    if cache is None:
        return None
    key = _view_key(visitor_key)
    nothing: dict[str, Any] = {}
    found = SHARING.run(lambda: cache.get_many([key, _VERSION_KEY]), nothing)
    version, kept = found.get(_VERSION_KEY), found.get(key)
    if version is None or kept is None or kept[0] != version:
        return None
    view = View(load(version), now, kept[1])
    return view if view.revision >= at_least else None


def fetch_nobody(*, now: int) -> View | None:
    """The view of somebody unknown, if the publication's version lies here."""
    cache = _cache()
    if cache is None:
        return None
    version = SHARING.run(lambda: cache.get(_VERSION_KEY), None)
    return None if version is None else View(load(version), now, None)


def keep(visitor_key: str, view: View) -> None:
    """Put a view that was just read from the database here."""
    cache = _cache()
    if cache is None:
        return
    SHARING.run(lambda: _keep(cache, visitor_key, view), None)


def _keep(cache: BaseCache, visitor_key: str, view: View) -> None:
    """Only an announcement replaces the version: what a reader saw may already be the past."""
    version = view.book.version
    cache.add(_VERSION_KEY, version, SECONDS)
    if visitor_key and view.row is not None:
        cache.set(_view_key(visitor_key), (version, view.row), SECONDS)


def announce(sender: type[Publication], instance: Publication, **kwargs: Any) -> None:
    """Tell all processes, once it is committed, that there is a new publication."""
    version = instance.version
    cache = _cache()
    if cache is not None:
        transaction.on_commit(
            lambda: SHARING.run(lambda: cache.set(_VERSION_KEY, version, SECONDS), None),
            robust=True,
        )


def find(visitor_keys: Iterable[str]) -> dict[str, Any]:
    """What lies here of these visitors, by cache key."""
    cache = _cache()
    found: dict[str, Any] = {} if cache is None else cache.get_many([_view_key(key) for key in visitor_keys])
    return {key: repr(row) for key, (_, row) in found.items()}


def forget(visitor_keys: Iterable[str]) -> int:
    """Remove what lies here of these visitors; returns how many there were."""
    cache = _cache()
    if cache is None:
        return 0
    found = list(find(visitor_keys))
    cache.delete_many(found)
    return len(found)


def outdate(visitor_keys: Iterable[str]) -> None:
    """Something of these visitors was stored apart from any page of theirs: their next page reads it anew."""
    if is_there():
        SHARING.run(lambda: forget(visitor_keys), 0)


def _cache() -> BaseCache | None:
    alias = conf.get("CACHE")
    return None if alias is None else caches[alias]


def _view_key(visitor_key: str) -> str:
    return f"microseg:1:view:{visitor_key}"
