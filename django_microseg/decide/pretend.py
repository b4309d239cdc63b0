"""The segments that a shop's own test wants its requests to be in; see `django_microseg.testing`.

A ContextVar, so that it holds for one thread or task alone and nests.
"""

from __future__ import annotations

from contextvars import ContextVar

__all__ = ["pretended"]

pretended: ContextVar[frozenset[str] | None] = ContextVar("django_microseg.pretended", default=None)
