"""The format ``online-retail`` on a small file with every kind of dirt. Figures are worked out by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from django_microseg.collect.importing.errors import WrongColumns
from django_microseg.collect.models import Event
from tests.collect.importing.files import DIRTY, DIRTY_FOUND, DIRTY_LINES, write_csv, write_parquet
from tests.collect.importing.importing import import_retail, stored

pytestmark = pytest.mark.django_db

# 6 x 2.55 twice, 2 x 0.85, postage 18.00, 1 x 1.00 = 51.30; 10 x 0.001 + 3.35 = 3.36; postage alone 12.50;
# paid back 2 x 0.85 + 5.00 = 6.70.
STORED = [
    ("order_completed", "500001", 0, "", 15, 5130, "17850"),
    ("product_purchased", "500001", 1, "A1", 6, 1530, "17850"),
    ("product_purchased", "500001", 2, "A2", 2, 170, "17850"),
    ("product_purchased", "500001", 3, "A1", 6, 1530, "17850"),
    ("product_purchased", "500001", 4, "A5", 1, 100, "17850"),
    ("order_completed", "500007", 0, "", 11, 336, "13047"),
    ("product_purchased", "500007", 1, "A3", 10, 1, "13047"),
    ("product_purchased", "500007", 2, "A4", 1, 335, "13047"),
    ("order_completed", "500008", 0, "", None, 1250, "12583"),
    ("order_refunded", "C500003", 0, "", 3, 670, "17850"),
]


def test_every_line_is_counted_under_one_class(tmp_path: Path) -> None:
    report = import_retail(write_parquet(tmp_path / "dirty.parquet"))
    assert (dict(report.lines), dict(report.found)) == (DIRTY_LINES, DIRTY_FOUND)
    assert report.total == len(DIRTY)


def test_what_is_worth_knowing_besides(tmp_path: Path) -> None:
    report = import_retail(write_parquet(tmp_path / "dirty.parquet"))
    assert dict(report.notes) == {"repeated_lines": 1, "two_times": 1, "without_goods": 1}
    assert dict(report.no_goods) == {"B": 1, "D": 1, "DOT": 1, "POST": 1}
    assert (report.customers, report.errors) == (3, 0)


def test_orders_lines_and_refunds_are_stored(tmp_path: Path) -> None:
    report = import_retail(write_parquet(tmp_path / "dirty.parquet"))
    assert stored() == STORED
    assert (report.events.received, report.events.stored, report.events.derived) == (4, 4, 6)


def test_csv_gives_the_same_rows_as_parquet(tmp_path: Path) -> None:
    import_retail(write_csv(tmp_path / "dirty.csv"))
    assert stored() == STORED


def test_an_order_has_the_time_of_its_first_line_in_the_shops_zone(tmp_path: Path) -> None:
    import_retail(write_parquet(tmp_path / "dirty.parquet"))
    order = Event.objects.get(order_key="500007", position=0)
    assert order.occurred_at == dt.datetime(2011, 3, 2, 11, 30, tzinfo=dt.UTC)


def test_countries_become_codes_and_postage_is_kept_as_a_charge(tmp_path: Path) -> None:
    import_retail(write_parquet(tmp_path / "dirty.parquet"))
    irish = Event.objects.get(order_key="500008")
    assert (irish.country, irish.properties["charges"]) == ("ie", {"DOT": "12.5"})


def test_a_cancellation_names_no_order_and_voids_none(tmp_path: Path) -> None:
    import_retail(write_parquet(tmp_path / "dirty.parquet"))
    assert Event.objects.filter(voided_at__isnull=False).count() == 0


def test_importing_again_stores_nothing_twice(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "dirty.parquet")
    import_retail(path)
    again = import_retail(path)
    assert (again.events.stored, again.events.duplicates, dict(again.lines)) == (0, 4, DIRTY_LINES)
    assert stored() == STORED


def test_an_order_with_an_unreadable_line_waits_as_a_whole(tmp_path: Path) -> None:
    rows = [list(row) for row in DIRTY]
    rows[1][3] = "two"
    report = import_retail(write_csv(tmp_path / "broken.csv", rows))
    assert (report.lines["unreadable"], report.lines["of_an_unreadable_order"]) == (1, 4)
    assert [(error.row, error.about) for error in report.first_errors] == [(3, "500001")]
    assert not Event.objects.filter(order_key="500001").exists()


def test_an_invoice_of_two_customers_is_refused_as_a_whole(tmp_path: Path) -> None:
    rows = [list(row) for row in DIRTY]
    rows[1][6] = 13047
    report = import_retail(write_csv(tmp_path / "two.csv", rows))
    assert (report.lines["of_a_refused_order"], report.found["refused"], report.found["orders"]) == (5, 1, 2)
    assert [(error.row, error.reason) for error in report.first_errors] == [(2, "two_customers")]


def test_a_line_without_an_invoice_is_an_error_by_itself(tmp_path: Path) -> None:
    rows = [["", *DIRTY[0][1:]], *DIRTY[1:]]
    report = import_retail(write_csv(tmp_path / "nameless.csv", rows))
    assert (report.lines["unreadable"], report.found["orders"], report.total) == (1, 3, len(DIRTY))


def test_a_file_without_the_columns_is_refused_before_anything_is_stored(tmp_path: Path) -> None:
    with pytest.raises(WrongColumns, match="no column StockCode"):
        import_retail(write_csv(tmp_path / "other.csv", [["1"]], ["InvoiceNo"]))
