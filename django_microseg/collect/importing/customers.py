"""Imports a file of customers: one row each, with what is known of them by the names of facts.

In come a table and a map of its columns, out goes the same report as for orders. What a fact is and
who a customer is, later rooms know; the door hands their function in as ``sink``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ids import is_placeholder
from .cells import read_text
from .error_file import ErrorFile
from .line import RowError
from .mark import Mark, fingerprint
from .options import Options
from .order_file import UNREADABLE
from .report import BEFORE, BEYOND, ImportReport, Tally
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
    words = (customers.name, *customers.columns, options.source)
    mark = Mark(fingerprint(path, *words) if options.is_marked else None)
    tally = Tally()
    with closing(Spool()) as spool:
        _store(table, customers, spool, tally, options, errors, sink, mark)
        tally.customers = spool.count_customers()
    mark.remove()
    return tally.report(path.name, customers, options, errors)


def _store(
    table: Table,
    customers: Customers,
    spool: Spool,
    tally: Tally,
    options: Options,
    errors: ErrorFile,
    sink: Sink,
    mark: Mark,
) -> None:
    after = mark.read()
    tally.lines[BEFORE] = before = max(0, after - table.first_row + 1)
    options.progress.begin("storing", None if table.total is None else table.total - before)
    batch: list[CustomerRow] = []
    found = 0
    for row, cells in table.rows(customers.columns, after=after):
        options.progress.advance(1)
        if options.limit is not None and found >= options.limit:
            tally.lines[BEYOND] += 1
            continue
        read = customers.read(row, cells)
        if read is None:
            tally.lines[UNREADABLE] += 1
            errors.add([RowError(row, UNREADABLE, "The row names no customer: fill customer_id.")])
            continue
        found += 1
        spool.note_customer(read.customer_id)
        batch.append(read)
        if len(batch) == _BATCH:
            _hand_over(batch, sink, tally, errors)
            mark.move(row)
    _hand_over(batch, sink, tally, errors)


def _hand_over(batch: list[CustomerRow], sink: Sink, tally: Tally, errors: ErrorFile) -> None:
    if batch:
        outcome = sink(batch)
        refused = len(batch) - outcome.changed - outcome.unchanged
        tally.lines += Counter(changed=outcome.changed, unchanged=outcome.unchanged, refused=refused)
        errors.add(outcome.errors)
        batch.clear()
