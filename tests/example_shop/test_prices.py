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


def test_a_discount_never_makes_delivery_dearer() -> None:
    assert totals_of([(D("60.00"), 1)], discount=D("6.00")) == Totals(D("60.00"), D("6.00"), D("0.00"))


@pytest.mark.parametrize(("discount", "total"), [("39.99", "3.96"), ("40.00", "3.95"), ("40.01", "3.95")])
def test_a_discount_takes_off_no_more_than_the_goods(discount: str, total: str) -> None:
    assert totals_of([(D("40.00"), 1)], discount=D(discount)).total == D(total)


def test_an_empty_cart_costs_nothing() -> None:
    assert totals_of([]) == Totals(D("0.00"), D("0.00"), D("0.00"))
