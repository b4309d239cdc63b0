"""Imports a file of orders or customers by a map of its columns: what the command and the admin have in common.

Those whose orders or facts come in wait for the next sweep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

from ..collect.importing import customers, orders
from ..collect.importing.column_map import settle_map
from ..collect.importing.error_file import ErrorFile
from ..collect.importing.online_retail import OnlineRetail
from ..collect.importing.options import Options
from ..collect.importing.report import ImportReport
from ..collect.importing.run import import_orders
from ..collect.importing.table import Table
from ..profile.importing import declare_customers, find_card, importable_names, rehearse_customers
from .listen import deferred

__all__ = ["CUSTOMERS", "FORMATS", "ONLINE_RETAIL", "ORDERS", "import_file", "known_names"]

ONLINE_RETAIL, ORDERS, CUSTOMERS = "online-retail", "orders", "customers"
FORMATS = (ONLINE_RETAIL, ORDERS, CUSTOMERS)


def known_names(file_format: str) -> tuple[str, ...]:
    """What a map of columns may name."""
    return orders.NAMES if file_format == ORDERS else (*customers.NEEDED, *importable_names())


def import_file(
    path: Path,
    table: Table,
    how: Options,
    errors: ErrorFile,
    *,
    file_format: str,
    given: Mapping[str, str],
    time_format: str = "",
    now: dt.datetime,
) -> ImportReport:
    """Import one file. ``given`` maps our names to the file's. Raises `ImportStopped` and what the database raises."""
    with deferred():
        if file_format == ONLINE_RETAIL:
            return import_orders(path, table, OnlineRetail(), how, errors, now=now)
        known = known_names(file_format)
        if file_format == ORDERS:
            columns = settle_map(given, table.columns, known=known, needed=orders.NEEDED, one_of=orders.WHOSE)
            mapped = orders.Orders(columns, find_card=cache(find_card), time_format=time_format)
            return import_orders(path, table, mapped, how, errors, now=now)
        columns = settle_map(given, table.columns, known=known, needed=customers.NEEDED)
        declare = rehearse_customers if how.is_dry_run else declare_customers
        sink = partial(declare, source=how.source, now=now, date_format=time_format)
        return customers.import_customers(path, table, customers.Customers(columns), how, errors, sink=sink)
