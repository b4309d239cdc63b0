"""Door: ``segments`` in every template. Nothing is read until a template looks inside."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.http import HttpRequest

from .decide.visitor import Visitor

__all__ = ["segments"]


def segments(request: HttpRequest) -> dict[str, Any]:
    """``{% if "vip" in segments %}``: the visitor's segments, lazily."""
    visitor = getattr(request, "visitor", None)
    found: Set[str] = visitor.segments if isinstance(visitor, Visitor) else frozenset()
    return {"segments": found}
