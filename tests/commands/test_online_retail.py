"""The commands on the real invoices: the figures that an independent calculation gave (data/README.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum

from django_microseg.collect.models import Event
from tests.commands.console import refusal, say, say_json

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.slow,
    pytest.mark.django_db,  # each test in a savepoint within the fixture's transaction
    pytest.mark.usefixtures("report"),
]

#: By preset: at least 3 orders in 30 days; in the last 180 days but not in the last 90; at least 5 in 180 days; own
#: average above the shop's; exactly one order; no order for 180 days.
ANSWERS = {
    "frequent-buyers": 68,
    "lapsing-buyers": 880,
    "regular-buyers": 406,
    "big-spenders": 700,
    "one-visit-one-order": 1362,
    "lost": 583,
}
#: The same a month before, by pandas.
MONTH_BEFORE = {
    "frequent-buyers": 74,
    "lapsing-buyers": 812,
    "regular-buyers": 390,
    "big-spenders": 669,
    "one-visit-one-order": 1364,
    "lost": 415,
}
NOW = ("--now", "2011-09-10T00:00:00")


@pytest.fixture(scope="module")
def invoices(microseg_data: Path) -> Path:
    path = microseg_data / "online_retail_to_2011-09-09.parquet"
    if not path.exists():
        pytest.skip(f"no invoices at {path}")
    return path


@pytest.fixture(scope="module")
def report(invoices: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The whole file on an empty database, with the presets in force; undone after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        report: dict[str, Any] = say_json("microseg_import", invoices, "--format", "online-retail")
        say("microseg_presets", "--set", "online-retail")
        yield report
        transaction.set_rollback(True)


def test_every_line_of_the_file_is_counted_once(report: dict[str, Any]) -> None:
    lines = {name: number for name, number in report["lines"].items() if number}
    assert lines == {
        "total": 334_054, "goods": 232_887, "no_goods": 953, "repeated": 2_518, "cancellation": 5_748,
        "cancellation_of_guest": 283, "guest": 89_831, "negative_price": 2, "no_price": 886, "no_quantity": 946,
    }  # fmt: skip
    assert sum(lines.values()) == 2 * 334_054


def test_every_invoice_is_counted_once(report: dict[str, Any]) -> None:
    kinds = ("orders", "refunds", "guest_orders", "guest_refunds", "no_sale", "refused")
    assert [report[kind] for kind in kinds] == [11_906, 2_496, 1_111, 128, 1_445, 0]
    assert report["customers"] == 3_370


def test_dirt_is_told_by_name(report: dict[str, Any]) -> None:
    assert report["notes"] == {"repeated_lines": 2_572, "two_times": 38, "without_goods": 79}
    assert report["no_goods"] == {
        "AMAZONFEE": 25, "B": 3, "BANK CHARGES": 24, "C2": 89, "CRUK": 3, "D": 57, "DOT": 572, "M": 375, "PADS": 2,
        "POST": 785, "S": 55,
    }  # fmt: skip
    assert report["errors"] == 0


def test_what_is_stored() -> None:
    orders = Event.objects.filter(name="order_completed")
    assert orders.aggregate(
        orders=Count("pk"), customers=Count("profile", distinct=True), pence=Sum("value_base_minor")
    ) == {"orders": 11_906, "customers": 3_370, "pence": 545_540_518}
    assert dict(Event.objects.order_by().values_list("name").annotate(Count("pk"))) == {
        "order_completed": 11_906, "order_refunded": 2_496, "product_purchased": 235_405,
    }  # fmt: skip
    assert not Event.objects.filter(voided_at__isnull=False).exists()


@pytest.mark.parametrize("by", ["fold", "scan"])
def test_the_segments_have_exactly_their_sizes(by: str) -> None:
    found = say_json("microseg_refresh", *NOW, "--by", by)
    assert {slug: found["segments"][slug] for slug in ANSWERS} == ANSWERS
    assert (found["now"], found["by"], found["profiles"]) == ("2011-09-10T00:00:00+01:00", by, 3_412)


@pytest.mark.parametrize("by", ["fold", "scan"])
def test_a_dry_run_gives_the_sizes_of_a_month_before(by: str) -> None:
    found = say_json("microseg_refresh", "--now", "2011-08-10", "--by", by, "--dry-run")
    assert {slug: found["segments"][slug] for slug in ANSWERS} == MONTH_BEFORE


def test_the_month_before_cannot_be_written() -> None:
    assert refusal("microseg_refresh", "--now", "2011-08-10")[0] == 2


def test_importing_again_stores_nothing_twice(report: dict[str, Any], invoices: Path) -> None:
    again = say_json("microseg_import", invoices, "--format", "online-retail")
    assert again["events"] == {"received": 14_402, "stored": 0, "duplicates": 14_402, "quarantined": 0, "derived": 0}
    assert again["lines"] == report["lines"]
