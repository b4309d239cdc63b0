"""The loyalty programme: what events make of tier and balance, whatever their order, and what rules see of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from django_microseg.collect.batch import StoredBatch
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.record import EventRecord
from django_microseg.profile.fact_catalogue import FACTS, InvalidFact, decode_fact
from django_microseg.profile.facts import set_fact
from django_microseg.profile.loyalty import on_loyalty_events
from django_microseg.profile.loyalty_shop import follow_loyalty
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Fact, Merge, Profile
from django_microseg.profile.unmerge import unmerge
from django_microseg.segment import rulebook
from django_microseg.segment.sweep import sweep
from django_microseg.shop.current import use_shop
from django_microseg.shop.values import LoyaltyInfo
from django_microseg.testing.memory_shop import MemoryShop
from tests.segment.shop import DAY, NOW, buy, do, members, profile_of, put_in_force

pytestmark = pytest.mark.django_db

TIERS = {"basic": 0, "silver": 500, "gold": 2000}


@pytest.fixture(autouse=True)
def _programme(settings: Any) -> Iterator[None]:
    settings.MICROSEG = {**settings.MICROSEG, "LOYALTY_TIERS": TIERS}
    rulebook.forget()
    yield
    rulebook.forget()


def _facts(customer: str, now: dt.datetime = NOW) -> dict[str, Any]:
    """What counts now, as a rule sees it."""
    rows = Fact.objects.filter(profile=profile_of(customer), valid_from__lte=now).order_by("valid_from", "pk")
    standing = {row.name: row for row in rows}
    return {
        name: decode_fact(FACTS[name], (row.text, row.number))
        for name, row in standing.items()
        if row.valid_until is None or row.valid_until > now
    }


def _balance(customer: str = "ada") -> Any:
    return _facts(customer).get("loyalty_points")


def test_joining_earning_and_rising_are_facts_for_rules() -> None:
    put_in_force(NOW, nearly='tier == "basic" and points_to_next_tier <= 100 and next_tier == "silver"')
    do("ada", "loyalty_joined", NOW - 9 * DAY, tier="Basic")
    do("bob", "loyalty_joined", NOW - 9 * DAY, tier="basic")
    do("ada", "points_earned", NOW - 2 * DAY, points=450)
    do("bob", "points_earned", NOW - 2 * DAY, points=300)
    assert members("nearly") == ["ada"]
    assert _facts("ada") == {
        "loyalty_since": (NOW - 9 * DAY).date(), "tier": "basic", "loyalty_points": 450, "next_tier": "silver",
        "points_to_next_tier": 50,
    }  # fmt: skip
    do("ada", "points_redeemed", NOW - DAY, points=400)
    assert members("nearly") == []
    do("bob", "tier_changed", NOW - DAY, tier="gold")
    assert _facts("bob")["tier"] == "gold"


def test_highest_tier_has_none_above_it() -> None:
    do("ada", "loyalty_points_earned", NOW - 2 * DAY, points=1999)
    assert _facts("ada")["next_tier"] == "gold"
    do("ada", "loyalty_points_earned", NOW - DAY, points=1)
    assert _facts("ada") == {"loyalty_points": 2000}


STEPS = (
    ("loyalty_points_earned", 5, {"points": 100}),
    ("loyalty_points_spent", 4, {"points": 30}),
    ("loyalty_points_earned", 3, {"points": 10, "balance": 500}),
    ("loyalty_points_spent", 2, {"points": 50}),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_balance_is_the_same_in_whatever_order_events_arrive(order: tuple[int, ...]) -> None:
    for at in order:
        name, days, said = STEPS[at]
        do("ada", name, NOW - days * DAY, received_at=NOW, **said)
    assert _balance() == 450


def test_same_event_again_counts_once() -> None:
    event = IncomingEvent("points_earned", "till-1", NOW, customer_key="ada", properties={"points": 70})
    for _ in range(2):
        ingest([event], source="till", received_at=NOW)
    assert _balance() == 70


def test_balance_that_another_system_declares_counts_from_its_moment_on() -> None:
    do("ada", "loyalty_points_earned", NOW - 5 * DAY, points=100)
    set_fact(profile_of("ada"), "loyalty_points", 1000, source="crm", now=NOW, valid_from=NOW - 3 * DAY)
    assert (_balance(), _facts("ada")["points_to_next_tier"]) == (1000, 1000)
    do("ada", "loyalty_points_earned", NOW - 2 * DAY, points=1)
    assert _balance() == 1001
    do("ada", "loyalty_points_earned", NOW - 4 * DAY, received_at=NOW, points=7)  # before it: it knows of them
    assert _balance() == 1001


def test_distance_is_told_of_a_declared_balance_too_and_ends_with_it() -> None:
    do("ada", "loyalty_joined", NOW - DAY)
    set_fact(profile_of("ada"), "loyalty_points", Decimal("499.5"), source="crm", now=NOW)
    assert _facts("ada")["points_to_next_tier"] == Decimal("0.5")
    set_fact(profile_of("ada"), "loyalty_points", None, source="crm", now=NOW + DAY)
    assert "points_to_next_tier" not in _facts("ada", NOW + DAY)


def test_nobody_declares_what_follows_from_the_balance() -> None:
    do("ada", "loyalty_joined", NOW)
    with pytest.raises(InvalidFact, match="follows from 'loyalty_points'"):
        set_fact(profile_of("ada"), "points_to_next_tier", 1, source="crm", now=NOW)


def test_shop_without_tiers_has_a_balance_and_no_distance(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "LOYALTY_TIERS": {}}
    do("ada", "loyalty_points_earned", NOW, points=5)
    assert _facts("ada") == {"loyalty_points": 5}


def test_points_of_a_visitor_become_the_customers_and_go_back_with_the_visitor() -> None:
    earned = IncomingEvent("points_earned", "kiosk-1", NOW - DAY, visitor_key="v" * 22, properties={"points": 20})
    ingest([earned], source="kiosk", received_at=NOW - DAY)
    do("ada", "loyalty_points_earned", NOW - 2 * DAY, points=100)
    merge_at_login("v" * 22, "ada", now=NOW)
    assert _balance() == 120
    visitor = unmerge(Merge.objects.get(), now=NOW)
    rows = Fact.objects.filter(profile=visitor, name="loyalty_points").order_by("valid_from", "pk")
    assert (_balance(), rows.last().number) == (100, 20_000)
    do("ada", "loyalty_points_earned", NOW - 3 * DAY, received_at=NOW, points=1)
    assert _balance() == 101
    assert Profile.objects.count() == 2


def test_events_of_others_cost_no_statement(django_assert_num_queries: Any) -> None:
    record = EventRecord(0, "web", "0" * 32, 0, "page_viewed")
    with django_assert_num_queries(0):
        on_loyalty_events(None, batch=StoredBatch({}, {1: (record,)}, frozenset(), NOW))


# -- by the shop's own word


class _Shop(MemoryShop):
    """A shop with a programme of its own."""

    standing: ClassVar[dict[str, LoyaltyInfo]] = {}
    asked: ClassVar[list[list[str]]] = []

    def loyalty(self, customer_keys: Collection[str]) -> dict[str, LoyaltyInfo]:
        self.asked.append(list(customer_keys))
        return {key: self.standing[key] for key in customer_keys if key in self.standing}


@pytest.fixture
def shop() -> Iterator[type[_Shop]]:
    _Shop.standing, _Shop.asked = {}, []
    with use_shop(_Shop()):
        yield _Shop


def test_sweep_asks_the_shop_for_whoever_ordered_and_rules_know_the_answer(shop: type[_Shop]) -> None:
    put_in_force(NOW, gold='tier == "gold" and points_to_next_tier <= 100')
    shop.standing = {
        "ada": LoyaltyInfo("Gold", 1900),
        "bob": LoyaltyInfo("Basic", 10),
        "eve": LoyaltyInfo("gold", 1950),
    }
    buy("ada", NOW)
    buy("bob", NOW)
    do("cy", "product_viewed", NOW, product_id="boot-1")
    sweep(NOW + dt.timedelta(minutes=1))
    assert members("gold") == ["ada"]
    assert shop.asked == [["ada", "bob"]]
    sweep(NOW + dt.timedelta(minutes=2))
    assert len(shop.asked) == 1
    known = _facts("bob", NOW + DAY)
    assert (known["tier"], known["loyalty_points"]) == ("basic", 10)


def test_shops_word_is_the_balance_from_then_on(shop: type[_Shop]) -> None:
    do("ada", "loyalty_points_earned", NOW - DAY, points=5)
    shop.standing = {"ada": LoyaltyInfo(points=700)}
    buy("ada", NOW)
    later = NOW + dt.timedelta(minutes=1)
    sweep(later)
    assert _facts("ada", later)["loyalty_points"] == 700
    do("ada", "loyalty_points_earned", later, points=1)
    assert _facts("ada", later)["loyalty_points"] == 701


def test_shop_that_fails_is_asked_again_and_the_sweep_goes_on(
    shop: type[_Shop], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("no programme today")

    put_in_force(NOW, buyers='count("order_completed") >= 1 and unknown(tier)')
    buy("ada", NOW)
    shop.standing = {"ada": LoyaltyInfo("gold")}
    with monkeypatch.context() as patch:
        patch.setattr(_Shop, "loyalty", fail)
        sweep(NOW + dt.timedelta(minutes=1))
    assert "no programme today" in caplog.text
    assert members("buyers") == ["ada"]
    sweep(NOW + dt.timedelta(minutes=2))
    assert members("buyers") == []


def test_shop_without_a_programme_is_not_asked(django_assert_num_queries: Any) -> None:
    with use_shop(MemoryShop()), django_assert_num_queries(0):
        assert follow_loyalty(NOW) == 0
