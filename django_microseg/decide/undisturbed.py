"""Reading in the middle of a shop's transaction, so that a failure leaves it as it was.

On PostgreSQL a failed statement would take the shop's own rows with it, and a lock of ours that
somebody holds (a migration) would hold up the page. SQLite forgives a failed statement, and
readers there wait for nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import connections, router, transaction

from django_microseg.collect.patience import short_waits
from django_microseg.profile.models import Profile

__all__ = ["read_soon", "undisturbed"]

_T = TypeVar("_T")


def undisturbed(read: Callable[[], _T]) -> _T:
    """What ``read`` returns, which limits its own waiting (`read_row`); a transaction of the shop stands."""
    using = router.db_for_read(Profile)
    connection = connections[using]
    if connection.in_atomic_block and connection.vendor != "sqlite":
        savepoint = transaction.savepoint(using)
        try:
            return read()
        finally:  # back, not on: the limit of `read_row` on waiting for locks ends here too
            transaction.savepoint_rollback(savepoint, using)
    return read()


def read_soon(read: Callable[[], _T], *, milliseconds: int) -> _T:
    """The same for several reads, each of which waits no longer than this for a lock."""
    if connections[router.db_for_read(Profile)].vendor == "sqlite":
        return read()
    with short_waits(milliseconds):
        return read()
