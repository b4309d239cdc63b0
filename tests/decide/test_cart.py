"""What a reminder may show of a cart: lines that can be bought, and nothing if there are none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.decide.cart import offerable
from django_microseg.shop.values import CartInfo, LineInfo, Money

LINES = st.builds(
    LineInfo,
    product_key=st.text(min_size=1),
    quantity=st.integers(0, 3),
    unit_price=st.none(),
    is_available=st.booleans(),
)
FIFTY = Money(Decimal(50), "GBP")
BOOT, SOLD_OUT = LineInfo("boot", 1), LineInfo("tent", 1, is_available=False)


@given(st.lists(LINES))
def test_every_line_that_is_left_can_be_bought_and_none_of_those_is_missing(lines):
    found = offerable(CartInfo("c", tuple(lines)))
    buyable = tuple(line for line in lines if line.is_available and line.quantity > 0)
    assert (None if found is None else found.lines) == (buyable or None)


@pytest.mark.parametrize(
    ("cart", "expected"),
    [
        (None, None),
        (CartInfo("c", ()), None),
        (CartInfo("c", (SOLD_OUT,), FIFTY), None),
        (CartInfo("c", (BOOT,), FIFTY), CartInfo("c", (BOOT,), FIFTY)),
        (CartInfo("c", (BOOT, SOLD_OUT), FIFTY), CartInfo("c", (BOOT,), None)),
    ],
    ids=["none", "empty", "sold out", "whole", "in part"],
)
def test_sum_is_told_only_of_a_cart_that_is_whole(cart, expected):
    assert offerable(cart) == expected
