"""Imports a file of customers: one row each, with what is known of them by the names of facts.

In come a table and a map of its columns, out goes the same report as for orders. What a fact is and
who a customer is, later rooms know; the door hands their function in as ``sink``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ids import is_placeholder
from .cells import read_text
from .error_file import ErrorFile
from .job import Job
from .line import RowError
from .options import Options
from .order_file import UNREADABLE
from .report import BEYOND, ImportReport
from .spool import Spool
from .table import Table

__all__ = ["NEEDED", "CustomerRow", "Customers", "Outcome", "import_customers"]

NEEDED = ("customer_id",)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One row: whose it is, and its texts by our names; empty cells are left out."""

    row: int
    customer_id: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some rows: how many brought something new or nothing, and which were refused."""

    changed: int
    unchanged: int
    errors: tuple[RowError, ...] = ()


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
        batch: list[CustomerRow] = []
        for read in _read(job, customers):
            spool.note_customer(read.customer_id)
            batch.append(read)
            if len(batch) == _BATCH:
                _hand_over(batch, sink, job)
                job.mark.move(read.row)
        _hand_over(batch, sink, job)
        job.tally.customers = spool.count_customers()
    return job.finish()


def _read(job: Job, customers: Customers) -> Iterator[CustomerRow]:
    found, limit = 0, job.options.limit
    for row, cells in job.rows("storing"):
        if limit is not None and found >= limit:
            job.tally.lines[BEYOND] += 1
            continue
        read = customers.read(row, cells)
        if read is None:
            job.tally.lines[UNREADABLE] += 1
            job.errors.add([RowError(row, UNREADABLE, "The row names no customer: fill in the customer's id.")])
            continue
        found += 1
        yield read


def _hand_over(batch: list[CustomerRow], sink: Sink, job: Job) -> None:
    if batch:
        outcome = sink(batch)
        refused = len(batch) - outcome.changed - outcome.unchanged
        job.tally.lines.update(changed=outcome.changed, unchanged=outcome.unchanged, refused=refused)
        job.errors.add(outcome.errors)
        batch.clear()
