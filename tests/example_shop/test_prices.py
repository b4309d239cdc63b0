"""Totals, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from example_shop.shop.prices import Totals, totals_of

D = Decimal


def test_one_thing_under_sixty_pounds_pays_delivery() -> None:
    assert totals_of([(D("40.00"), 1)]) == Totals(D("40.00"), D("0.00"), D("3.95"))
    assert totals_of([(D("40.00"), 1)]).total == D("43.95")


def test_sixty_pounds_exactly_is_delivered_free() -> None:
    assert totals_of([(D("30.00"), 2)]).total == D("60.00")


def test_one_penny_less_is_not() -> None:
    assert totals_of([(D("59.99"), 1)]).delivery == D("3.95")
    assert totals_of([(D("59.99"), 1)]).missing_for_free_delivery == D("0.01")


def test_a_coupon_never_makes_delivery_dearer() -> None:
    assert totals_of([(D("60.00"), 1)], discount_percent=10) == Totals(D("60.00"), D("6.00"), D("0.00"))


@pytest.mark.parametrize(
    ("price", "discount"), [("9.95", "1.00"), ("9.94", "0.99"), ("0.04", "0.00"), ("0.05", "0.01")]
)
def test_half_a_penny_of_discount_is_rounded_up(price: str, discount: str) -> None:
    assert totals_of([(D(price), 1)], discount_percent=10).discount == D(discount)


def test_an_empty_cart_costs_nothing() -> None:
    assert totals_of([]) == Totals(D("0.00"), D("0.00"), D("0.00"))
