"""Orders and cancellations that meet only through a merge, and part when it is undone."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Merge

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def tell(name: str, at: dt.datetime, *, visitor: str = "", customer: str = "", **properties: object) -> None:
    event = IncomingEvent(
        name=name,
        message_id=f"{name}-{at}",
        occurred_at=at,
        visitor_key=visitor,
        customer_key=customer,
        properties=properties,
    )
    assert ingest([event], source="server", received_at=at).stored == 1


def voided() -> list[dt.datetime | None]:
    return list(Event.objects.filter(name="order_completed").values_list("voided_at", flat=True))


@pytest.fixture
def order_of_a_guest_cancelled_by_the_customer() -> None:
    tell("order_completed", NOW, visitor="browser-1", order_id="A", revenue=50, currency="GBP")
    tell("order_cancelled", NOW + HOUR, customer="ann", order_id="A")


@pytest.mark.usefixtures("order_of_a_guest_cancelled_by_the_customer")
def test_merge_voids_the_order_whose_cancellation_it_brings() -> None:
    assert voided() == [None]
    merge_at_login("browser-1", "ann", now=NOW + 2 * HOUR)
    assert voided() == [NOW + HOUR]


@pytest.mark.usefixtures("order_of_a_guest_cancelled_by_the_customer")
def test_undoing_the_merge_lifts_the_void_again() -> None:
    merge_at_login("browser-1", "ann", now=NOW + 2 * HOUR)
    unmerge(Merge.objects.get(), now=NOW + 3 * HOUR)
    assert voided() == [None]


def test_merge_leaves_an_order_alone_that_nobody_cancelled() -> None:
    tell("order_completed", NOW, visitor="browser-1", order_id="A", revenue=50, currency="GBP")
    tell("order_cancelled", NOW + HOUR, customer="ann", order_id="B")
    merge_at_login("browser-1", "ann", now=NOW + 2 * HOUR)
    assert voided() == [None]
