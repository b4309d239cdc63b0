"""Companies: who belongs to one, what all of them did together, and rules about both."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_microseg.collect.hooks import PersonKey
from django_microseg.privacy.erase import erase_customer
from django_microseg.profile.account_totals import Totals, recount, recount_due, totals_of
from django_microseg.profile.accounts import COUNTED, NoAccount, account_key, members_of
from django_microseg.profile.fact_catalogue import InvalidFact
from django_microseg.profile.facts import set_fact
from django_microseg.profile.identify import identify
from django_microseg.profile.links import loyalty_link
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Account, AccountTouch, Fact, Merge, Profile
from django_microseg.segment import rulebook
from django_microseg.segment.full import refresh_fully
from django_microseg.segment.sweep import sweep
from tests.effort import cases
from tests.profile.people import owners, person
from tests.profile.threads import at_once
from tests.segment.shop import DAY, NOW, buy, do, members, profile_of, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    rulebook.forget()


def join(customer: str, account: str = "Acme", at: dt.datetime = NOW) -> None:
    do(customer, "account_joined", at, account_id=account)


def count(now: dt.datetime = NOW) -> dict[str, Totals]:
    recount_due(now)
    rows = Account.objects.exclude(counted_at=None)
    return {row.key: Totals(row.members, row.buyers, row.orders, row.spend_minor) for row in rows}


def told(customer: str) -> dict[str, int | None]:
    """The figures that count for somebody, in thousandths."""
    rows = Fact.objects.filter(profile=profile_of(customer), name__in=COUNTED, valid_until=None)
    return dict(rows.order_by("valid_from", "pk").values_list("name", "number"))


FIGURES = {"members": 2, "buyers": 1, "nonbuyers": 1, "orders": 2, "spend": 90}
TOLD = {f"account_{name}": 1000 * number for name, number in FIGURES.items()}


def test_event_puts_somebody_in_and_all_members_know_what_they_did_together() -> None:
    join("ada")
    join("bob", "ACME ")
    join("eve", "Other")
    buy("ada", revenue=40)
    buy("ada", revenue=50)
    buy("eve", revenue=1000)
    assert count() == {"acme": Totals(2, 1, 2, 9000), "other": Totals(1, 1, 1, 100000)}
    assert told("ada") == told("bob") == TOLD
    assert not AccountTouch.objects.exists()


@pytest.mark.parametrize("given", ["", " ", "null", "0", "undefined", None, 1.5, "x" * 101])
def test_key_that_stands_for_nobody_is_none(given: object) -> None:
    with pytest.raises(NoAccount):
        account_key(given)


def test_placeholder_makes_nobody_a_member() -> None:
    join("ada", "null")
    join("bob", "undefined")
    assert (Account.objects.count(), Fact.objects.count()) == (0, 0)


def test_placeholder_that_a_shop_declares_counts_nobody_together() -> None:
    for customer in ("ada", "bob"):
        set_fact(person("", customer), "account", "null", source="shop", now=NOW)
    assert (count(), told("ada")) == ({}, {})


def test_refund_and_cancellation_count_as_for_the_person() -> None:
    join("ada")
    do("ada", "order_completed", order_id="o", revenue=40, currency="GBP")
    do("ada", "order_completed", order_id="p", revenue=60, currency="GBP")
    assert count()["acme"].spend_minor == 10000
    do("ada", "order_refunded", order_id="o", amount=15, currency="GBP")
    assert count(NOW + DAY)["acme"] == Totals(1, 1, 2, 8500)
    do("ada", "order_cancelled", at=NOW + DAY, order_id="p")
    assert count(NOW + 2 * DAY)["acme"] == Totals(1, 1, 1, 2500)


def test_rules_ask_for_any_all_and_none_of_the_users_live_and_in_batches() -> None:
    put_in_force(
        any="account_buyers >= 1",
        all="account_nonbuyers == 0",
        none="account_buyers == 0",
        big='account == "acme" and account_spend >= 90 and account_orders >= 2',
    )
    for customer, account in (("ada", "acme"), ("bob", "acme"), ("cleo", "other"), ("dan", "idle")):
        join(customer, account)
    do("eve", "page_viewed", path="/")
    buy("ada", revenue=40)
    buy("ada", revenue=50)
    buy("cleo")
    sweep(NOW)
    expected = {"any": ["ada", "bob", "cleo"], "all": ["cleo"], "none": ["dan"], "big": ["ada", "bob"]}
    assert {slug: members(slug) for slug in expected} == expected
    refresh_fully(NOW, by="scan")
    assert {slug: members(slug) for slug in expected} == expected


def test_last_account_counts_and_whoever_leaves_is_told_nothing_more() -> None:
    put_in_force(big="account_orders >= 1")
    for customer in ("ada", "bob"):
        join(customer)
    buy("ada")
    count()
    join("bob", "other", NOW + DAY)
    set_fact(profile_of("ada"), "account", None, source="shop", now=NOW + DAY)
    assert (members("big"), told("ada")) == (["bob"], {})
    assert count(NOW + DAY) == {"acme": Totals(), "other": Totals(1)}
    assert (members("big"), told("bob")["account_orders"]) == ([], 0)


def test_late_word_of_an_earlier_account_changes_nothing() -> None:
    join("ada", "new", NOW)
    join("ada", "old", NOW - DAY)
    assert [count()[key].members for key in ("new", "old")] == [1, 0]


def test_account_that_ends_by_time_alone_is_seen_within_a_day() -> None:
    set_fact(person("", "ada"), "account", "acme", source="crm", now=NOW, valid_from=NOW, valid_until=NOW + DAY)
    assert count()["acme"].members == 1
    assert count(NOW + 3 * DAY)["acme"].members == 0


def test_nobody_declares_what_is_counted() -> None:
    with pytest.raises(InvalidFact):
        set_fact(person("", "ada"), "account_orders", 5, source="crm", now=NOW)


def test_of_one_day_only_the_last_figures_stay() -> None:
    join("ada")
    for hour in range(4):
        buy("ada", NOW + hour * DAY / 24)
        count(NOW + hour * DAY / 24)
    buy("ada", NOW + DAY)
    count(NOW + DAY)
    rows = Fact.objects.filter(name="account_orders").order_by("valid_from")
    assert list(rows.values_list("number", flat=True)) == [4000, 5000]


def test_counting_again_writes_no_fact() -> None:
    join("ada")
    buy("ada")
    count()
    before = list(Fact.objects.order_by("pk").values())
    recount(Account.objects.get(), NOW)
    assert list(Fact.objects.order_by("pk").values()) == before


def test_visitor_brings_the_account_along_and_takes_it_back() -> None:
    person("", "ada")
    visitor = person("v1")
    set_fact(visitor, "account", "acme", source="shop", now=NOW)
    count()
    before = owners()
    merge_at_login("v1", "ada", now=NOW)
    assert set(members_of("acme", NOW)) == {profile_of("ada")}
    count()
    unmerge(Merge.objects.get(), now=NOW)
    assert set(members_of("acme", NOW)) == {visitor}
    assert owners() == before
    assert count()["acme"].members == 1


def test_whoever_is_erased_is_counted_no_more() -> None:
    for customer in ("ada", "bob"):
        join(customer)
        buy(customer)
    count()
    erase_customer("ada", now=NOW)
    assert count()["acme"] == Totals(1, 1, 1, 5000)
    assert told("bob")["account_members"] == 1000


def test_order_of_somebody_without_an_account_costs_one_question() -> None:
    buy("eve")
    with CaptureQueriesContext(connection) as queries:
        buy("eve")
    assert sum("django_microseg_account" in query["sql"] for query in queries) == 1


def test_somebody_who_counts_at_the_same_time_makes_it_count_again() -> None:
    join("ada")
    account = Account.objects.get()
    recount(Account.objects.get(), NOW)
    recount(account, NOW)
    assert AccountTouch.objects.count() == 1
    assert count() == {"acme": Totals(1)}
    assert not AccountTouch.objects.exists()


def test_account_makes_nobody_the_same_person() -> None:
    identify(PersonKey("v1", ""), [loyalty_link("1")], now=NOW)
    for key in ("v1", "v2"):
        set_fact(person(key), "account", "acme", source="shop", now=NOW)
    assert Merge.objects.count() == 0
    assert count()["acme"].members == 2


steps = st.one_of(
    st.tuples(st.just("join"), st.sampled_from(["ada", "bob", "eve"]), st.sampled_from(["acme", "other"])),
    st.tuples(st.just("leave"), st.sampled_from(["ada", "bob", "eve"]), st.just("")),
    st.tuples(st.just("buy"), st.sampled_from(["ada", "bob", "eve"]), st.integers(1, 90)),
    st.tuples(st.just("login"), st.sampled_from(["v1", "v2"]), st.sampled_from(["ada", "bob"])),
    st.tuples(st.just("visit"), st.sampled_from(["v1", "v2"]), st.sampled_from(["acme", "other"])),
    st.tuples(st.just("undo"), st.just(""), st.just("")),
    st.tuples(st.just("count"), st.just(""), st.just("")),
)


def take(step: tuple[str, str, object], now: dt.datetime) -> None:
    what, who, other = step
    if what == "join":
        join(who, str(other), now)
    elif what == "leave":
        set_fact(person("", who), "account", None, source="shop", now=now)
    elif what == "buy":
        buy(who, now, revenue=int(str(other)))
    elif what == "login" and person(who).customer_key in (None, other):
        merge_at_login(who, str(other), now=now)
    elif what == "visit":
        set_fact(person(who), "account", str(other), source="shop", now=now)
    elif what == "undo":
        for merge in Merge.objects.filter(undone_at=None).order_by("-pk")[:1]:
            unmerge(merge, now=now)
    elif what == "count":
        recount_due(now)


@settings(
    max_examples=cases(quick=25, ci=80),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(done=st.lists(steps, max_size=10))
def test_after_a_count_everybody_is_told_what_is_true(done: list[tuple[str, str, object]]) -> None:
    with transaction.atomic():
        for number, step in enumerate(done):
            take(step, NOW + number * dt.timedelta(hours=5))
        now = NOW + len(done) * dt.timedelta(hours=5)
        recount_due(now)
        expected, found = {}, {}
        for profile in Profile.objects.filter(merged_into=None):
            facts = Fact.objects.filter(profile=profile, valid_until=None).order_by("valid_from", "pk")
            last = dict(facts.values_list("name", "text"))
            numbers = {row.name: row.number for row in facts if row.name in COUNTED}
            totals = totals_of(last["account"] or "", now)[0] if "account" in last else None
            found[profile.pk] = numbers
            expected[profile.pk] = (
                {} if totals is None else {name: 1000 * value for name, value in totals.as_facts("GBP").items()}
            )
        transaction.set_rollback(True)
    assert found == expected


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_orders_while_others_count_are_all_counted_in_the_end() -> None:
    for customer in ("ada", "bob"):
        join(customer)

    def order(customer: str) -> None:
        for _ in range(10):
            buy(customer)

    def keep_counting() -> None:
        for _ in range(10):
            recount_due(NOW)

    assert at_once(partial(order, "ada"), partial(order, "bob"), keep_counting, keep_counting) == []
    while AccountTouch.objects.exists():
        recount_due(NOW)
    assert Account.objects.get().orders == 20
    assert told("ada")["account_orders"] == told("bob")["account_orders"] == 20_000
