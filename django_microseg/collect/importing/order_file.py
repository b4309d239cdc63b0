"""What a format of orders tells the importer: how a row is read, and what an order is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from .line import Gathered, Line, Numbered, RowError
from .report import Wording

__all__ = ["INCOMPLETE", "REFUSED", "UNREADABLE", "OrderFormat", "refuse", "refuse_two_customers"]

#: Classes of lines that every format has.
UNREADABLE = "unreadable"
INCOMPLETE = "of_an_unreadable_order"
REFUSED = "of_a_refused_order"


class OrderFormat(Wording, Protocol):
    """A format of orders. ``columns`` are read in this order."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def order_of(self, cells: Sequence[Any]) -> str:
        """The order that a row belongs to; empty if the row does not say."""
        ...

    def read(self, cells: Sequence[Any]) -> Line:
        """One row. Raises `BadCell`."""
        ...

    def gather(self, lines: Sequence[Numbered]) -> Gathered:
        """The lines of one order in the order of the file."""
        ...


def refuse(lines: Sequence[Numbered], reason: str, detail: str) -> Gathered:
    """An order of which nothing is stored, because its lines contradict each other."""
    first_row, first = lines[0]
    gathered = Gathered()
    gathered.lines[REFUSED] = len(lines)
    gathered.found["refused"] = 1
    gathered.errors.append(RowError(first_row, reason, detail, first.order_id))
    return gathered


def refuse_two_customers(lines: Sequence[Numbered]) -> Gathered:
    return refuse(lines, "two_customers", "The lines of this order name more than one customer: mend the file.")
