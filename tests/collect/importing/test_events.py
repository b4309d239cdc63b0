"""Files of events: one a row, of whomever a row names, every further column a property; and GA4's export."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.importing import events as module
from django_microseg.collect.importing.error_file import ErrorFile
from django_microseg.collect.importing.errors import UnreadableFile, WrongColumns
from django_microseg.collect.importing.options import Options
from django_microseg.collect.importing.report import ImportReport
from django_microseg.collect.importing.table import open_table
from django_microseg.collect.models import Event, ImportMark, QuarantinedEvent
from django_microseg.profile.identify import identify
from django_microseg.profile.links import email_link, loyalty_link
from django_microseg.segment.import_file import EVENTS, GA4, import_file
from tests.collect.importing.files import write_csv
from tests.collect.importing.importing import NOW

pytestmark = pytest.mark.django_db


def _load(
    path: Path, *, file_format: str = EVENTS, errors: ErrorFile | None = None, is_dry_run: bool = False, **given: str
) -> ImportReport:
    return import_file(
        path, open_table(path), Options("survey", is_dry_run=is_dry_run), errors or ErrorFile(),
        file_format=file_format, given=given, now=NOW,
    )  # fmt: skip


def _lines(report: ImportReport) -> dict[str, int]:
    return {name: number for name, number in report.lines.items() if number}


@pytest.fixture
def people() -> None:
    identify(PersonKey("", "anna"), [loyalty_link("7700-1"), email_link("anna@example.com")], now=NOW)


HEADER = ("event", "time", "customer_id", "loyalty_number", "email", "Score", "Survey ID")
ROWS = (
    ("nps_answered", "2011-03-01T10:00:00Z", "bert", "", "", "9", "spring"),
    ("nps_answered", "2011-03-02", "", "7700-1", "", "3", "spring"),
    ("store_visited", "2011-03-03", "", "", "Anna@Example.com", "", ""),
)


@pytest.mark.usefixtures("people")
def test_rows_are_events_of_whomever_they_name_and_other_columns_are_properties(tmp_path: Path) -> None:
    report = _load(write_csv(tmp_path / "survey.csv", ROWS, HEADER))
    assert _lines(report) == {"stored": 3}
    rows = Event.objects.order_by("occurred_at").values_list(
        "name", "profile__customer_key", "measure", "labels", "source"
    )
    assert list(rows) == [
        ("nps_answered", "bert", 9000, "|survey=spring|", "survey"),
        ("nps_answered", "anna", 3000, "|survey=spring|", "survey"),
        ("store_visited", "anna", None, "", "survey"),
    ]
    assert report.customers == 2


@pytest.mark.usefixtures("people")
def test_same_file_again_stores_nothing_twice_and_a_dry_run_nothing_at_all(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "survey.csv", ROWS, HEADER)
    assert _lines(_load(path, is_dry_run=True)) == {"stored": 3}
    assert Event.objects.count() == 0
    _load(path)
    assert _lines(_load(path)) == {"known": 3}
    assert Event.objects.count() == 3


def test_every_row_that_is_not_stored_is_counted_and_named(tmp_path: Path) -> None:
    bad = (
        ("nps_answered", "yesterday", "bert", "", "", "9", ""),
        ("nps_answered", "2011-03-01", "", "", "", "9", ""),
        ("nps_answered", "2011-03-01", "", "7700-1", "", "9", ""),
        ("nps_answered", "2011-03-01", "null", "", "nobody@example.com", "9", ""),
        ("no_such_event", "2011-03-01", "bert", "", "", "", ""),
        ("nps_answered", "2011-03-01", "bert", "", "", "", ""),
    )
    errors = io.StringIO(newline="")
    report = _load(write_csv(tmp_path / "bad.csv", bad, HEADER), errors=ErrorFile(errors))
    assert _lines(report) == {"unreadable": 2, "nobody": 2, "refused": 2}
    assert [line.split(",")[:2] for line in errors.getvalue().splitlines()[1:]] == [
        ["2", "unreadable"], ["3", "unreadable"], ["6", "unknown_event"], ["7", "missing_property"],
    ]  # fmt: skip
    assert "customer_id or loyalty_number or email is missing" in errors.getvalue()
    assert (Event.objects.count(), QuarantinedEvent.objects.count()) == (0, 2)


def test_map_names_columns_and_what_is_missing_is_said(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [("app_opened", "2011-03-01", "bert")], ("what", "when", "who"))
    with pytest.raises(WrongColumns, match="No column is known to be event"):
        _load(path)
    with pytest.raises(WrongColumns, match="customer_id or loyalty_number or email or visitor_id"):
        _load(path, event="what", time="when")
    assert _lines(_load(path, event="what", time="when", customer_id="who")) == {"stored": 1}


def test_import_that_died_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("app_opened", f"2011-03-01T10:{n // 60:02}:{n % 60:02}", "bert") for n in range(1200)]
    path = write_csv(tmp_path / "many.csv", rows, ("event", "time", "customer_id"))
    whole, calls = module.ingest, []

    def dies(batch: Any, **how: Any) -> Any:
        calls.append(len(batch))
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return whole(batch, **how)

    monkeypatch.setattr(module, "ingest", dies)
    with pytest.raises(RuntimeError):
        _load(path)
    assert (Event.objects.count(), ImportMark.objects.count()) == (500, 1)
    assert _lines(_load(path)) == {"stored": 700, "imported_before": 500}
    assert (Event.objects.count(), ImportMark.objects.count()) == (1200, 0)


# -- GA4


def _param(key: str, **value: Any) -> dict[str, Any]:
    return {"key": key, "value": value}


def _row(name: str, *params: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "event_date": "20110301", "event_timestamp": "1298973600000000", "event_name": name,
        "event_params": [_param("ga_session_id", int_value="1298973500"),
                         _param("page_location", string_value="https://shop.example/boots?utm_source=x&token=secret"),
                         *params],
        "user_pseudo_id": "11.22", "device": {"category": "mobile", "language": "de-de"},
        "geo": {"country": "Germany", "region": "Bavaria"}, "privacy_info": {"analytics_storage": "Yes"}, **more,
    }  # fmt: skip


ITEM = {"item_id": "boot-1", "item_name": "Boot", "item_brand": "Tarnway", "item_category": "boots", "price": 80.0,
        "quantity": "1", "item_list_name": "(not set)", "item_params": []}  # fmt: skip


def _ga4(path: Path, *rows: Any, **how: Any) -> ImportReport:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return _load(path, file_format=GA4, **how)


@pytest.mark.parametrize("name", ["export.jsonl", "export.json", "export.ndjson", "export.json.gz"])
def test_export_becomes_events_with_their_context(tmp_path: Path, name: str) -> None:
    rows = (
        _row("page_view", _param("page_referrer", string_value="https://www.google.com/"),
             _param("page_title", string_value="Boots")),
        _row("view_item", items=[ITEM]),
        _row("purchase", _param("currency", string_value="GBP"), user_id="anna", items=[ITEM],
             ecommerce={"transaction_id": "T1", "purchase_revenue": 80.0, "tax_value": 4}),
    )  # fmt: skip
    report = _ga4(tmp_path / name, *rows)
    assert _lines(report) == {"stored": 3}
    view = Event.objects.get(name="page_viewed")
    assert (view.channel, view.device, view.country, view.region, view.language) == (
        "search", "mobile", "de", "bavaria", "de",
    )  # fmt: skip
    assert (view.visitor_key, view.visit_key, view.properties["path"]) == ("ga4.11.22", "11.22.1298973500", "/boots")
    assert "secret" not in str(view.properties)
    item = Event.objects.get(name="product_viewed")
    assert (item.product_key, item.category, item.brand, item.channel) == ("boot-1", "boots", "tarnway", "")
    order = Event.objects.get(name="order_completed")
    assert (order.order_key, order.value_minor, order.currency, order.profile.customer_key) == (
        "T1",
        8000,
        "GBP",
        "anna",
    )
    assert Event.objects.get(name="product_purchased").product_key == "boot-1"


def test_what_ga4_notes_for_itself_and_of_whom_nobody_asked_is_left_out(tmp_path: Path) -> None:
    report = _ga4(
        tmp_path / "export.jsonl",
        _row("first_visit"), _row("user_engagement"), _row("my_own_event"),
        _row("page_view", privacy_info={"analytics_storage": "No"}), _row("page_view", user_pseudo_id=None),
    )  # fmt: skip
    assert _lines(report) == {"no_use": 3, "without_consent": 2}
    assert (Event.objects.count(), report.errors) == (0, 0)


@pytest.mark.parametrize(
    "line",
    ["not json", "[]", "7", "null", "{}", '{"event_name": "page_view", "user_pseudo_id": "1"}', '{"event_name": 5}'],
)
def test_line_that_is_no_row_is_named_and_stops_nothing(tmp_path: Path, line: str) -> None:
    report = _ga4(tmp_path / "export.jsonl", line, "", _row("page_view"))
    lines = _lines(report)
    assert lines.pop("stored") == 1
    assert sum(lines.values()) == 1
    assert report.total == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"event_params": None}, {"event_params": "x"}, {"event_params": [None, {"key": 1}, {"key": "a", "value": 3}]},
        {"items": [None, 5, {"price": {"x": 1}}]}, {"items": None}, {"device": "phone"}, {"geo": []},
        {"ecommerce": 7}, {"collected_traffic_source": "x"}, {"privacy_info": None},
    ],
)  # fmt: skip
def test_odd_parts_of_a_row_break_nothing(tmp_path: Path, odd: dict[str, Any]) -> None:
    assert _lines(_ga4(tmp_path / "export.jsonl", {**_row("page_view"), **odd})) == {"stored": 1}


def test_same_export_again_counts_once(tmp_path: Path) -> None:
    for _ in range(2):
        report = _ga4(tmp_path / "export.jsonl", _row("page_view"))
    assert _lines(report) == {"known": 1}


def test_file_without_line_breaks_is_no_file_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    path.write_text(json.dumps([_row("page_view")] * 3000))
    with pytest.raises(UnreadableFile, match="no JSON lines"):
        _load(path, file_format=GA4)
