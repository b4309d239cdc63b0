"""Small files in the shape of the data set "Online Retail": every kind of dirt that occurs in it, once or twice."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")

_UK = "United Kingdom"
_T1 = dt.datetime(2011, 3, 1, 10, 0)
_T2 = dt.datetime(2011, 3, 2, 11, 30)


def _row(invoice: str, code: str, quantity: int, price: float, customer: int | None, *, time: dt.datetime = _T1,
         country: str = _UK) -> tuple[Any, ...]:  # fmt: skip
    return (invoice, code, f"Thing {code}", quantity, time, price, customer, country)


#: Row numbers of a Parquet file stand before the rows.
DIRTY = (
    _row("500001", "A1", 6, 2.55, 17850),  # 1
    _row("500001", "A2", 2, 0.85, 17850),  # 2
    _row("500001", "A1", 6, 2.55, 17850),  # 3: repeats row 1
    _row("500001", "POST", 1, 18.0, 17850),  # 4: no goods
    _row("500002", "B1", 1, 1.25, None),  # 5: guest
    _row("500002", "B2", 4, 1.25, None),  # 6: guest
    _row("C500003", "A2", -2, 0.85, 17850, time=_T2),  # 7: paid back
    _row("C500003", "D", -1, 5.0, 17850, time=_T2),  # 8: paid back
    _row("C500004", "B1", -1, 1.25, None),  # 9: paid back to a guest
    _row("A500005", "B", 1, -11062.06, None),  # 10: negative price
    _row("500006", "X1", -30, 0.0, None),  # 11: correction of stock
    _row("500007", "X2", 10, 0.0, 13047, time=_T2),  # 12: given away, beside a purchase
    _row("500007", "A3", 10, 0.001, 13047, time=_T2),  # 13: a tenth of a penny
    _row("500007", "A4", 1, 3.35, 13047, time=_T2 + dt.timedelta(minutes=1)),  # 14: two times
    _row("500008", "DOT", 1, 12.5, 12583, country="EIRE"),  # 15: an order without goods
    _row("500001", "A5", 1, 1.0, 17850),  # 16: the first invoice goes on
    _row("C500009", "A4", 1, 3.35, 13047),  # 17: a cancellation that is none
    _row("500010", "X3", 0, 2.0, 13047),  # 18: no quantity
)

DIRTY_LINES = {
    "goods": 5, "no_goods": 2, "repeated": 1, "cancellation": 2, "cancellation_of_guest": 1,
    "cancellation_not_negative": 1, "guest": 2, "negative_price": 1, "no_price": 1, "no_quantity": 2,
    "unreadable": 0, "of_an_unreadable_order": 0, "of_a_refused_order": 0, "imported_before": 0, "beyond_the_limit": 0,
}  # fmt: skip
DIRTY_FOUND = {"orders": 3, "refunds": 1, "guest_orders": 1, "guest_refunds": 1, "no_sale": 4, "refused": 0}


def write_parquet(path: Path, rows: Sequence[tuple[Any, ...]] = DIRTY, *, group: int = 5) -> Path:
    """Row groups are small, so that invoices lie across them."""
    columns = dict(zip(HEADER, zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), path, row_group_size=group)
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Any]] = DIRTY, header: Sequence[str] = HEADER,
              **options: Any) -> Path:  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **options)
        writer.writerow(header)
        writer.writerows(rows)
    return path
