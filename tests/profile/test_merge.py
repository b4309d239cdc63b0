from __future__ import annotations

from typing import Any

import pytest

from django_microseg.profile.errors import DifferentCustomers, PersonErased
from django_microseg.profile.lock import visitor_name
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Identity, Merge, Profile
from django_microseg.profile.signals import profiles_merged
from django_microseg.profile.tombstone import remember_erased
from tests.profile.people import MINUTE, NOW, event, fact, owners, person, track

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> Any:
    """What the signal said."""
    told: list[tuple[int, int]] = []

    def listen(sender: Any, *, target: Profile, source: Profile, **kwargs: Any) -> None:
        told.append((source.pk, target.pk))

    profiles_merged.connect(listen)
    yield told
    profiles_merged.disconnect(listen)


def test_visitor_joins_the_customer_with_events_identities_and_facts(merged: Any) -> None:
    visitor, customer = person("v1"), person("", "c1")
    seen, said = event(visitor, "v1"), fact(visitor)
    result = merge_at_login("v1", "c1", now=NOW)
    assert result == customer
    assert owners() == (
        {seen.pk: customer.pk},
        {("visitor", "v1"): customer.pk, ("customer", "c1"): customer.pk},
        {said.pk: (customer.pk, visitor.pk)},
    )
    assert merged == [(visitor.pk, customer.pk)]


def test_merged_profile_stays_and_points_at_the_customers() -> None:
    visitor, customer = person("v1"), person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    visitor.refresh_from_db()
    assert visitor.merged_into == customer


def test_neighbour_keeps_what_is_theirs() -> None:
    person("v1"), person("", "c1")
    neighbour = person("v2")
    own, said = event(neighbour, "v2"), fact(neighbour)
    merge_at_login("v1", "c1", now=NOW)
    events, identities, facts = owners()
    assert (events[own.pk], identities[("visitor", "v2")]) == (neighbour.pk, neighbour.pk)
    assert facts[said.pk] == (neighbour.pk, neighbour.pk)


def test_merge_is_logged_with_what_undoing_needs() -> None:
    visitor, customer = person("v1"), person("", "c1")
    kept = event(customer, "v1")  # came with both keys before the login
    merge_at_login("v1", "c1", now=NOW, cause="sign_up")
    merge = Merge.objects.get()
    identity = Identity.objects.get(value="v1")
    assert (merge.source, merge.target, merge.cause) == (visitor, customer, "sign_up")
    assert merge.visitor_keys == ["v1"]
    assert merge.moved == {"identities": [identity.pk], "kept": [kept.pk]}
    assert (merge.merged_at, merge.undone_at) == (NOW, None)


def test_visitor_of_a_new_customer_becomes_the_customer(merged: Any) -> None:
    visitor = person("v1")
    seen = event(visitor, "v1")
    result = merge_at_login("v1", "c1", now=NOW)
    assert (result.pk, result.customer_key) == (visitor.pk, "c1")
    assert result.allocation_key == visitor.allocation_key
    events, identities, _ = owners()
    assert events == {seen.pk: visitor.pk}
    assert identities == {("visitor", "v1"): visitor.pk, ("customer", "c1"): visitor.pk}
    assert [(row.source_id, row.target_id) for row in Merge.objects.all()] == [(visitor.pk,) * 2]
    assert merged == []  # no figure of anybody changed


def test_second_browser_of_the_customer_joins_the_same_profile() -> None:
    person("v1"), person("v2")
    first = merge_at_login("v1", "c1", now=NOW)
    second = merge_at_login("v2", "c1", now=NOW + MINUTE)
    assert first == second
    assert track("v2").profile == track("v1").profile == first


def test_unknown_visitor_of_a_known_customer_becomes_an_alias() -> None:
    customer = person("", "c1")
    assert merge_at_login("v1", "c1", now=NOW) == customer
    assert person("v1") == customer
    assert Merge.objects.count() == 0


def test_unknown_visitor_of_an_unknown_customer_makes_one_profile() -> None:
    profile = merge_at_login("v1", "c1", now=NOW)
    assert profile.customer_key == "c1"
    assert Profile.objects.count() == 1


def test_second_login_changes_nothing() -> None:
    person("v1"), person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    before = owners()
    merge_at_login("v1", "c1", now=NOW + MINUTE)
    assert owners() == before
    assert Merge.objects.count() == 1


def test_customers_never_merge() -> None:
    first, second = person("v1", "c1"), person("", "c2")
    own = event(first, "v1")
    before = owners()
    with pytest.raises(DifferentCustomers, match="Give this browser a new visitor id"):
        merge_at_login("v1", "c2", now=NOW)
    assert owners() == before
    assert own.profile == first != second


def test_erased_visitor_is_not_merged() -> None:
    remember_erased([visitor_name("v1")], now=NOW)
    with pytest.raises(PersonErased):
        merge_at_login("v1", "c1", now=NOW)
    assert Profile.objects.count() == 0


@pytest.mark.parametrize(("visitor_key", "customer_key"), [("", "c1"), ("v1", "")])
def test_missing_key_is_refused(visitor_key: str, customer_key: str) -> None:
    with pytest.raises(ValueError, match="one is empty"):
        merge_at_login(visitor_key, customer_key, now=NOW)
