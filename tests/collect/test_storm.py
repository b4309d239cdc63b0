"""A storm of retries: many events, some broken, sent three times in three random orders.

Whatever arrives first, tables and memberships end up the same but for ids, and each time everything received is
accounted for. Clamped times depend on the arrival, so the whole storm arrives at one instant.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.dispatch import Signal

from django_microseg.collect.ingest import IngestReport, ingest
from django_microseg.collect.models import Event, EventKey, QuarantinedEvent
from django_microseg.profile.models import Identity, Profile
from django_microseg.segment import rulebook
from django_microseg.segment.listen import on_events_stored
from django_microseg.segment.models import Membership, MembershipChange
from tests.collect.making import NOW, event
from tests.effort import cases
from tests.segment.shop import put_in_force

#: The full number on one engine; the other proves the same on fewer, because the point is the order of arrival.
EVENTS = cases(quick=5_000, ci=100_000 if connection.vendor == "sqlite" else 30_000)
BROKEN_OF_TWENTY = 1
PEOPLE = EVENTS // 20
PRODUCTS = [{"product_id": f"P{number}", "category": f"C{number % 7}", "price": number / 4} for number in range(50)]
BREAKS = (
    {"name": "nonsense"},
    {"visitor_key": "", "customer_key": ""},
    {"occurred_at": "yesterday"},
    {"properties": {"order_id": "X", "revenue": -1, "product_id": 1, "price": -1, "title": ["no"], "coupon": [1]}},
    {"properties": [1]},
    {"device": 5},
)


@pytest.fixture(scope="module")
def storm():
    """A day of a shop: views, carts, orders with refunds and cancellations; one in twenty broken."""
    chance = random.Random(4)
    return [_one(number, chance) for number in range(EVENTS)]


def _one(number: int, chance: random.Random) -> Any:
    person = chance.randrange(PEOPLE)
    key = f"O{person if person % 5 else 0}-{chance.randrange(2)}"  # some share a key by mistake
    name, properties = chance.choice(
        [
            ("page_viewed", {"path": f"/{number % 90}"}),
            ("Product Viewed", chance.choice(PRODUCTS)),
            ("add_to_cart", {"items": chance.sample(PRODUCTS, 2)}),
            ("order_completed", {"order_id": key, "revenue": 100, "products": chance.sample(PRODUCTS, 3)}),
            ("order_refunded", {"order_id": key, "amount": chance.choice([None, 30, 60])}),
            ("order_cancelled", {"order_id": key}),
        ]
    )
    values = {
        "name": name,
        "properties": properties,
        "message_id": f"m-{number}",
        # few instants, so that many events tie
        "occurred_at": NOW - dt.timedelta(minutes=chance.randrange(-60, 600)),
        "visitor_key": f"v-{person}",
        "customer_key": f"c-{person}" if person % 3 else "",
        "device": chance.choice(["mobile", "desktop", ""]),
        "timezone": chance.choice(["America/New_York", ""]),
    }
    if number % 20 < BROKEN_OF_TWENTY:
        values |= BREAKS[number // 20 % len(BREAKS)]
    return event(**values)


def _tables() -> list[list[Any]]:
    """All columns of all tables but ids and instants of arrival; whose a row is goes by key."""
    people: dict[int, tuple[str, ...]] = {}
    for profile_id, kind, value in Identity.objects.order_by("kind", "value").values_list("profile", "kind", "value"):
        people[profile_id] = (*people.get(profile_id, ()), f"{kind}:{value}")
    events = [(people[row[0]], *map(str, row[1:])) for row in _rows(Event, "profile_id")]
    others = [[tuple(map(str, row)) for row in _rows(model)] for model in (EventKey, QuarantinedEvent)]
    customers = Profile.objects.values_list("customer_key", flat=True)
    memberships = [
        (people[profile_id], slug) for profile_id, slug in Membership.objects.values_list("profile", "segment__slug")
    ]
    return [sorted(table) for table in (events, *others, people.values(), map(str, customers), memberships)]


def _rows(model: Any, *first: str) -> list[tuple[Any, ...]]:
    hidden = {"id", "profile_id", "received_at"}
    columns = [*first, *(field.column for field in model._meta.fields if field.column not in hidden)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}")
        return cursor.fetchall()


def _send(storm: list[Any], seed: int) -> IngestReport:
    shuffled = random.Random(seed).sample(storm, len(storm))
    report = ingest(shuffled, source="server", received_at=NOW)
    assert report.received == report.stored + report.quarantined + report.duplicates == EVENTS
    return report


def _empty() -> None:
    for model in (Event, EventKey, QuarantinedEvent, Membership, MembershipChange, Identity, Profile):
        model.objects.all().delete()


@pytest.fixture
def segments(stored: Signal, transactional_db: None) -> Iterator[None]:
    """Rules whose answer late, voided and refunded events could spoil, and who answers."""
    rulebook.forget()
    stored.connect(on_events_stored)
    put_in_force(
        buyers='count("order_completed") >= 2',
        spenders='sum("order_completed", "value", days=1) >= 150',
        planners='follows("order_completed", after="product_viewed", within_hours=3) >= 1',
        phone_fans='share("any", of=where(device="mobile")) >= 0.5 and active_days("any") >= 1',
    )
    yield
    rulebook.forget()


@pytest.mark.django_db(transaction=True)  # in one transaction PostgreSQL could not clear away old rows of a profile
@pytest.mark.usefixtures("segments")
def test_three_storms_in_three_orders_leave_the_tables_and_memberships_of_one(storm):
    report = _send(storm, 1)
    assert (report.quarantined, report.duplicates) == (EVENTS // 20, 0)
    first = _tables()
    assert len(first[0]) == report.stored + report.derived
    assert {slug for _, slug in first[-1]} == {"buyers", "spenders", "planners", "phone_fans"}
    assert 0 < Event.objects.filter(voided_at__isnull=False).count() < len(first[0])
    assert [_send(storm, seed).duplicates for seed in (2, 3)] == [EVENTS, EVENTS]
    assert _tables() == first
    _empty()
    assert _send(storm, 2).stored == report.stored
    assert _tables() == first
