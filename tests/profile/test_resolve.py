from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_microseg.collect.hooks import PersonKey
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Identity, Merge, Profile
from django_microseg.profile.resolve import resolve
from tests.profile.people import NOW, person

pytestmark = pytest.mark.django_db


def identities() -> dict[tuple[str, str], int]:
    return {(row.kind, row.value): row.profile_id for row in Identity.objects.all()}


def statements(run: CaptureQueriesContext) -> list[str]:
    """What was asked; a savepoint asks nothing."""
    return [each["sql"] for each in run.captured_queries if "SAVEPOINT" not in each["sql"]]


def test_unknown_visitor_gets_an_anonymous_profile() -> None:
    profile = person("v1")
    assert (profile.is_anonymous, profile.created_at) == (True, NOW)
    assert identities() == {("visitor", "v1"): profile.pk}


def test_known_visitor_gets_the_same_profile() -> None:
    assert person("v1") == person("v1")
    assert Profile.objects.count() == 1


def test_two_visitors_get_two_profiles() -> None:
    assert person("v1") != person("v2")


def test_unknown_customer_gets_a_profile_with_their_key() -> None:
    profile = person("", "c1")
    assert profile.customer_key == "c1"
    assert identities() == {("customer", "c1"): profile.pk}


def test_unknown_visitor_with_a_customer_becomes_an_alias_of_the_customer() -> None:
    profile = person("v1", "c1")
    assert identities() == {("visitor", "v1"): profile.pk, ("customer", "c1"): profile.pk}
    assert person("v1") == profile


def test_customer_wins_over_a_visitor_who_is_somebody_else() -> None:
    visitor, customer = person("v1"), person("", "c1")
    assert person("v1", "c1") == customer
    assert identities() == {("visitor", "v1"): visitor.pk, ("customer", "c1"): customer.pk}


def test_visitor_of_one_customer_stays_theirs_when_another_customer_uses_it() -> None:
    first = person("v1", "c1")
    second = person("v1", "c2")
    assert first != second
    assert identities()[("visitor", "v1")] == first.pk


def test_one_batch_of_one_person_under_two_keys_makes_one_profile() -> None:
    keys = [PersonKey("v1", ""), PersonKey("v1", "c1"), PersonKey("", "c1")]
    found = resolve(keys, now=NOW)
    assert len({profile.pk for profile in found.values()}) == 1
    assert set(found) == set(keys)


def test_merged_profile_is_followed() -> None:
    old, live = person("v1"), person("", "c1")
    Profile.objects.filter(pk=old.pk).update(merged_into=live)
    assert person("v1") == live


def test_profile_that_was_made_without_an_identity_is_adopted() -> None:
    made = Profile.objects.create(customer_key="c1", created_at=NOW)
    assert person("", "c1") == made
    assert identities() == {("customer", "c1"): made.pk}


def test_identity_that_was_added_by_hand_is_believed() -> None:
    profile = person("v1")
    Profile.objects.filter(pk=profile.pk).update(identities_version=5)
    Identity.objects.create(kind="visitor", value="v2", profile=profile, first_seen_at=NOW)
    assert person("v2") == profile


def test_empty_keys_are_left_out() -> None:
    assert resolve([PersonKey("", "")], now=NOW) == {}
    assert resolve([], now=NOW) == {}
    assert Profile.objects.count() == 0


@pytest.mark.parametrize("people", [1, 300])
def test_known_people_cost_one_query(people: int) -> None:
    keys = [PersonKey(f"v{number}", f"c{number}") for number in range(people)]
    resolve(keys, now=NOW)
    with CaptureQueriesContext(connection) as run:
        found = resolve(keys, now=NOW)
    assert (len(found), len(statements(run))) == (people, 1)


def test_people_who_were_merged_and_parted_again_cost_one_query() -> None:
    person("v1"), person("", "c1")
    merge_at_login("v1", "c1", now=NOW)
    unmerge(Merge.objects.get(), now=NOW)
    with CaptureQueriesContext(connection) as run:
        resolve([PersonKey("v1", ""), PersonKey("", "c1")], now=NOW)
    assert len(statements(run)) == 1


def test_new_visitor_costs_four_queries() -> None:
    with CaptureQueriesContext(connection) as run:
        person("v1")
    assert len(statements(run)) == 4  # identities, tombstones, profile, identity
