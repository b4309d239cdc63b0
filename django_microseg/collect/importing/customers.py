"""Imports a file of customers: one row each, with what is known of them by the names of facts.

In come a table and a map of its columns, out goes the same report as for orders. What a fact is and
who a customer is, later rooms know; the door hands their function in as ``sink``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ids import is_placeholder
from .batches import Outcome, hand_over_rows
from .cells import read_text
from .error_file import ErrorFile
from .job import Job
from .options import Options
from .order_file import UNREADABLE
from .report import ImportReport
from .spool import Spool
from .table import Table

__all__ = ["NEEDED", "CustomerRow", "Customers", "import_customers"]

NEEDED = ("customer_id",)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One row: whose it is, and its texts by our names; empty cells are left out."""

    row: int
    customer_id: str
    texts: Mapping[str, str]


Sink = Callable[[Sequence[CustomerRow]], Outcome]


class Customers:
    """The format ``customers``, over the columns that a settled map names."""

    name = "customers"
    classes = {
        "changed": "brought something new about a customer",
        "unchanged": "brought nothing new",
        UNREADABLE: "names no customer: not stored",
        "refused": "has a value that cannot be, or is of somebody we must forget: not stored",
    }
    found: Mapping[str, str] = {}
    notes: Mapping[str, str] = {}

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._names = tuple(columns)
        self.columns = tuple(columns.values())

    def read(self, row: int, cells: Sequence[Any]) -> CustomerRow | None:
        """One row; None if it names nobody."""
        texts = {name: read_text(value) for name, value in zip(self._names, cells, strict=True)}
        customer_id = texts.pop("customer_id")
        if is_placeholder(customer_id):
            return None
        return CustomerRow(row, customer_id, {name: text for name, text in texts.items() if text})


def import_customers(
    path: Path, table: Table, customers: Customers, options: Options, errors: ErrorFile, *, sink: Sink
) -> ImportReport:
    """Import a file of customers. Raises `ImportStopped`, and what the database raises."""
    job = Job(path, table, customers, customers.columns, options, errors)
    with closing(Spool()) as spool:
        hand_over_rows(
            job, customers.read, sink, unreadable="The row names no customer: fill in the customer's id.",
            note=lambda row: spool.note_customer(row.customer_id),
        )  # fmt: skip
        job.tally.customers = spool.count_customers()
    return job.finish()
