"""What sets a group apart: indexes, how sure they are, what is too rare, and what leads."""

from __future__ import annotations

import pytest

from django_microseg.segment.insight.contrast import Contrast, Share, compare


def _people(**counts: int) -> list[str | None]:
    return [None if value == "unknown" else value for value, number in counts.items() for _ in range(number)]


def test_index_is_the_share_here_over_the_share_there():
    found = compare({"device": _people(phone=60, desktop=40)}, {"device": _people(phone=150, desktop=350)})
    phone = next(row for row in found.rows if row.value == "phone")
    assert (phone.here, phone.there, phone.index) == (Share(60, 100), Share(150, 500), pytest.approx(200))
    assert (round(phone.low), round(phone.high), phone.is_sure) == (162, 246, True)  # exp(+-1.96 * 0.10646)


def test_same_shares_are_not_sure_and_their_index_is_100():
    found = compare({"device": _people(phone=30, desktop=70)}, {"device": _people(phone=150, desktop=350)})
    assert [(row.index, row.is_sure, row.distance) for row in found.rows] == [(pytest.approx(100), False, 0)] * 2
    assert found.sure == ()


def test_unknown_values_count_on_neither_side():
    here = {"country": _people(de=40, at=60, unknown=900)}
    found = compare(here, {"country": _people(de=200, at=300, unknown=5)})
    assert {row.here.of for row in found.rows} == {100}
    assert {row.there.of for row in found.rows} == {500}


def test_of_a_yes_or_no_only_the_yes_is_a_row():
    found = compare({"buyer": _people(yes=50, no=50)}, {"buyer": _people(yes=100, no=400)})
    assert [(row.value, row.index) for row in found.rows] == [("yes", pytest.approx(250))]


def test_number_is_compared_above_the_middle_of_the_others():
    here = {"orders": [float(n) for n in range(100)]}  # 0 to 99
    found = compare(here, {"orders": [float(n) for n in range(60)]})  # 0 to 59, middle 29.5
    assert [(row.value, row.here, row.there) for row in found.rows] == [(29.5, Share(70, 100), Share(30, 60))]


def test_rare_values_and_small_groups_are_counted_and_not_shown():
    found = compare({"brand": _people(a=95, b=5)}, {"brand": _people(a=497, c=3)})
    assert ([row.value for row in found.rows], found.rare) == ([], 3)
    few = compare({"device": _people(phone=29)}, {"device": _people(phone=200, desktop=200)})
    assert (few.rows, few.rare) == ((), 2)


def test_strongest_leads_not_the_wildest_index():
    here = {"brand": _people(rare=14, common=150, other=136)}
    found = compare(here, {"brand": _people(rare=20, common=250, other=1230)})
    assert found.sure[0].value == "common"
    indexes = {row.value: round(row.index) for row in found.rows}
    assert (indexes["rare"], indexes["common"]) == (350, 300)


def test_what_nobody_there_has_is_found_without_an_index():
    found = compare({"tier": _people(gold=40, none=60)}, {"tier": _people(none=500)})
    gold = next(row for row in found.rows if row.value == "gold")
    assert (gold.index, gold.is_sure, gold.low > 100) == (None, True, True)


def test_many_rows_by_chance_are_not_sure_where_one_alone_would_be():
    alone = compare({"a": _people(x=62, y=38)}, {"a": _people(x=50, y=50)})
    assert alone.rows[0].chance == pytest.approx(0.0876, abs=1e-3)
    noise = {f"v{n}": _people(x=50, y=50) for n in range(20)}
    sharp = _people(x=66, y=34)
    one = compare({"a": sharp}, {"a": _people(x=50, y=50)})
    many = compare({"a": sharp, **noise}, {"a": _people(x=50, y=50), **noise})
    assert (len(one.sure), len(many.sure)) == (2, 0)


def test_nobody_is_nothing():
    assert compare({"a": []}, {"a": []}).rows == ()


def test_distance_of_an_index_of_nought_is_the_upper_end():
    row = Contrast("a", "x", Share(0, 100), Share(50, 100), 0.0, 0.0, 50.0, 0.0)
    assert row.distance == pytest.approx(0.6931, abs=1e-4)
