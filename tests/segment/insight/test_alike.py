"""How alike a group is: the ends of the scale, the comparison, and what is too small to measure."""

from __future__ import annotations

import pytest

from django_microseg.segment.insight.alike import measure

MIXED = {"device": ["phone", "desktop"] * 100, "orders": [float(n % 10) for n in range(200)]}


def test_all_the_same_is_one_and_evenly_mixed_is_nought():
    same = {"device": ["phone"] * 200, "orders": [3.0] * 200}
    found = measure(same, MIXED)
    assert found is not None
    assert (found.here, round(found.there, 2), found.variables) == (1.0, 0.0, 2)
    assert (found.is_more, found.is_less) == (True, False)


def test_group_that_is_like_everybody_is_neither_more_nor_less_alike():
    found = measure(MIXED, MIXED)
    assert found is not None
    assert (found.difference, found.is_more, found.is_less) == (0, False, False)


def test_several_groups_in_one_are_more_mixed_than_others():
    found = measure({"device": MIXED["device"]}, {"device": ["phone"] * 190 + ["desktop"] * 10})
    assert found is not None
    assert (found.is_less, round(found.here, 2), round(found.there, 2)) == (True, 0.0, 0.71)


@pytest.mark.parametrize("number", [0, 29])
def test_too_few_look_alike_by_chance_and_are_not_measured(number):
    assert measure({"device": ["phone"] * number}, {"device": MIXED["device"]}) is None
    assert measure({"device": MIXED["device"]}, {"device": ["phone"] * number}) is None


def test_variable_that_is_known_of_too_few_is_left_out():
    known_of_few = {"device": MIXED["device"], "age": [30.0] * 29 + [None] * 171}
    found = measure(known_of_few, known_of_few)
    assert found is not None
    assert found.variables == 1


def test_constant_says_nothing():
    assert measure({"shop": ["one"] * 50}, {"shop": ["one"] * 50}) is None
