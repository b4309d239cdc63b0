"""Imports a file of orders or customers by a map of its columns: what the command and the admin have in common.

Those whose orders or facts come in wait for the next sweep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

from ..collect.importing import areas, customers, events, orders
from ..collect.importing.column_map import settle_map
from ..collect.importing.error_file import ErrorFile
from ..collect.importing.events import import_events
from ..collect.importing.ga4 import Ga4
from ..collect.importing.online_retail import OnlineRetail
from ..collect.importing.options import Options
from ..collect.importing.report import ImportReport
from ..collect.importing.run import import_orders
from ..collect.importing.table import Table
from ..profile.areas.importing import rehearse_areas, take_areas
from ..profile.importing import declare_customers, find_card, find_person, importable_names, rehearse_customers
from .listen import deferred

__all__ = ["AREAS", "CUSTOMERS", "EVENTS", "FORMATS", "GA4", "ONLINE_RETAIL", "ORDERS", "import_file", "known_names"]

ONLINE_RETAIL, ORDERS, CUSTOMERS, EVENTS, GA4, AREAS = (
    "online-retail", "orders", "customers", "events", "ga4", "areas",
)  # fmt: skip
FORMATS = (ONLINE_RETAIL, ORDERS, CUSTOMERS, EVENTS, GA4, AREAS)


def known_names(file_format: str) -> tuple[str, ...]:
    """What a map of columns may name."""
    named = {ORDERS: orders.NAMES, EVENTS: events.NAMES, AREAS: areas.NAMES}
    return named.get(file_format) or (*customers.NEEDED, *importable_names())


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
        if file_format == GA4:
            return import_events(path, table, Ga4(), how, errors, basis="consent", now=now)
        known = known_names(file_format)
        if file_format == AREAS:
            columns = settle_map(given, table.columns, known=known, needed=areas.NEEDED)
            take = rehearse_areas if how.is_dry_run else take_areas
            return areas.import_areas(path, table, areas.Areas(columns), how, errors, sink=take)
        if file_format == ORDERS:
            columns = settle_map(given, table.columns, known=known, needed=orders.NEEDED, one_of=orders.WHOSE)
            mapped = orders.Orders(columns, find_card=cache(find_card), time_format=time_format)
            return import_orders(path, table, mapped, how, errors, now=now)
        if file_format == EVENTS:
            columns = settle_map(given, table.columns, known=known, needed=events.NEEDED, one_of=events.WHOSE)
            rows = events.Events(columns, table.columns, find=cache(find_person), time_format=time_format)
            return import_events(path, table, rows, how, errors, basis="consent", now=now)
        columns = settle_map(given, table.columns, known=known, needed=customers.NEEDED)
        declare = rehearse_customers if how.is_dry_run else declare_customers
        sink = partial(declare, source=how.source, now=now, date_format=time_format)
        return customers.import_customers(path, table, customers.Customers(columns), how, errors, sink=sink)
