from __future__ import annotations

from typing import Any

import pytest

from django_microseg.profile.errors import MergeUndoRefused
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Identity, Merge, Profile
from django_microseg.profile.signals import merge_undone
from tests.profile.people import MINUTE, NOW, event, fact, owners, person, track

pytestmark = pytest.mark.django_db


@pytest.fixture
def undone() -> Any:
    told: list[tuple[int, int]] = []

    def listen(sender: Any, *, target: Profile, source: Profile, **kwargs: Any) -> None:
        told.append((source.pk, target.pk))

    merge_undone.connect(listen)
    yield told
    merge_undone.disconnect(listen)


def test_everything_goes_back(undone: Any) -> None:
    visitor, customer = person("v1"), person("", "c1")
    event(visitor, "v1"), event(customer), event(customer, "v1"), event(visitor)
    fact(visitor), fact(customer)
    Identity.objects.create(kind="email", value="hash", profile=visitor, first_seen_at=NOW)
    before = owners()
    merge_at_login("v1", "c1", now=NOW)
    result = unmerge(Merge.objects.get(), now=NOW + MINUTE)
    assert owners() == before
    assert (result.pk, result.merged_into_id) == (visitor.pk, None)
    assert Merge.objects.get().undone_at == NOW + MINUTE
    assert undone == [(visitor.pk, customer.pk)]


def test_what_the_visitor_did_since_goes_with_the_visitor() -> None:
    visitor, customer = person("v1"), person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    by_visitor, by_customer = track("v1"), track("", "c1")
    unmerge(Merge.objects.get(), now=NOW)
    events, _, _ = owners()
    assert events == {by_visitor.pk: visitor.pk, by_customer.pk: customer.pk}
    assert track("v1").profile == visitor


def test_fact_that_the_customer_declared_since_stays_the_customers() -> None:
    person("v1")
    customer = person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    said = fact(customer)
    unmerge(Merge.objects.get(), now=NOW)
    assert owners()[2] == {said.pk: (customer.pk, customer.pk)}


def test_one_of_two_merged_browsers_goes_and_the_other_stays() -> None:
    first, second, customer = person("v1"), person("v2"), person("", "c1")
    one, two = event(first, "v1"), event(second, "v2")
    merge_at_login("v1", "c1", now=NOW)
    merge_at_login("v2", "c1", now=NOW)
    unmerge(Merge.objects.get(source=first), now=NOW)
    events, identities, _ = owners()
    assert events == {one.pk: first.pk, two.pk: customer.pk}
    assert identities[("visitor", "v2")] == customer.pk
    assert second.pk != customer.pk


def test_visitor_who_had_become_the_customer_is_anonymous_again() -> None:
    visitor = person("v1")
    event(visitor, "v1"), fact(visitor)
    before = owners()
    merge_at_login("v1", "c1", now=NOW)
    result = unmerge(Merge.objects.get(), now=NOW)
    events, identities, facts = owners()
    customer = Profile.objects.get(customer_key="c1")
    assert (result.pk, result.is_anonymous) == (visitor.pk, True)
    assert customer.pk != visitor.pk
    assert customer.allocation_key == visitor.allocation_key
    assert events == before[0]
    assert identities == before[1] | {("customer", "c1"): customer.pk}
    assert facts == before[2]


def test_customer_takes_along_what_came_after_becoming_one() -> None:
    visitor, other = person("v1"), person("v2")
    own = event(visitor, "v1")
    merge_at_login("v1", "c1", now=NOW)
    merge_at_login("v2", "c1", now=NOW)
    order, view, said = track("", "c1"), track("v2"), fact(visitor, "tier", "gold")
    unmerge(Merge.objects.get(source=visitor), now=NOW)
    customer = Profile.objects.get(customer_key="c1")
    events, identities, facts = owners()
    assert events == {own.pk: visitor.pk, order.pk: customer.pk, view.pk: customer.pk}
    assert identities == {
        ("visitor", "v1"): visitor.pk,
        ("visitor", "v2"): customer.pk,
        ("customer", "c1"): customer.pk,
    }
    assert facts == {said.pk: (customer.pk, customer.pk)}
    other.refresh_from_db()
    assert other.merged_into == customer
    unmerge(Merge.objects.get(source=other), now=NOW)
    assert owners()[0][view.pk] == other.pk


def test_second_undo_is_refused() -> None:
    person("v1"), person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    unmerge(Merge.objects.get(), now=NOW)
    with pytest.raises(MergeUndoRefused, match="it was undone before, at 2026-03-01 12:00 UTC"):
        unmerge(Merge.objects.get(), now=NOW)


def test_visitor_may_join_again_and_be_parted_again() -> None:
    visitor = person("v1")
    person("", "c1")
    event(visitor, "v1")
    before = owners()
    for _ in range(3):
        merge_at_login("v1", "c1", now=NOW)
        unmerge(Merge.objects.get(undone_at=None), now=NOW)
    assert owners() == before
