"""An order that is cancelled or paid back in full gives back what it had redeemed; a part of it does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event
from django_microseg.decide.offers import listen
from django_microseg.decide.offers.models import Redemption, RedemptionKey
from tests.decide.offers.conftest import buy

pytestmark = pytest.mark.django_db

HANNAH = {"email": "hannah@example.com", "code": "WELCOME10"}


@pytest.fixture
def order(stranger, welcome) -> Redemption:
    """An order of 72 pounds after 8 pounds off, of which the shop has told."""
    buy(stranger, "A-1", **HANNAH)
    tell("order_completed", revenue="72")
    return Redemption.objects.get()


def tell(name: str, *, order_id: str = "A-1", customer: str = "hannah", minutes: int = 0, **facts: object) -> None:
    now = timezone.now()
    happened = now - dt.timedelta(minutes=60 - minutes)
    properties = {"order_id": order_id, "currency": "GBP", **facts}
    event = IncomingEvent(name, occurred_at=happened, customer_key=customer, properties=properties)
    assert ingest([event], source="shop", received_at=now, basis="contract").stored == 1


def is_given_back() -> bool:
    return Redemption.objects.get().returned_at is not None and not RedemptionKey.objects.exists()


def test_cancelled_order_gives_back(order, stranger):
    tell("order_cancelled", minutes=1)
    assert is_given_back()
    assert buy(stranger, "A-2", **HANNAH)["total"] == "8.00"


@pytest.mark.parametrize("amounts", [[{}], [{"amount": "72"}], [{"amount": "70"}, {"amount": "2"}]])
def test_order_paid_back_in_full_gives_back(order, amounts):
    for minute, amount in enumerate(amounts, start=1):
        tell("order_refunded", minutes=minute, **amount)
    assert is_given_back()


@pytest.mark.parametrize("amount", ["0.01", "71.99"])
def test_partial_refund_gives_nothing_back(order, stranger, amount):
    tell("order_refunded", minutes=1, amount=amount)
    assert not is_given_back()
    assert buy(stranger, "A-2", **HANNAH)["refusal"] == "used"


def test_other_orders_are_left_alone(order):
    tell("order_completed", order_id="A-2", revenue="50", minutes=1)
    tell("order_cancelled", order_id="A-2", minutes=2)
    assert not is_given_back()


def test_cancellation_of_an_order_that_was_never_told_gives_back(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    tell("order_cancelled")
    assert is_given_back()


def test_refund_that_is_told_before_its_order_gives_back_when_the_order_comes(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    tell("order_refunded", minutes=5)
    assert not is_given_back()
    tell("order_completed", revenue="72")
    assert is_given_back()


def test_cancelling_twice_gives_back_once(order, stranger):
    tell("order_cancelled", minutes=1)
    returned_at = Redemption.objects.get().returned_at
    buy(stranger, "A-2", **HANNAH)
    tell("order_cancelled", minutes=2)
    assert Redemption.objects.get(order_key="A-1").returned_at == returned_at
    assert Redemption.objects.get(order_key="A-2").returned_at is None


def test_fault_of_ours_leaves_the_cancellation_stored(order, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("injected")

    monkeypatch.setattr(listen, "give_back", fail)
    tell("order_cancelled", minutes=1)
    assert Event.objects.filter(name="order_cancelled").count() == 1
    assert not is_given_back()


def test_batch_without_undone_orders_asks_nothing_of_offers(order):
    with CaptureQueriesContext(connection) as captured:
        tell("order_completed", order_id="A-2", revenue="50", minutes=1)
    assert not [query for query in captured.captured_queries if "redemption" in query["sql"]]
