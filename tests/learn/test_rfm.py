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
from django_microseg.learn.rfm import picture
from django_microseg.learn.rfm.grid import FEWEST, grid_of, moves_between, rule_of
from django_microseg.learn.rfm.letters import EVENTS, Letters, read_letters
from django_microseg.learn.rfm.picture import end_of, look_at, standing_of
from django_microseg.learn.rfm.scores import GROUPS, Person, group_of, scale_of, score_all, scores_of
from django_microseg.profile.models import Profile
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


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 5), st.integers(-9, 9)), min_size=1, max_size=50))
@settings(deadline=None)
def test_scale_of_a_few_numbers_scores_everybody_as_all_of_them_did(rows: list[tuple[int, int, int]]) -> None:
    people = [Person(key, *row) for key, row in enumerate(rows)]
    scale = scale_of(people)
    assert {person.key: scale.scores_of(person) for person in people} == score_all(people)


def test_scale_places_who_was_not_there_between_the_others() -> None:
    scale = scale_of([Person(n, -n, n, 10 * n) for n in range(1, 11)])
    newcomers = [scale.scores_of(Person(0, -n, n, 10 * n)) for n in (0, 3, 99)]
    assert [(score.r, score.f, score.m) for score in newcomers] == [(1, 1, 1), (2, 2, 2), (5, 5, 5)]


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
    grid = grid_of(Letters(), NOW)
    rules = {figures.place.slug: rule_of(figures, grid) for figures in grid.groups if figures.people}
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
    (person,) = grid_of(Letters(), NOW).persons.values()
    assert (person.count, person.value, person.age) == (2, 15000, 2 * 24 * 3_600_000)


@pytest.mark.django_db
def test_grid_of_another_day_knows_nothing_of_later_events_and_tells_who_moved() -> None:
    for n in range(10):
        buy(f"old-{n}", NOW - (100 + n) * DAY)
        buy(f"late-{n}", NOW - (60 + n) * DAY)
    before = grid_of(Letters(), NOW - 30 * DAY)
    assert len(before.persons) == 20
    for n in range(10):
        buy(f"old-{n}", NOW - DAY)
        buy(f"new-{n}", NOW - DAY / 2)
    after = grid_of(Letters(), NOW)
    moves = moves_between(before, after)
    assert sum(number for old, _, number in moves if not old) == 10
    assert sum(number for *_, number in moves) >= 20
    assert [number for *_, number in moves] == sorted((number for *_, number in moves), reverse=True)


@pytest.mark.django_db
def test_visits_count_once_each_and_openings_of_the_app_by_themselves() -> None:
    for visit in ("v1", "v1", "v2"):
        _view("ada", visit)
    do("ada", "app_opened", NOW - DAY)
    assert [person.count for person in grid_of(Letters(f="visits", r="visits"), NOW).persons.values()] == [2]
    assert [person.count for person in grid_of(Letters(f="app", r="app"), NOW).persons.values()] == [1]
    assert grid_of(Letters(), NOW).persons == {}


