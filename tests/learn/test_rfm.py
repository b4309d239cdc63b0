"""The RFM grid: scores that no order of rows moves, groups without overlap, and rules that find the same people."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.learn.rfm.grid import EVENTS, FEWEST, grid_of, moves_between, rule_of
from django_microseg.learn.rfm.scores import GROUPS, Person, group_of, score_all, scores_of
from django_microseg.segment import rulebook
from django_microseg.segment.models import Membership
from tests.segment.shop import DAY, NOW, buy, do, profile_of, put_in_force


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


# -- scores


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
@settings(deadline=None)
def test_scores_rise_with_the_value_and_equal_values_score_alike(values: list[int]) -> None:
    scores = scores_of(values)
    ordered = [scores[value] for value in sorted(set(values))]
    assert ordered == sorted(ordered)
    assert all(1 <= score <= 5 for score in ordered)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.integers(0, 9)), min_size=1, max_size=50),
       st.randoms(use_true_random=False))  # fmt: skip
@settings(deadline=None)
def test_shuffling_rows_moves_nobody(rows: list[tuple[int, int, int]], chance: random.Random) -> None:
    people = [Person(key, *row) for key, row in enumerate(rows)]
    shuffled = people[:]
    chance.shuffle(shuffled)
    assert score_all(people) == score_all(shuffled)


def test_five_equal_fifths_have_the_five_scores() -> None:
    assert list(scores_of(range(1, 11)).values()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scores_of([7]) == {7: 5}
    assert scores_of([1] * 80 + [2] * 20) == {1: 3, 2: 5}  # average ranks 40.5 and 90.5 of 100


def test_every_cell_is_in_exactly_one_group() -> None:
    for r, f in product(range(1, 6), repeat=2):
        assert [group for group in GROUPS if group.has(r, f)] == [group_of(r, f)]


# -- the grid


def _crowd(chance: random.Random, number: int = 60) -> None:
    for n in range(number):
        for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
            buy(f"c{n}", NOW - dt.timedelta(hours=chance.randrange(2, 9000)), revenue=chance.randrange(5, 200))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_rule_of_each_group_finds_exactly_its_people(seed: int) -> None:
    _crowd(random.Random(seed))
    do("looker", "product_viewed", NOW, product_id="boot-1")  # bought nothing, so is in no group
    grid = grid_of("orders", NOW)
    rules = {figures.group.slug: rule_of(figures, grid) for figures in grid.groups if figures.people}
    put_in_force(NOW, **{slug.replace("-", "_"): rule for slug, rule in rules.items()})
    for slug in rules:
        members = set(Membership.objects.filter(segment__slug=slug.replace("-", "_")).values_list("profile", flat=True))
        assert members == {key for key, score in grid.scores.items() if group_of(score.r, score.f).slug == slug}, slug
    assert sum(figures.people for figures in grid.groups) == len(grid.persons) == 60
    assert sum(cell.people for cell in grid.cells.values()) == 60


@pytest.mark.django_db
def test_grid_counts_what_was_paid_and_not_what_was_given_back() -> None:
    buy("ada", NOW - 3 * DAY, revenue=100)
    do("ada", "order_refunded", NOW - DAY, order_id="o-other", amount=10, currency="GBP")
    buy("ada", NOW - 2 * DAY, revenue=50)
    (person,) = grid_of("orders", NOW).persons.values()
    assert (person.count, person.value, person.age) == (2, 15000, 2 * 24 * 3_600_000)


@pytest.mark.django_db
def test_grid_of_another_day_knows_nothing_of_later_events_and_tells_who_moved() -> None:
    for n in range(10):
        buy(f"old-{n}", NOW - (100 + n) * DAY)
        buy(f"late-{n}", NOW - (60 + n) * DAY)
    before = grid_of("orders", NOW - 30 * DAY)
    assert len(before.persons) == 20
    for n in range(10):
        buy(f"old-{n}", NOW - DAY)
        buy(f"new-{n}", NOW - DAY / 2)
    after = grid_of("orders", NOW)
    moves = moves_between(before, after)
    assert sum(number for old, _, number in moves if not old) == 10
    assert sum(number for *_, number in moves) >= 20
    assert [number for *_, number in moves] == sorted((number for *_, number in moves), reverse=True)


@pytest.mark.django_db
def test_visits_count_once_each_and_openings_of_the_app_by_themselves() -> None:
    for visit in ("v1", "v1", "v2"):
        _view("ada", visit)
    do("ada", "app_opened", NOW - DAY)
    assert [person.count for person in grid_of("visits", NOW).persons.values()] == [2]
    assert [person.count for person in grid_of("app", NOW).persons.values()] == [1]
    assert grid_of("orders", NOW).persons == {}


def _view(customer: str, visit: str) -> None:
    event = IncomingEvent("page_viewed", "", NOW, customer_key=customer, visit_key=visit, properties={"path": "/"})
    ingest([event], source="web", received_at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("event", list(EVENTS))
def test_empty_shop_has_an_empty_grid(event: str) -> None:
    grid = grid_of(event, NOW)
    assert (grid.is_enough, len(grid.cells), sum(figures.people for figures in grid.groups)) == (False, 25, 0)
    assert {rule_of(figures, grid) for figures in grid.groups} == {""}


@pytest.mark.django_db
def test_grid_is_one_statement_however_many_people(django_assert_num_queries: Any) -> None:
    _crowd(random.Random(3), FEWEST)
    with django_assert_num_queries(1):
        assert grid_of("orders", NOW).is_enough
    assert profile_of("c0").pk
