"""Links lead to people: proven ones join profiles, others do not, customers never merge, joins can be undone."""

from __future__ import annotations

import hashlib
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event
from django_microseg.profile import identify as room
from django_microseg.profile.errors import DifferentCustomers, PersonErased
from django_microseg.profile.find import find_person
from django_microseg.profile.identify import Conflict, identify, person_of
from django_microseg.profile.links import Link, NoLink, device_link, email_link, loyalty_link
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Identity, Merge, Profile
from django_microseg.profile.tombstone import remember_erased
from tests.effort import cases
from tests.profile.people import NOW, event, fact, owners, person, track
from tests.profile.threads import at_once

pytestmark = pytest.mark.django_db

ADA = "ada@example.com"
PROVEN, SAID = email_link(ADA, is_proven=True), email_link(ADA)


def tie(visitor: str, *links: Link, customer: str = "") -> room.Identified:
    return identify(PersonKey(visitor, customer), links, now=NOW)


def test_link_leads_to_the_person_and_an_address_is_kept_as_a_hash_alone() -> None:
    tie("v1", email_link(" Ada@Example.com "), loyalty_link(4711), device_link("phone-1"))
    assert {row.kind for row in Identity.objects.all()} == {"visitor", "email", "loyalty", "device"}
    assert Identity.objects.get(kind="email").value == hashlib.sha256(ADA.encode()).hexdigest()
    for link in (SAID, loyalty_link("4711"), device_link("phone-1")):
        assert person_of(link) == PersonKey("v1", "")
    assert find_person(ADA) == find_person("4711") == find_person("v1")
    assert person_of(loyalty_link("9")) is None


def test_customer_is_named_by_the_customers_key() -> None:
    tie("v1", SAID, customer="17")
    assert person_of(SAID) == PersonKey("", "17")


@pytest.mark.parametrize(
    "given", ["", "ada", "@example.com", "null@example.com", "ANONYMOUS@x.de", "a b@c.de", "a@b@c"]
)
def test_address_that_is_nobodys_is_none(given: str) -> None:
    with pytest.raises(NoLink):
        email_link(given)


@pytest.mark.parametrize(
    "given", ["", "0", "null", "undefined", "00000000-0000-0000-0000-000000000000", None, 1.5, "x" * 101]
)
def test_number_that_stands_for_nobody_is_none(given: object) -> None:
    for make in (loyalty_link, device_link):
        with pytest.raises(NoLink):
            make(given)


def test_what_was_only_said_joins_nobody() -> None:
    tie("v1", SAID, customer="17")
    event(person("v2"), "v2")
    found = tie("v2", SAID, device_link("shared"))
    assert (found.joined, [each.why for each in found.untied]) == (0, [Conflict.UNPROVEN])
    assert person("v2").customer_key is None
    assert tie("v3", device_link("shared")).untied[0].why == Conflict.UNPROVEN


def test_proven_link_makes_a_visitor_the_customer_and_that_can_be_undone() -> None:
    tie("", SAID, customer="17")
    mine = event(person("v2"), "v2")
    fact(person("v2"))
    event(person("", "17"))
    before = owners()
    assert tie("v2", PROVEN).joined == 1
    mine.refresh_from_db()
    assert mine.profile.customer_key == "17"
    unmerge(Merge.objects.get(), now=NOW)
    assert owners() == before


def test_of_two_visitors_the_younger_goes_into_the_elder() -> None:
    elder, younger = person("v1"), person("v2")
    tie("v2", SAID)
    assert tie("v1", PROVEN).profile == elder
    younger.refresh_from_db()
    assert younger.merged_into == elder


def test_customers_never_merge_whatever_is_proven() -> None:
    tie("", loyalty_link("4711"), customer="17")
    found = tie("v2", loyalty_link("4711"), PROVEN, customer="18")
    assert (found.joined, [each.why for each in found.untied]) == (0, [Conflict.OTHER_CUSTOMER])
    assert [person("", key).customer_key for key in ("17", "18")] == ["17", "18"]
    assert person_of(PROVEN) == PersonKey("", "18")


def test_link_that_many_share_joins_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_JOINS", 2)
    found = [tie(f"v{number}", PROVEN) for number in range(5)]
    assert [each.joined for each in found] == [0, 1, 1, 0, 0]
    assert found[-1].untied[0].why == Conflict.SHARED


def test_who_was_erased_is_not_tied() -> None:
    with transaction.atomic():
        remember_erased([("visitor", "v1")], now=NOW)
    with pytest.raises(PersonErased):
        tie("v1", SAID)
    assert not Identity.objects.exists()


def test_saying_it_again_changes_nothing() -> None:
    tie("v1", PROVEN, loyalty_link("4711"))
    before = owners()
    assert tie("v1", PROVEN, loyalty_link("4711")).joined == 0
    assert (owners(), Merge.objects.count()) == (before, 0)


def test_chain_of_joins_is_undone_in_either_order() -> None:
    for visitor in ("v1", "v2"):
        event(person(visitor), visitor)
        fact(person(visitor))
    event(person("", "17"))
    tie("v1", SAID)
    for order in (1, -1):
        before = owners()
        tie("v2", PROVEN)
        merge_at_login("v2", "17", now=NOW)
        assert len(set(owners()[0].values())) == 1
        for merge in list(Merge.objects.filter(undone_at=None).order_by("pk"))[::order]:
            unmerge(merge, now=NOW)
        assert owners() == before


links = st.sampled_from(
    [PROVEN, SAID, email_link("b@example.com", is_proven=True), loyalty_link("1"), device_link("d")]
)
steps = st.one_of(
    st.tuples(st.just("tie"), st.sampled_from(["v1", "v2", "v3"]), links),
    st.tuples(st.just("login"), st.sampled_from(["v1", "v2", "v3"]), st.sampled_from(["17", "18"])),
)


@settings(
    max_examples=cases(quick=40, ci=150),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(steps, max_size=7), order=st.randoms(use_true_random=False))
def test_whatever_is_tied_customers_stay_apart_and_undoing_restores(done, order) -> None:
    with transaction.atomic():
        for visitor in ("v1", "v2", "v3"):
            event(person(visitor), visitor)
            fact(person(visitor))
        before = owners()
        for what, visitor, other in done:
            if what == "tie":
                tie(visitor, other)
            else:
                try:
                    merge_at_login(visitor, other, now=NOW)
                except DifferentCustomers:
                    continue
        keys = list(Profile.objects.exclude(customer_key=None).values_list("customer_key", flat=True))
        leading = Identity.objects.filter(kind="customer").select_related("profile")
        assert len(keys) == len(set(keys))
        assert all(row.profile.customer_key == row.value for row in leading)
        merges = list(Merge.objects.order_by("pk"))
        order.shuffle(merges)
        for merge in merges:
            unmerge(merge, now=NOW)
        events, identities, facts = owners()
        transaction.set_rollback(True)
    assert (events, facts) == (before[0], before[2])
    assert {name: identities[name] for name in before[1]} == before[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_at_once_with_one_address_are_one_person_and_lose_nothing() -> None:
    def live(visitor: str) -> None:
        for _ in range(10):
            track(visitor)
        tie(visitor, PROVEN)
        for _ in range(10):
            track(visitor)

    assert at_once(*(partial(live, f"v{number}") for number in range(4))) == []
    assert Profile.objects.filter(merged_into=None).count() == 1
    assert set(Event.objects.values_list("profile__merged_into", flat=True)) == {None}
    assert Event.objects.count() == 80
