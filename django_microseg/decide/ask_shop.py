"""Questions to the shop's adapter in the middle of a page: whatever it answers or raises, the page is served.

The adapter runs statements of the shop's. On PostgreSQL one that fails would take the transaction
that the view stands in with it, so each question has a savepoint of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from django.db import connections, transaction

__all__ = ["undisturbed_by_shop"]

_T = TypeVar("_T")


def undisturbed_by_shop(question: Callable[[], _T]) -> _T:
    """What the question returns; what it raises is raised, and every open transaction stands."""
    with ExitStack() as stack:
        for connection in connections.all(initialized_only=True):
            if connection.in_atomic_block and connection.vendor != "sqlite":
                stack.enter_context(transaction.atomic(using=connection.alias))
        return question()
