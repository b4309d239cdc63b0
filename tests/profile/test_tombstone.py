from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.profile.lock import customer_name, visitor_name
from django_microseg.profile.models import Profile, Tombstone
from django_microseg.profile.resolve import erased_keys, resolve
from django_microseg.profile.tombstone import erased_among, is_erased, remember_erased
from tests.profile.people import NOW, person

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
YEAR = dt.timedelta(days=365)


def test_erased_visitor_is_refused_for_good_and_no_other() -> None:
    remember_erased([visitor_name("v1")], now=NOW)
    assert is_erased(visitor_name("v1"), now=NOW + 9 * YEAR)
    assert not is_erased(visitor_name("v2"), now=NOW)
    assert not is_erased(customer_name("v1"), now=NOW)


def test_erased_customer_is_refused_for_an_hour() -> None:
    remember_erased([customer_name("c1")], now=NOW)
    assert is_erased(customer_name("c1"), now=NOW + HOUR - SECOND)
    assert not is_erased(customer_name("c1"), now=NOW + HOUR)


def test_tombstone_says_nobodys_key() -> None:
    remember_erased([visitor_name("v1-secret"), customer_name("jane@example.com")], now=NOW)
    texts = " ".join(Tombstone.objects.values_list("digest", flat=True))
    assert "secret" not in texts
    assert "jane" not in texts


def test_hash_depends_on_the_secret_key(settings) -> None:
    remember_erased([visitor_name("v1")], now=NOW)
    settings.SECRET_KEY, old = "another", settings.SECRET_KEY
    assert not is_erased(visitor_name("v1"), now=NOW)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert is_erased(visitor_name("v1"), now=NOW)


def test_remembering_again_keeps_one_row_with_the_later_time() -> None:
    remember_erased([visitor_name("v1")], now=NOW)
    remember_erased([visitor_name("v1")], now=NOW + HOUR)
    assert list(Tombstone.objects.values_list("erased_at", flat=True)) == [NOW + HOUR]


def test_tombstone_that_has_served_goes_with_the_next_erasure() -> None:
    remember_erased([customer_name("c1"), visitor_name("v1")], now=NOW)
    remember_erased([visitor_name("v2")], now=NOW + HOUR)
    assert Tombstone.objects.count() == 2


def test_nobody_asked_for_costs_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert erased_among([], now=NOW) == frozenset()


@pytest.mark.parametrize(
    "key", [PersonKey("v1", ""), PersonKey("v1", "c2"), PersonKey("v2", "c1"), PersonKey("", "c1")]
)
def test_erased_people_get_no_profile_again(key: PersonKey) -> None:
    remember_erased([visitor_name("v1"), customer_name("c1")], now=NOW)
    other = PersonKey("v3", "c3")
    assert set(resolve([key, other], now=NOW)) == {other}
    assert list(Profile.objects.values_list("customer_key", flat=True)) == ["c3"]


def test_known_customer_on_an_erased_visitors_browser_is_refused_with_that_id_alone() -> None:
    customer = person("", "c2")
    remember_erased([visitor_name("v1")], now=NOW)
    keys = [PersonKey("v1", "c2"), PersonKey("v2", "c2"), PersonKey("", "c2")]
    assert resolve(keys, now=NOW) == {keys[1]: customer, keys[2]: customer}


def test_keys_of_erased_people_are_told_apart_without_making_anybody() -> None:
    remember_erased([visitor_name("v1"), customer_name("c1")], now=NOW)
    keys = [PersonKey("v1", ""), PersonKey("v2", "c1"), PersonKey("v2", "c2"), PersonKey("", "")]
    assert erased_keys(keys, now=NOW) == set(keys[:2])
    assert Profile.objects.count() == 0