def _view(customer: str, visit: str) -> None:
    event = IncomingEvent("page_viewed", "", NOW, customer_key=customer, visit_key=visit, properties={"path": "/"})
    ingest([event], source="web", received_at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("event", list(EVENTS))
def test_empty_shop_has_an_empty_grid(event: str) -> None:
    grid = grid_of(read_letters(event, event, event), NOW)
    assert (grid.is_enough, len(grid.cells), sum(figures.people for figures in grid.groups)) == (False, 25, 0)
    assert {rule_of(figures, grid) for figures in grid.groups} == {""}


@pytest.mark.django_db
def test_grid_is_one_statement_however_many_people(django_assert_num_queries: Any) -> None:
    _crowd(random.Random(3), FEWEST)
    with django_assert_num_queries(1):
        assert grid_of(Letters(), NOW).is_enough
    assert profile_of("c0").pk


# -- a letter each, cells, looks that are kept, and one person


@pytest.mark.django_db
def test_each_letter_counts_what_it_is_told_to() -> None:
    buy("ada", NOW - 3 * DAY, revenue=100)
    for days in (2, 5, 9):
        do("ada", "product_viewed", NOW - days * DAY, product_id="boot-1")
    do("ada", "product_added", NOW - 4 * DAY, product_id="boot-1", price=30, currency="GBP", cart_id="c")
    buy("bob", NOW - 3 * DAY, revenue=100)  # looked at nothing
    (person,) = grid_of(Letters(r="views", f="orders", m="carts"), NOW).persons.values()
    assert (person.age, person.count, person.value) == (2 * 24 * 3_600_000, 1, 3000)
    (person,) = grid_of(Letters(r="orders", f="views", m="orders"), NOW).persons.values()
    assert (person.age, person.count, person.value) == (3 * 24 * 3_600_000, 3, 10000)


@pytest.mark.django_db
def test_rule_of_each_cell_finds_exactly_its_people() -> None:
    chance = random.Random(5)
    _crowd(chance, 40)
    for n in range(40):
        do(f"c{n}", "product_viewed", NOW - dt.timedelta(hours=chance.randrange(2, 900)), product_id="boot-1")
    grid = grid_of(Letters(r="views", f="orders"), NOW)
    cells = {place: figures for place, figures in grid.cells.items() if figures.people}
    put_in_force(NOW, **{figures.place.slug.replace("-", "_"): rule_of(figures, grid) for figures in cells.values()})
    for place, figures in cells.items():
        rows = Membership.objects.filter(segment__slug=figures.place.slug.replace("-", "_"))
        expected = {key for key, score in grid.scores.items() if (score.r, score.f) == place}
        assert set(rows.values_list("profile", flat=True)) == expected, place
    assert sum(figures.people for figures in cells.values()) == 40


@pytest.mark.django_db
def test_mean_score_of_value_lies_within_a_cell() -> None:
    _crowd(random.Random(6))
    grid = grid_of(Letters(), NOW)
    for place, figures in grid.cells.items():
        scores = [score.m for score in grid.scores.values() if (score.r, score.f) == place]
        assert figures.m == (sum(scores) / len(scores) if scores else None)


@pytest.mark.django_db
def test_look_is_kept_for_ten_minutes_and_says_when_it_was_worked_out(django_assert_num_queries: Any) -> None:
    _crowd(random.Random(7), FEWEST)
    first, last = (NOW - 30 * DAY).date(), NOW.date()
    with django_assert_num_queries(2):
        look = look_at(Letters(), first, last, now=NOW)
    with django_assert_num_queries(0):
        assert look_at(Letters(), first, last, now=NOW + DAY / 1000) == look
    assert (look.worked_out_at, look.picture.people, picture.KEPT_SECONDS) == (NOW, FEWEST, 600)
    with django_assert_num_queries(2):
        assert look_at(Letters(), first, last, now=NOW, is_anew=True) == look
        look_at(Letters(), first, last, now=NOW)
    with django_assert_num_queries(2):
        look_at(Letters(f="visits"), first, last, now=NOW)


@pytest.mark.django_db
def test_cache_that_fails_costs_time_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionError("the cache is gone")

    _crowd(random.Random(8), FEWEST)
    monkeypatch.setattr(picture, "_cache", fail)
    assert look_at(Letters(), (NOW - DAY).date(), NOW.date(), now=NOW).picture.people == FEWEST


@pytest.mark.parametrize(("zone", "end"), [("UTC", 24), ("Pacific/Auckland", 11)])  # 13 hours ahead in February
def test_day_ends_with_the_shops_clock_and_today_ends_now(settings: Any, zone: str, end: int) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "TIME_ZONE": zone}
    day = dt.date(2026, 2, 10)
    over = dt.datetime(2026, 2, 10, tzinfo=dt.UTC) + dt.timedelta(hours=end)
    assert end_of(day, NOW) == over - dt.timedelta(milliseconds=1)
    assert end_of(NOW.date() + DAY, NOW) == NOW


@pytest.mark.django_db
def test_person_stands_where_the_grid_has_them_and_moves_with_what_they_do() -> None:
    _crowd(random.Random(9))
    grid = grid_of(Letters(), NOW)
    for n in range(0, 60, 7):
        pk = profile_of(f"c{n}").pk
        standing = standing_of(pk, Letters(), now=NOW)
        assert standing is not None
        assert (standing.scores, standing.person) == (grid.scores[pk], grid.persons[pk])
    last = max(grid.scores, key=lambda key: grid.persons[key].age)
    later = NOW + DAY / 2
    assert standing_of(last, Letters(), now=later).scores == grid.scores[last]
    buy(str(_key(last)), later)
    assert standing_of(last, Letters(), now=later + DAY / 4).scores.r == 5


def _key(pk: int) -> str | None:
    return Profile.objects.get(pk=pk).customer_key


@pytest.mark.django_db
def test_who_bought_nothing_stands_nowhere_nor_does_anybody_among_few() -> None:
    buy("ada", NOW)
    assert standing_of(profile_of("ada").pk, Letters(), now=NOW) is None
    _crowd(random.Random(10), FEWEST)
    do("looker", "product_viewed", NOW, product_id="boot-1")
    picture._cache().clear()
    assert standing_of(profile_of("looker").pk, Letters(), now=NOW) is None
    assert standing_of(profile_of("ada").pk, Letters(), now=NOW) is not None
