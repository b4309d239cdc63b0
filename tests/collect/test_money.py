"""Amounts: minor units by ISO exponent, and the shop's currency by the rate of the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from django_microseg.collect.models import CurrencyRate
from django_microseg.collect.money import minor_exponent, read_amount, read_currency, to_base, to_minor
from django_microseg.collect.reasons import Rejected
from tests.collect.making import event, order, send, stored

DAY = dt.date(2026, 3, 1)


def provider(currency: str, day: dt.date) -> Decimal | None:
    """A shop's own rates: the dollar is known, and only from March on."""
    return Decimal("0.5") if currency == "USD" and day >= DAY else None


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XYZ", 2)])
def test_the_exponent_is_isos(currency, digits):
    assert minor_exponent(currency) == digits


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (12.9, "EUR", 1290),
        ("12.90", "EUR", 1290),
        (0.1 + 0.2, "EUR", 30),
        ("0.005", "EUR", 1),  # halves away from zero
        ("1.004", "EUR", 100),
        (1200, "JPY", 1200),
        ("1200.5", "JPY", 1201),
        ("1.2345", "KWD", 1235),
        (Decimal("7.77"), "EUR", 777),
        (" 5 ", "EUR", 500),
        (0, "EUR", 0),
    ],
)
def test_amounts_become_minor_units(value, currency, minor):
    assert to_minor(read_amount(value, "price"), currency) == minor


@pytest.mark.parametrize(
    "value",
    ["", "cheap", "12,90", "€5", "1e3", "1_000", "٣", "0x10", "NaN", "Infinity", True, None, [1], "9" * 17, 10**16],
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(Rejected) as refused:
        read_amount(value, "price")
    assert refused.value.reason == "bad_money"


def test_negative_amounts_are_refused_unless_allowed():
    assert read_amount("-5", "price", may_be_negative=True) == -5
    with pytest.raises(Rejected):
        read_amount("-5", "price")


@pytest.mark.parametrize("value", ["euro", "EU", "€", "E1R", "", None, 978, "EURO"])
def test_what_is_no_currency_is_refused(value):
    with pytest.raises(Rejected):
        read_currency(value, "currency")


def test_currencies_are_read_without_case():
    assert read_currency(" eur ", "currency") == "EUR"


def test_currencies_of_other_exponents_convert_by_units():
    assert to_base(1000, "JPY", "EUR", Decimal("0.0061")) == 610  # 1,000 yen are 6.10 euros
    assert to_base(1_000, "KWD", "EUR", Decimal("3")) == 300  # 1 dinar is 3 euros
    assert to_base(10**15, "EUR", "JPY", Decimal("160")) is None  # out of range: not known


@pytest.fixture
def _rates(db):
    for day, rate in ((1, "0.90"), (10, "0.80"), (20, "0.70")):
        CurrencyRate.objects.create(currency="USD", day=dt.date(2026, 2, day), rate=Decimal(rate))
    CurrencyRate.objects.create(currency="JPY", day=dt.date(2020, 1, 1), rate=Decimal("0.006"))


def dollars(day, **values):
    return event("order_completed", {"order_id": day, "revenue": 100, "currency": "USD"}, occurred_at=day, **values)


@pytest.mark.usefixtures("_rates")
def test_the_rate_of_the_day_is_the_last_one_before_or_on_it():
    send(*(dollars(f"2026-02-{day}T12:00:00Z") for day in ("01", "09", "10", "19", "25")))
    assert stored("value_base_minor") == [9000, 9000, 8000, 8000, 7000]
    assert set(stored("value_minor", "currency")) == {(10000, "USD")}


@pytest.mark.usefixtures("_rates")
def test_before_the_first_rate_and_without_any_the_amount_is_unknown():
    send(dollars("2026-01-31T12:00:00Z"), order("B", 5, currency="SEK"))
    assert stored("value_base_minor") == [None, None]
    assert set(stored("value_minor", "currency")) == {(10000, "USD"), (500, "SEK")}


@pytest.mark.usefixtures("_rates")
def test_an_old_rate_holds_until_there_is_a_newer_one():
    send(order("B", 1000, currency="JPY"), order("C", 7))
    assert sorted(stored("value_base_minor")) == [600, 700]


@pytest.mark.usefixtures("_rates")
def test_the_day_is_the_shops(settings):
    settings.MICROSEG = {"TIME_ZONE": "Asia/Tokyo"}
    send(dollars("2026-02-09T16:00:00Z"))  # the tenth in Tokyo
    assert stored("value_base_minor") == [8000]


@pytest.mark.usefixtures("_rates")
def test_lines_are_converted_like_their_order():
    send(order("A", 30, currency="USD", products=[{"product_id": "P", "price": 15, "quantity": 2}]))
    assert stored("name", "value_minor", "value_base_minor") == [
        ("order_completed", 3000, 2100),
        ("product_purchased", 3000, 2100),
    ]


@pytest.mark.django_db
def test_a_shops_own_rates_are_asked(settings):
    settings.MICROSEG = {"CURRENCY_RATES": f"{__name__}.provider"}
    send(order("A", 100, currency="USD"), order("B", 100, currency="SEK"), dollars("2026-02-28T12:00:00Z"))
    assert sorted(stored("currency", "value_base_minor"), key=str) == [("SEK", None), ("USD", 5000), ("USD", None)]


@pytest.mark.django_db
def test_without_a_currency_it_is_the_shops_and_without_an_amount_there_is_none(settings):
    settings.MICROSEG = {"CURRENCY": "JPY"}
    send(order("A", 1200), order("B", None, at=dt.timedelta(hours=4), currency="JPY"))
    assert stored("value_minor", "currency", "value_base_minor") == [(1200, "JPY", 1200), (None, "", None)]
