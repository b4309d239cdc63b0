"""By which key the shop names a customer: the user's primary key, or what ``CUSTOMER_KEY`` says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.utils.module_loading import import_string

from .. import conf

__all__ = ["customer_key_of"]


def customer_key_of(user: Any) -> str:
    """The customer's key of a user who is logged in; ``""`` for anybody else."""
    if user is None or not user.is_authenticated:
        return ""
    path = conf.get("CUSTOMER_KEY")
    key = _named(path)(user) if path else user.pk
    return "" if key is None else str(key)


@cache
def _named(path: str) -> Callable[[Any], object]:
    return cast("Callable[[Any], object]", import_string(path))
