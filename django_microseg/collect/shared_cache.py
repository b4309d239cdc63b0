"""The cache that the shop's processes share (`MICROSEG["CACHE"]`), or one of this process alone where there is none."""

from __future__ import annotations

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

from .. import conf

__all__ = ["clear_own", "shared_or_own"]

_own: dict[str, BaseCache] = {}


def shared_or_own(name: str, *, most: int) -> BaseCache:
    """The shared cache, else one of this name in this process, which holds ``most`` entries.

    That is not the shop's own local cache: it holds few entries, and ours would push out the shop's.
    """
    alias = conf.get("CACHE")
    if alias is not None:
        return caches[alias]
    if name not in _own:
        _own[name] = LocMemCache(f"django_microseg.{name}", {"OPTIONS": {"MAX_ENTRIES": most}})
    return _own[name]


def clear_own() -> None:
    """Forget what this process alone was told; for tests."""
    for each in _own.values():
        each.clear()
