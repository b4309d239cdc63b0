"""Which adapter speaks for the host shop: the one that ``MICROSEG["SHOP"]`` names or describes.

It is made once and kept until the setting changes. A setting that cannot be used raises; the system
checks say so before any request does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from .. import conf
from .adapter import ShopAdapter
from .mapped import MappedAdapter
from .no_shop import NoShop

__all__ = ["adapter_class", "current_shop", "use_shop"]

_standing_in: list[ShopAdapter] = []


def current_shop() -> ShopAdapter:
    """The adapter in force; one that knows nothing if the shop has named none."""
    return _standing_in[-1] if _standing_in else _named_shop()


@contextmanager
def use_shop(shop: ShopAdapter) -> Iterator[ShopAdapter]:
    """Let another adapter answer for a while, in tests: ``with use_shop(MemoryShop()) as shop: ...``."""
    _standing_in.append(shop)
    try:
        yield shop
    finally:
        _standing_in.pop()


@cache
def _named_shop() -> ShopAdapter:
    named = conf.get("SHOP")
    if named is None:
        return NoShop()
    return MappedAdapter(named) if isinstance(named, Mapping) else adapter_class(named)()


def adapter_class(path: str) -> type[ShopAdapter]:
    """The class of an adapter of the shop's own; an error says what is wrong with the path."""
    try:
        found = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f'MICROSEG["SHOP"] names {path!r}, which cannot be imported: {error}. Give the dotted path of your adapter.'
        ) from error
    if not (isinstance(found, type) and issubclass(found, ShopAdapter)):
        raise ImproperlyConfigured(
            f'MICROSEG["SHOP"] names {path!r}, which is no ShopAdapter. Derive it from '
            "django_microseg.shop.adapter.ShopAdapter."
        )
    return found


def _reset(*, setting: str, **kwargs: Any) -> None:
    if setting == "MICROSEG":
        _named_shop.cache_clear()


setting_changed.connect(_reset, dispatch_uid="django_microseg.shop.current")
