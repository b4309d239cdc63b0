"""The visitor behind a request, for whatever door asks: a tag, a view, the shop's own code."""

from __future__ import annotations

from django.http import HttpRequest

from .permission import REFUSED
from .pretend import pretended
from .visitor import Visitor

__all__ = ["visitor_of"]


def visitor_of(request: HttpRequest | None) -> Visitor | None:
    """The visitor that the middleware has met; None without it.

    In a test that names segments (`override_segments`), a request that came by no middleware has a
    visitor too, one who allows nothing else.
    """
    visitor = getattr(request, "visitor", None)
    if isinstance(visitor, Visitor):
        return visitor
    if request is None or pretended.get() is None:
        return None
    made = Visitor(request, read_consent=lambda request: REFUSED)
    request.visitor = made  # type: ignore[attr-defined]
    return made
