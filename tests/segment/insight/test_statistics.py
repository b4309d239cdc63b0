"""Tests and intervals of shares, against published tables and R."""

from __future__ import annotations

from math import log

import pytest

from django_microseg.segment.insight.statistics import (
    adjusted,
    entropy,
    entropy_error,
    is_testable,
    p_of_shares,
    ratio_interval,
)


def test_chance_of_a_difference_is_that_of_prop_test_without_correction():
    # R: prop.test(c(15, 25), c(50, 50), correct = FALSE): X-squared = 4.1667, p-value = 0.04123
    assert p_of_shares(15, 50, 25, 50) == pytest.approx(0.04123, abs=5e-6)


def test_aspirin_study_is_as_published():
    # Agresti, Categorical Data Analysis, 2.1.1 and 3.1: 189 of 11,034 against 104 of 11,037; ratio 1.82, 1.43 to 2.30
    assert p_of_shares(189, 11034, 104, 11037) == pytest.approx(5.7e-7, rel=0.01)
    assert ratio_interval(189, 11034, 104, 11037) == pytest.approx((1.433, 2.306), abs=0.001)


def test_equal_shares_are_no_difference_and_nobody_anywhere_is_none_either():
    assert p_of_shares(10, 100, 20, 200) == 1
    assert p_of_shares(0, 100, 0, 200) == 1


def test_interval_of_nobody_begins_at_nought_and_is_wide():
    low, high = ratio_interval(0, 100, 20, 100)
    assert (low, round(high, 3)) == (
        0.0,
        0.408,
    )  # half a person: 0.025 * exp(1.96 * sqrt(1/0.5 - 1/100 + 1/20 - 1/100))


def test_false_discovery_rate_is_that_of_the_paper():
    # Benjamini and Hochberg (1995), section 4: of these 15 the first four are found at a rate of 0.05
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    chances += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    found = adjusted(chances)
    assert [at for at, chance in enumerate(found) if chance < 0.05] == [0, 1, 2, 3]
    assert found[3] == pytest.approx(0.0095 * 15 / 4)


def test_adjusted_chances_stay_in_the_order_given_and_never_fall_with_the_rank():
    assert adjusted([0.04, 0.01, 0.03]) == pytest.approx([0.04, 0.03, 0.04])
    assert adjusted([]) == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [((10, 20, 10, 20), True), ((5, 10, 5, 10), True), ((4, 10, 5, 10), False), ((1, 1000, 8, 1000), False),
     ((0, 0, 5, 10), False), ((50, 50, 50, 50), False)],
)  # fmt: skip
def test_five_people_must_be_expected_in_each_cell(table, expected):
    assert is_testable(*table) is expected


def test_entropy_of_one_kind_is_nought_and_of_two_halves_a_bit_with_the_correction():
    assert entropy([7]) == 0
    assert entropy([500, 500]) == pytest.approx(log(2) + 1 / 2000)
    assert entropy([75, 25]) == pytest.approx(0.562335 + 1 / 200, abs=1e-6)


def test_error_of_the_entropy_by_hand():
    # sqrt((0.75 ln(0.75)^2 + 0.25 ln(0.25)^2 - 0.562335^2) / 100)
    assert entropy_error([75, 25]) == pytest.approx(0.0475713, abs=1e-6)
    assert entropy_error([50, 50]) == 0
