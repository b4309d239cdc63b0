"""Door: ``segments`` in every template. Nothing is read until a template looks inside."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.http import HttpRequest

from .decide.of_request import visitor_of

__all__ = ["segments"]


def segments(request: HttpRequest) -> dict[str, Any]:
    """``{% if "vip" in segments %}``: the visitor's segments, lazily."""
    visitor = visitor_of(request)
    found: Set[str] = frozenset() if visitor is None else visitor.segments
    return {"segments": found}
