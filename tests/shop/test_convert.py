"""What shops keep, as what our values hold: whatever cannot be understood is not known, and nothing ever raises."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.shop.mapping.convert import count_of, decimal_of, money_of, pieces_of, text_of
from django_microseg.shop.mapping.moment import instant_of
from django_microseg.shop.values import Money

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary(), st.dates(),
    st.lists(st.integers()), st.builds(SimpleNamespace, amount=st.one_of(st.integers(), st.text(), st.none())),
)  # fmt: skip


@dataclass(frozen=True)
class Price:
    """As money libraries have it."""

    amount: Any
    currency: Any


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, Decimal(12)),
        ("12.50", Decimal("12.50")),
        (0.1, Decimal("0.1")),
        (Decimal("1E+2"), Decimal(100)),
        (Price(Decimal("3.20"), "EUR"), Decimal("3.20")),
        (Price(None, "EUR"), None),
        ("12,50", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (Decimal("Infinity"), None),
        ([12], None),
    ],
)
def test_decimal(value: Any, expected: Decimal | None) -> None:
    assert decimal_of(value) == expected


@pytest.mark.parametrize(
    ("value", "currency", "is_minor", "expected"),
    [
        ("12.50", None, False, Money(Decimal("12.50"), "GBP")),
        ("12.50", "eur", False, Money(Decimal("12.50"), "EUR")),
        (1250, "EUR", True, Money(Decimal("12.50"), "EUR")),
        (1250, "JPY", True, Money(Decimal(1250), "JPY")),
        (1250, "KWD", True, Money(Decimal("1.250"), "KWD")),
        (Price(5, "USD"), None, False, Money(Decimal(5), "USD")),
        (Price(5, "USD"), "CHF", False, Money(Decimal(5), "CHF")),
        (5, "£", False, None),
        (None, "EUR", False, None),
    ],
)
def test_money(value: Any, currency: Any, is_minor: bool, expected: Money | None) -> None:
    assert money_of(value, currency, base="GBP", is_minor=is_minor) == expected


@pytest.mark.parametrize(("value", "stock", "pieces"), [
    (3, 3, 3), ("3", 3, 3), (Decimal("0.5"), 0, 1), (-2, 0, -2), (0, 0, 0), (None, None, 1), ("many", None, 1),
])  # fmt: skip
def test_stock_and_pieces(value: Any, stock: int | None, pieces: int) -> None:
    assert (count_of(value), pieces_of(value)) == (stock, pieces)


@given(ANYTHING, ANYTHING)
def test_nothing_raises_and_what_comes_out_is_typed(value: Any, currency: Any) -> None:
    money = money_of(value, currency, base="GBP", is_minor=False)
    assert money is None or (money.amount.is_finite() and len(money.currency) == 3)
    assert isinstance(pieces_of(value), int)
    assert count_of(value) is None or count_of(value) >= 0  # type: ignore[operator]
    assert isinstance(text_of(value), str)
    assert instant_of(value) is None or isinstance(value, dt.date)


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_lose_nothing(amount: Decimal, currency: str) -> None:
    minor = int(amount * 100)
    money = money_of(minor, currency, base="GBP", is_minor=True)
    assert money is not None
    assert money.amount * {"EUR": 100, "JPY": 1, "KWD": 1000}[currency] == minor


def test_instants_get_the_zone_of_the_shop(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    berlin = ZoneInfo("Europe/Berlin")
    aware = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    assert instant_of(aware) is aware
    assert instant_of(dt.datetime(2026, 7, 1, 12)) == dt.datetime(2026, 7, 1, 12, tzinfo=berlin)
    assert instant_of(dt.date(2026, 7, 1)) == dt.datetime(2026, 7, 1, tzinfo=berlin)
    assert instant_of("2026-07-01") is None
