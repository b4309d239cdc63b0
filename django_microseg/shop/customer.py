"""Who the shop's customer is: by which key the shop names them, and which one a request belongs to.

The key is the user's primary key, or what ``CUSTOMER_KEY`` says. Whoever asks about a request here
touches no session of a visitor who has none; that is what adapters build on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from .. import conf

__all__ = ["customer_key_of", "session_of", "user_of"]


def customer_key_of(user: Any) -> str:
    """The customer's key of a user who is logged in; ``""`` for anybody else."""
    if user is None or not user.is_authenticated:
        return ""
    path = conf.get("CUSTOMER_KEY")
    key = _named(path)(user) if path else user.pk
    return "" if key is None else str(key)


def session_of(request: HttpRequest) -> SessionBase | None:
    """The session that the browser already has; None if it has none, which stays so."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return getattr(request, "session", None)


def user_of(request: HttpRequest) -> Any:
    """The user who is logged in, or None. Without a session only one whom the shop has put there itself."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject) and session_of(request) is None:
        return None
    return user if user is not None and user.is_authenticated else None


@cache
def _named(path: str) -> Callable[[Any], object]:
    return cast("Callable[[Any], object]", import_string(path))
