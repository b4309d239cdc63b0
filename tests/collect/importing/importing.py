"""Imports in one line, and the tables afterwards as plain rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django_microseg.collect.importing.column_map import settle_map
from django_microseg.collect.importing.error_file import ErrorFile
from django_microseg.collect.importing.online_retail import OnlineRetail
from django_microseg.collect.importing.options import Options
from django_microseg.collect.importing.order_file import OrderFormat
from django_microseg.collect.importing.orders import NAMES, NEEDED, WHOSE, Orders
from django_microseg.collect.importing.report import ImportReport
from django_microseg.collect.importing.run import import_orders
from django_microseg.collect.importing.table import open_table
from django_microseg.collect.models import Event
from django_microseg.profile.importing import find_card

NOW = dt.datetime(2011, 9, 10, 12, tzinfo=dt.UTC)


def import_retail(path: Path, **options: Any) -> ImportReport:
    return _import(path, OnlineRetail(), ErrorFile(), Options("shop", **options))


def import_mapped(
    path: Path, errors: ErrorFile | None = None, *, is_dry_run: bool = False, **columns: str
) -> ImportReport:
    """By the format ``orders``."""
    settled = settle_map(columns, open_table(path).columns, known=NAMES, needed=NEEDED, one_of=WHOSE)
    orders = Orders(settled, find_card=find_card)
    return _import(path, orders, errors or ErrorFile(), Options("shop", is_dry_run=is_dry_run))


def _import(path: Path, order_format: OrderFormat, errors: ErrorFile, options: Options) -> ImportReport:
    return import_orders(path, open_table(path), order_format, options, errors, now=NOW)


def stored() -> list[tuple[Any, ...]]:
    """Every event, in an order that does not depend on ids."""
    rows = Event.objects.order_by("order_key", "name", "position").values_list(
        "name", "order_key", "position", "product_key", "quantity", "value_minor", "profile__customer_key"
    )
    return list(rows)
