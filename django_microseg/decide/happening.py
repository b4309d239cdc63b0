"""What happened during one request and is still to be stored, in order.

An event that was noted inside a transaction of the shop counts only if that transaction commits:
an order that was rolled back was never placed. Nothing here touches a table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from django_microseg.collect.incoming import IncomingEvent

__all__ = ["FoundCustomer", "Happenings", "NewId", "Noted", "TooManyHappenings", "What"]

#: More than this in one request is a fault of the caller, not a visitor.
_MOST = 200


class TooManyHappenings(RuntimeError):
    """One request noted more than any visitor does in one."""

    def __init__(self) -> None:
        super().__init__(
            f"This request has noted {_MOST} events already; this one is not kept. Take histories in by "
            "an import, and lists as one event with several products."
        )


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A logged-in customer stands behind the visitor id, which nothing has told us so far."""

    customer_key: str


@dataclass(frozen=True, slots=True)
class NewId:
    """This browser, whose visitor has consented, was given a new visitor id."""

    visitor_key: str
    purposes: tuple[str, ...]


What = IncomingEvent | FoundCustomer | NewId


@dataclass(eq=False, slots=True)
class Noted:
    """One thing to store. ``basis`` is why we may (consent or contract)."""

    what: What
    is_immediate: bool = False
    basis: str = "consent"
    is_certain: bool = False

    def confirm(self) -> None:
        """Called when the transaction that this belongs to has been committed."""
        self.is_certain = True


@dataclass(slots=True)
class Happenings:
    """The list of one request."""

    _noted: list[Noted] = field(default_factory=list)

    def note(self, noted: Noted) -> None:
        """Add one; it becomes certain when the surrounding transaction commits, or now.

        Raises `TooManyHappenings` when the list is full.
        """
        if len(self._noted) >= _MOST:
            raise TooManyHappenings
        self._noted.append(noted)
        transaction.on_commit(noted.confirm, robust=True)

    def clear(self) -> None:
        """Forget everything: the visitor has just withdrawn their consent."""
        self._noted.clear()

    @property
    def are_waiting(self) -> bool:
        return bool(self._noted)

    @property
    def are_urgent(self) -> bool:
        """Whether something must be stored before the response is sent."""
        return any(noted.is_immediate for noted in self._noted)

    @property
    def will_raise_revision(self) -> bool:
        """Whether storing the rest is sure to raise the revision of the profile that we know.

        A customer who was just found may lead to another profile, of which we know nothing.
        """
        kinds = {type(noted.what) for noted in self._really()}
        return IncomingEvent in kinds and FoundCustomer not in kinds

    def take(self) -> list[Noted]:
        """Everything that has really happened; what was rolled back is gone."""
        taken = self._really()
        self._noted.clear()
        return taken

    def _really(self) -> list[Noted]:
        """If a transaction around the whole request is still open (a test case, mostly), what it
        still means to confirm shares its fate and counts too."""
        pending = _still_pending()
        return [noted for noted in self._noted if noted.is_certain or id(noted) in pending]

    def put_back(self, noted: list[Noted]) -> None:
        """What could not be stored now, to be tried once more."""
        self._noted[:0] = noted


def _still_pending() -> set[int]:
    connection: Any = transaction.get_connection()
    callbacks = (callback for _, callback, *_ in connection.run_on_commit)
    return {id(callback.__self__) for callback in callbacks if isinstance(getattr(callback, "__self__", None), Noted)}
