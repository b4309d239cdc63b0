"""What happened before the app was there: brought in by code, twice if need be, counted once."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from django_microseg import history
from django_microseg.history import IncomingEvent, add_events, add_facts, add_logins, sweep
from django_microseg.profile.errors import DifferentCustomers
from django_microseg.profile.fact_catalogue import InvalidFact
from django_microseg.profile.models import Fact, Profile
from django_microseg.segment.models import Membership, MembershipChange
from django_microseg.setup import NewSegment, add_segments

pytestmark = pytest.mark.django_db

VISITOR = "visitor-number-one"


def view(number: int, **who: str) -> IncomingEvent:
    at = timezone.now() - dt.timedelta(days=number)
    return IncomingEvent("product_viewed", f"m{number}", at, properties={"product_id": "p1"}, **who)


def facts_of(customer: str) -> set[str]:
    return set(Fact.objects.filter(profile__customer_key=customer).values_list("name", flat=True))


def test_events_come_in_once_and_what_is_wrong_is_kept_with_a_reason() -> None:
    events = [view(1, customer_key="17"), view(2, customer_key="17"), IncomingEvent("nonsense", "m3", timezone.now())]
    first, second = add_events(events, source="old-shop"), add_events(events, source="old-shop")
    assert (first.stored, first.quarantined, second.stored, second.duplicates) == (2, 1, 0, 3)
    assert first.refusals[0].reason


def test_logins_join_what_the_visitor_did_to_the_customer_and_to_nobody_else() -> None:
    add_events([view(1, visitor_key=VISITOR), view(2, customer_key="18")], source="old-shop")
    assert add_logins([(VISITOR, "17")]) == 1
    owners = Profile.objects.filter(events__isnull=False).distinct().values_list("customer_key", flat=True)
    assert sorted(owners) == ["17", "18"]
    with pytest.raises(DifferentCustomers):
        add_logins([(VISITOR, "18")])


def test_facts_are_told_by_customer_whatever_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_PEOPLE_AT_ONCE", 2)
    told = [("1", {"country": "GB"}), ("1", {"gender": "female"}), ("2", {"country": "FR"}), ("3", {"country": "DE"})]
    assert add_facts(told, source="crm") == 3
    assert facts_of("1") == {"country", "gender"}
    assert facts_of("2") == {"country"}
    assert add_facts(told, source="crm") == 0


def test_fact_that_the_catalogue_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidFact):
        add_facts([("1", {"shoe_size": "43"})], source="crm")
    assert not Fact.objects.exists()


def test_nothing_is_read_before_it_is_needed() -> None:
    assert add_events(itertools.islice(iter(()), 3), source="old-shop").received == 0
    assert (add_logins(()), add_facts((), source="crm")) == (0, 0)


def test_story_told_step_by_step_gives_memberships_a_past() -> None:
    begin = timezone.now().replace(microsecond=0) - dt.timedelta(days=20, hours=12)
    days = [begin + dt.timedelta(days=number) for number in range(21)]
    add_segments(NewSegment("keen", "Keen", 'count("product_viewed", days=7) >= 2'), now=begin)
    add_events([view(19, customer_key="17"), view(18, customer_key="17"), view(19, customer_key="18")],
               source="old-shop", now=days[3])  # fmt: skip
    assert [sweep(now=day) for day in days[4:]].count(1) == 1
    moves = MembershipChange.objects.values_list("profile__customer_key", "is_entry", "changed_at", "cause")
    assert list(moves.order_by("changed_at")) == [
        ("17", True, days[3], "event"),
        ("17", False, days[9], "time"),
    ]
    assert not Membership.objects.exists()
