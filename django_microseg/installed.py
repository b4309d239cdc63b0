"""Whether this app is among the shop's, so that a shop may take it out and leave its code and templates as they are.

Without the entry in INSTALLED_APPS there are no tables and no visitors: tags show their defaults, what the
shop tells us is not noted, and our addresses do not exist.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.apps import apps
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver

__all__ = ["is_installed", "reachable"]


def is_installed() -> bool:
    return apps.is_installed("django_microseg")


def reachable(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Our addresses; in a shop that has taken us out they can still be named, and are not found."""
    if is_installed():
        return patterns
    plain = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in plain:
        pattern.callback = _gone
    return [*plain]


def _gone(request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
    raise Http404("django_microseg is not in INSTALLED_APPS.")
