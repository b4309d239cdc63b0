"""What people are drawn to: shares by hand-made histories, and the facts that a sweep keeps of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_microseg.profile import follow
from django_microseg.profile.affinity import HALF_LIFE, WEIGHTS, affinities_of
from django_microseg.profile.affinity_facts import follow_affinities
from django_microseg.profile.fact_catalogue import InvalidFact
from django_microseg.profile.facts import set_fact
from django_microseg.profile.models import EventCursor, Fact
from django_microseg.segment import rulebook
from django_microseg.segment.sweep import sweep
from tests.segment.shop import DAY, NOW, do, members, profile_of, put_in_force

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


def _view(customer: str, category: str, at: dt.datetime = NOW, **more: Any) -> None:
    do(customer, "product_viewed", at, product_id=f"{category}-1", category=category, **more)


def _shares(customer: str, kind: str, now: dt.datetime = NOW) -> dict[str, float]:
    found = affinities_of([profile_of(customer).pk], now=now).get(profile_of(customer).pk, {})
    return {row.value: round(row.share, 3) for row in found.get(kind, ())}


def test_interest_counts_by_what_it_says_and_halves_in_thirty_days() -> None:
    _view("ada", "boots", NOW - HALF_LIFE)
    _view("ada", "boots", NOW - HALF_LIFE)
    _view("ada", "socks")
    assert _shares("ada", "category") == {"boots": 0.5, "socks": 0.5}
    do("ada", "product_added", NOW, product_id="socks-1", category="socks")
    assert _shares("ada", "category") == {"socks": 0.8, "boots": 0.2}


def test_line_of_an_order_counts_as_a_purchase() -> None:
    products = [{"product_id": "b", "category": "boots", "price": "80"}, {"product_id": "s", "category": "socks"}]
    do("ada", "order_completed", NOW, order_id="1", revenue=80, currency="GBP", products=products)
    _view("ada", "boots")
    assert _shares("ada", "category") == {"boots": round(6 / 11, 3), "socks": round(5 / 11, 3)}


def test_brands_and_attributes_have_rankings_of_their_own() -> None:
    _view("ada", "boots", brand="Tarnway", attributes=["eco-friendly", "vegan"])
    _view("ada", "boots", brand="Karst")
    assert _shares("ada", "brand") == {"karst": 0.5, "tarnway": 0.5}
    assert _shares("ada", "attribute") == {"eco-friendly": 0.5, "vegan": 0.5}


def test_ranking_is_the_strongest_first_and_does_not_change_by_waiting() -> None:
    for category, days in (("boots", 40), ("boots", 1), ("socks", 2), ("packs", 90)):
        _view("ada", category, NOW - days * DAY)
    now, later = _shares("ada", "category"), _shares("ada", "category", NOW + 60 * DAY)
    assert list(now) == list(later) == ["boots", "socks", "packs"]
    assert now == later


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400)), max_size=8))
@settings(max_examples=30, deadline=None)
def test_shares_are_of_one_whole_whatever_happened(views: list[tuple[str, int]]) -> None:
    customer = f"c-{hash(tuple(views))}"
    for category, days in views:
        _view(customer, category, NOW - days * DAY, step=days)
    if not views:
        return
    shares = affinities_of([profile_of(customer).pk], now=NOW).get(profile_of(customer).pk, {}).get("category", ())
    recent = {category for category, days in views if days < 360}
    assert {row.value for row in shares} == recent
    assert sum(row.share for row in shares) == pytest.approx(1 if recent else 0)
    assert [row.share for row in shares] == sorted((row.share for row in shares), reverse=True)


def test_channels_count_visits_openings_and_orders_each_once() -> None:
    for path in ("/", "/c/boots/"):
        do("ada", "page_viewed", NOW, path=path)  # no visit: counts for none
    do("ada", "order_completed", NOW, order_id="1", revenue=5, currency="GBP")
    do("ada", "store_visited", NOW, store_id="exeter")
    do("ada", "app_opened", NOW)
    do("ada", "app_opened", NOW - DAY / 2)
    shares = _shares("ada", "channel")
    assert list(shares) == ["app", "store", "web"]
    assert shares["store"] == shares["web"] < shares["app"]


def test_events_that_say_nothing_are_no_interest() -> None:
    do("ada", "page_viewed", NOW, path="/")
    assert _shares("ada", "category") == {}
    assert "page_viewed" not in WEIGHTS


# -- facts


def _facts(customer: str) -> dict[str, tuple[str | None, int]]:
    rows = Fact.objects.filter(profile=profile_of(customer)).order_by("valid_from", "pk")
    return {row.name: (row.text, row.confidence) for row in rows}


def test_sweep_keeps_the_favourites_as_facts_that_rules_ask_for() -> None:
    put_in_force(NOW, walkers='favourite_category == "boots" and favourite_brand == "tarnway"')
    _view("ada", "boots", brand="Tarnway")
    _view("bob", "socks", brand="Tarnway")
    sweep(LATER)
    assert members("walkers") == ["ada"]
    assert _facts("ada") == {"favourite_category": ("boots", 100), "favourite_brand": ("tarnway", 100)}


def test_favourite_gives_way_to_a_stronger_one() -> None:
    put_in_force(NOW, walkers='favourite_category == "boots"')
    _view("ada", "boots")
    sweep(LATER)
    do("ada", "product_added", LATER, product_id="s", category="socks")
    sweep(LATER + dt.timedelta(minutes=1))
    assert members("walkers") == []
    assert _facts("ada")["favourite_category"] == ("socks", 75)


def test_small_moves_write_nothing_and_each_event_is_looked_at_once(django_assert_num_queries: Any) -> None:
    for number in range(20):
        _view("ada", "boots", NOW, step=number)
    follow_affinities(LATER)
    _view("ada", "socks", NOW)
    assert follow_affinities(LATER) == 1
    assert Fact.objects.filter(name="favourite_category").count() == 1
    with django_assert_num_queries(2):
        assert follow_affinities(LATER) == 0


def test_what_was_just_stored_waits_until_whoever_writes_beside_it_is_done() -> None:
    _view("ada", "boots")
    assert follow_affinities(NOW + dt.timedelta(seconds=29)) == 0
    assert follow_affinities(NOW + dt.timedelta(seconds=30)) == 1


def test_late_events_and_many_of_them_are_followed_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "_EVENTS_AT_ONCE", 2)
    for number in range(5):
        _view(f"c{number}", "boots", NOW - 200 * DAY)
    assert follow_affinities(LATER) == 5
    do("c1", "product_viewed", NOW - 100 * DAY, received_at=NOW, product_id="s", category="socks")
    assert follow_affinities(LATER) == 1
    assert _facts("c1")["favourite_category"][0] == "socks"
    assert EventCursor.objects.get().position > 0


def test_stop_is_heeded() -> None:
    _view("ada", "boots")
    assert follow_affinities(LATER, should_stop=lambda: True) == 0
    assert follow_affinities(LATER, seconds=0) == 0


def test_nobody_declares_a_favourite() -> None:
    _view("ada", "boots")
    with pytest.raises(InvalidFact, match=r"follows from 'behaviour' and is never declared itself\.$"):
        set_fact(profile_of("ada"), "favourite_brand", "x", source="crm", now=NOW)


def test_nobody_is_looked_at_again_for_a_favourite_that_no_rule_asks_for() -> None:
    put_in_force(NOW, viewers='count("product_viewed") >= 1')
    _view("ada", "boots")
    assert sweep(LATER).refreshed.profiles == 0
    assert _facts("ada")["favourite_category"] == ("boots", 100)
    put_in_force(LATER, walkers='favourite_category == "boots"')
    assert members("walkers") == ["ada"]
