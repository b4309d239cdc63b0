"""Orders from any file, by a map of its columns."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.importing.column_map import parse_map, settle_map
from django_microseg.collect.importing.error_file import ErrorFile
from django_microseg.collect.importing.errors import WrongColumns
from django_microseg.collect.models import Event
from django_microseg.profile.identify import identify
from django_microseg.profile.links import loyalty_link
from django_microseg.profile.models import Profile
from tests.collect.importing.files import write_csv
from tests.collect.importing.importing import NOW, import_mapped, stored

HEADER = ("no", "who", "when", "what", "how many", "each", "money", "code")
MAP = {
    "order_id": "no", "customer_id": "who", "time": "when", "sku": "what", "quantity": "how many", "price": "each",
    "currency": "money", "coupon": "code",
}  # fmt: skip
GOOD = (
    ("1", "anna", "2011-03-01T10:00:00+02:00", "shoe", "1", "80.00", "GBP", "SPRING"),
    ("1", "anna", "2011-03-01T10:00:00+02:00", "sock", "3", "4.50", "GBP", "SPRING"),
    ("2", "guest", "2011-03-01", "sock", "1", "4.50", "GBP", ""),
    ("3", "bert", "2011-03-01", "", "", "", "", ""),
)


@pytest.mark.django_db
def test_lines_become_orders_with_products_coupon_and_value(tmp_path: Path) -> None:
    report = import_mapped(write_csv(tmp_path / "orders.csv", GOOD, HEADER), **MAP)
    assert stored() == [
        ("order_completed", "1", 0, "", 4, 9350, "anna"),
        ("product_purchased", "1", 1, "shoe", 1, 8000, "anna"),
        ("product_purchased", "1", 2, "sock", 3, 1350, "anna"),
        ("order_completed", "3", 0, "", None, None, "bert"),
    ]
    assert set(Event.objects.filter(order_key="1").values_list("coupon", flat=True)) == {"spring"}
    assert (report.lines["line"], report.lines["order_only"], report.lines["guest"]) == (2, 1, 1)


@pytest.mark.django_db
def test_columns_that_bear_our_names_need_no_map(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "plain.csv", [("7", "anna", "2011-03-01", "12.90")],
                     ("order_id", "customer_id", "time", "revenue"), delimiter=";")  # fmt: skip
    import_mapped(path)
    assert stored() == [("order_completed", "7", 0, "", None, 1290, "anna")]


BAD = (
    ("1", "anna", "yesterday", "shoe", "1", "80.00", "GBP", ""),
    ("1", "anna", "2011-03-01", "sock", "1", "4.50", "GBP", ""),
    ("2", "anna", "2011-03-01", "sock", "-1", "4.50", "GBP", ""),
    ("3", "anna", "2011-03-01", "sock", "1", "4,50", "GBP", ""),
    ("4", "anna", "2011-03-01", "sock", "1", "4.50", "GBP", ""),
    ("4", "bert", "2011-03-01", "sock", "1", "4.50", "GBP", ""),
    ("5", "anna", "2011-03-01", "sock", "1", "4.50", "GBP", ""),
    ("5", "anna", "2011-03-01", "sock", "1", "4.50", "EUR", ""),
    ("=cmd|' /C calc'!A1", "anna", "2011-03-01", "sock", "1", "4.50", "POUNDS", ""),
    ("6", "anna", "2011-03-01", "sock", "1", "4.50", "GBP", ""),
)
ERRORS = """\
row,reason,about,detail
2,unreadable,1,when is no time: write it like 2026-03-31T20:01:00.
4,unreadable,2,"how many is below 0: orders alone can be imported, without what was paid back."
5,unreadable,3,each is no number: write it like 1234.50.
6,two_customers,4,The lines of this order name more than one customer: mend the file.
8,two_currencies,5,The lines of this order have two currencies: mend the file.
10,bad_money,'=cmd|' /C calc'!A1,currency is no currency: send an ISO 4217 code such as EUR.
"""


@pytest.mark.django_db
def test_rows_that_cannot_be_imported_are_named_and_safe_for_a_spreadsheet(tmp_path: Path) -> None:
    errors = io.StringIO(newline="")
    report = import_mapped(write_csv(tmp_path / "bad.csv", BAD, HEADER), ErrorFile(errors), **MAP)
    assert errors.getvalue().replace("\r\n", "\n") == ERRORS
    assert (report.errors, report.total, report.events.quarantined) == (6, 10, 1)
    assert stored()[0][:2] == ("order_completed", "6")


@pytest.mark.django_db
def test_a_dry_run_tells_what_would_go_into_quarantine(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", [BAD[-2]], HEADER)
    dry, real = import_mapped(path, is_dry_run=True, **MAP), import_mapped(path, **MAP)
    assert dry.events.quarantined == real.events.quarantined == 1
    assert dry.first_errors == real.first_errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("order_id", "time", "words"), [("n/a", "2011-03-01", "no names no order."), ("1", "", "when is missing.")]
)
def test_a_row_without_its_order_or_time_is_refused(tmp_path: Path, order_id: str, time: str, words: str) -> None:
    path = write_csv(tmp_path / "bad.csv", [(order_id, "anna", time)], ("no", "who", "when"))
    report = import_mapped(path, order_id="no", customer_id="who", time="when")
    assert [error.detail for error in report.first_errors] == [words]


def test_a_map_is_read_from_text() -> None:
    assert parse_map("order_id=InvoiceNo, customer_id = Customer ID") == {
        "order_id": "InvoiceNo",
        "customer_id": "Customer ID",
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"order": "no"}, "no use for 'order'. Do you mean 'order_id'?"),
        ({"order_id": "number"}, "no column number. It has no, who"),
        ({"order_id": "no"}, "No column is known to be customer_id: say --map customer_id=COLUMN"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongColumns, match=sentence.replace(".", r"\.").replace("?", r"\?")):
        settle_map(given, ("no", "who"), known=("order_id", "customer_id"), needed=("order_id", "customer_id"))


@pytest.mark.parametrize(
    ("text", "sentence"), [("order_id", "write our_name=their_column"), ("time=a,time=b", "names time twice")]
)
def test_a_map_that_cannot_be_read_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(WrongColumns, match=sentence):
        parse_map(text)


# -- orders of a till, by the number of a card

TILL = ("order_id", "loyalty_number", "time", "revenue")


def _cards() -> None:
    identify(PersonKey("", "anna"), [loyalty_link("7700-1")], now=NOW)
    identify(PersonKey("v" * 22, ""), [loyalty_link("7700-2")], now=NOW)


@pytest.mark.django_db
def test_order_by_the_number_of_a_card_is_that_persons(tmp_path: Path) -> None:
    _cards()
    rows = [("1", "7700-1", "2011-03-01", "12.90"), ("2", "7700-2", "2011-03-01", "5"), ("3", "", "2011-03-01", "7")]
    report = import_mapped(write_csv(tmp_path / "till.csv", rows, TILL))
    assert stored() == [("order_completed", "1", 0, "", None, 1290, "anna"),
                        ("order_completed", "2", 0, "", None, 500, None)]  # fmt: skip
    assert set(Event.objects.values_list("channel", flat=True)) == {"store"}
    assert (report.lines["guest"], report.customers) == (1, 2)
    visitor = Profile.objects.get(identities__value="7700-2")
    assert Event.objects.get(order_key="2").profile == visitor


@pytest.mark.django_db
def test_order_of_a_card_that_nobody_has_waits_until_somebody_does(tmp_path: Path) -> None:
    errors = io.StringIO(newline="")
    path = write_csv(tmp_path / "till.csv", [("1", "7700-1", "2011-03-01", "12.90")], TILL)
    report = import_mapped(path, ErrorFile(errors))
    assert (report.errors, stored()) == (1, [])
    assert 'unknown_card,1,"Nobody has the card 7700-1' in errors.getvalue()
    _cards()
    assert import_mapped(path).errors == 0
    assert import_mapped(path).events.duplicates == 1
    assert len(stored()) == 1


@pytest.mark.django_db
def test_lines_of_two_cards_are_no_order(tmp_path: Path) -> None:
    _cards()
    rows = [("1", "7700-1", "2011-03-01", "1"), ("1", "7700-2", "2011-03-01", "1")]
    assert import_mapped(write_csv(tmp_path / "till.csv", rows, TILL)).errors == 1
    assert stored() == []


@pytest.mark.django_db
def test_file_that_names_neither_customer_nor_card_is_no_file_of_orders(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "till.csv", [("1", "2011-03-01")], ("order_id", "time"))
    with pytest.raises(WrongColumns, match="No column is known to be customer_id or loyalty_number"):
        import_mapped(path)
