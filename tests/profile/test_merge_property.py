"""Whatever stood before a merge stands again after it is undone, in whichever order merges are undone."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Identity, Merge, Profile
from tests.effort import cases
from tests.profile.people import NOW, event, fact, owners, person, track

pytestmark = pytest.mark.django_db

VISITORS = ("v1", "v2", "v3")
Holding = tuple[list[str], int, int]

#: How many events came with the person's own id (or with that of a browser, for the customer) and how many with
#: none; how many facts and further identities there are.
visitor_holdings = st.tuples(st.lists(st.sampled_from(["own", ""]), max_size=5), st.integers(0, 2), st.integers(0, 2))
customer_holdings = st.tuples(
    st.lists(st.sampled_from(["", *VISITORS]), max_size=5), st.integers(0, 2), st.integers(0, 2)
)
#: What comes in after the merges: by a visitor, by the customer, or both keys at once.
arrivals = st.lists(st.sampled_from([("v1", ""), ("v2", ""), ("", "c"), ("v1", "c")]), max_size=5)


def hold(profile: Profile, holding: Holding, own_key: str) -> None:
    visitor_keys, facts, identities = holding
    for visitor_key in visitor_keys:
        event(profile, own_key if visitor_key == "own" else visitor_key)
    for _ in range(facts):
        fact(profile)
    for number in range(identities):
        Identity.objects.create(kind="email", value=f"{profile.pk}-{number}", profile=profile, first_seen_at=NOW)


def build(visitors: list[Holding], customer: Holding | None) -> None:
    if customer is not None:
        hold(person("", "c"), customer, "")
    for visitor_key, holding in zip(VISITORS, visitors, strict=False):
        hold(person(visitor_key), holding, visitor_key)


@settings(
    max_examples=cases(quick=60, ci=200),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    visitors=st.lists(visitor_holdings, min_size=1, max_size=3),
    customer=st.none() | customer_holdings,
    after=arrivals,
    order=st.randoms(use_true_random=False),
)
def test_merge_and_unmerge_restore_everything(visitors, customer, after, order) -> None:
    with transaction.atomic():
        build(visitors, customer)
        before = owners()
        for visitor_key in VISITORS[: len(visitors)]:
            merge_at_login(visitor_key, "c", now=NOW)
        joined = set(owners()[0].values())
        came = [track(*each) for each in after]
        merges = list(Merge.objects.order_by("pk"))
        order.shuffle(merges)
        for merge in merges:
            unmerge(merge, now=NOW)
        restored = owners()
        transaction.set_rollback(True)
    assert len(joined) <= 1
    for was, is_again in zip(before, restored, strict=True):
        assert {key: is_again[key] for key in was} == was
    events, identities, _ = restored
    for each in came:
        name = ("visitor", each.visitor_key) if each.visitor_key else ("customer", "c")
        assert events[each.pk] == identities[name]
