"""Four writers keep storing events of a visitor while that visitor logs in: none is lost, nobody fails."""

from __future__ import annotations

import os
from functools import partial
from threading import get_ident

import pytest
from django.db import connection, transaction

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.ingest import IncomingEvent, ingest
from django_microseg.collect.models import Event
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Identity, Merge, Profile
from django_microseg.profile.resolve import resolve
from tests.effort import cases
from tests.profile.people import NOW, event, person, track
from tests.profile.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4
#: Rounds; `IDENTITY_ROUNDS` is for measuring by hand.
ROUNDS = int(os.environ.get("IDENTITY_ROUNDS", 0)) or cases(quick=4, ci=16)
EACH = 25


def write(visitor_key: str, customer_key: str = "", *, times: int = EACH) -> None:
    for _ in range(times):
        assert track(visitor_key, customer_key) is not None


def lost_events() -> list[int]:
    """Events whose profile is not the one that their visitor's id leads to now."""
    live = dict(Identity.objects.filter(kind="visitor").values_list("value", "profile_id"))
    rows = Event.objects.values_list("pk", "visitor_key", "profile_id")
    return [pk for pk, visitor_key, profile_id in rows if live[visitor_key] != profile_id]


@pytest.mark.parametrize("is_known_customer", [True, False])
def test_no_event_is_lost_while_the_visitor_logs_in(is_known_customer: bool) -> None:
    errors = []
    for number in range(ROUNDS):
        visitor_key, customer_key = f"v{number}", f"c{number}"
        person(visitor_key)
        if is_known_customer:
            person("", customer_key)
        login = partial(merge_at_login, visitor_key, customer_key, now=NOW)
        errors += at_once(*[partial(write, visitor_key)] * WRITERS, login, login)
    customers = Profile.objects.filter(merged_into=None)
    assert errors == []
    assert Event.objects.count() == ROUNDS * WRITERS * EACH
    assert lost_events() == []
    assert sorted(customers.values_list("customer_key", flat=True)) == sorted(f"c{number}" for number in range(ROUNDS))


def test_no_event_is_lost_while_merges_are_made_and_undone() -> None:
    person("v"), person("", "c")

    def log_in_and_out() -> None:
        for _ in range(ROUNDS):
            merge_at_login("v", "c", now=NOW)
            unmerge(Merge.objects.get(undone_at=None), now=NOW)

    errors = at_once(*[partial(write, "v", times=ROUNDS * 10)] * WRITERS, log_in_and_out)
    assert errors == []
    assert Event.objects.count() == ROUNDS * 10 * WRITERS
    assert lost_events() == []


def test_unknown_people_who_come_in_at_once_are_made_once() -> None:
    errors = []
    for number in range(ROUNDS):
        write_both = partial(write, f"v{number}", f"c{number}", times=1)
        write_one = partial(write, f"v{number}", times=1)
        errors += at_once(write_both, write_both, write_one, write_one)
    assert errors == []
    assert Event.objects.count() == ROUNDS * 4
    assert Identity.objects.count() == ROUNDS * 2


@pytest.mark.postgres
def test_batches_in_any_order_and_merges_never_wait_in_a_circle() -> None:
    keys = [PersonKey(f"v{number}", "") for number in range(12)]
    customers = [PersonKey("", f"c{number}") for number in range(12)]
    with transaction.atomic():
        resolve(keys[::2], now=NOW), resolve(customers, now=NOW), resolve(keys[1::2], now=NOW)

    def write_batches(*, is_reversed: bool) -> None:
        batch = [*keys, *customers]
        for _ in range(ROUNDS):
            with transaction.atomic():
                people = resolve(batch[::-1] if is_reversed else batch, now=NOW)
                for key in keys:
                    event(people[key], key.visitor_key)

    def log_all_in() -> None:
        for number in (7, 0, 11, 3, 5, 1):
            merge_at_login(f"v{number}", f"c{number}", now=NOW)
            unmerge(Merge.objects.latest("pk"), now=NOW)
            merge_at_login(f"v{number}", f"c{11 - number}", now=NOW)

    errors = at_once(
        *[partial(write_batches, is_reversed=side) for side in (True, False, True, False)],
        log_all_in,
    )
    assert errors == []
    assert Event.objects.count() == 4 * ROUNDS * 12
    assert lost_events() == []


@pytest.mark.postgres
def test_profile_stays_locked_until_the_writer_commits() -> None:
    profile = person("v")
    taken = []

    def look() -> None:
        free = Profile.objects.select_for_update(skip_locked=True).filter(pk=profile.pk)
        with transaction.atomic():
            taken.append(not free.exists())

    with transaction.atomic():
        resolve([PersonKey("v", "")], now=NOW)
        assert at_once(look) == []
    assert at_once(look) == []
    assert taken == [True, False]
    assert connection.vendor == "postgresql"


def test_no_event_is_lost_on_the_whole_way_through_ingest() -> None:
    """As the test above, with everything that follows from an event: keys, memberships, the log."""

    def send(visitor_key: str) -> None:
        for number in range(EACH):
            message = IncomingEvent(name="page_viewed", message_id=f"{visitor_key}-{number}", visitor_key=visitor_key)
            ingest([message], source=f"server:{get_ident()}", received_at=NOW)

    errors = []
    for number in range(ROUNDS):
        person(f"v{number}"), person("", f"c{number}")
        login = partial(merge_at_login, f"v{number}", f"c{number}", now=NOW)
        errors += at_once(*[partial(send, f"v{number}")] * WRITERS, login)
    assert errors == []
    assert Event.objects.count() == ROUNDS * WRITERS * EACH
    assert lost_events() == []
