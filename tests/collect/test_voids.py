"""Cancellations and refunds: when an order stops counting, whatever arrives first."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from django.db import transaction

from django_microseg.collect.models import Event
from django_microseg.collect.order_voids import revoid
from django_microseg.collect.voids import OrderEvent, voided_at
from django_microseg.profile.models import Profile
from tests.collect.making import HOUR, NOW, cancellation, event, order, reasons, refund, send, stored

pytestmark = pytest.mark.django_db

LINE = [{"product_id": "P", "price": 100}]
VOIDABLE = ("order_completed", "product_purchased")


def voids():
    return dict(stored("order_key", "voided_at", name="order_completed"))


def both():
    """The voids of the order and of its line."""
    return stored("voided_at", name__in=VOIDABLE)


@pytest.fixture
def refolds(stored):
    heard = []
    stored.connect(lambda batch, **kwargs: heard.append(set(batch.refold)), weak=False)
    return heard


def test_an_order_counts_until_it_is_cancelled_and_so_do_its_lines():
    send(order("A", products=LINE), order("B", products=LINE))
    send(cancellation("A"))
    rows = set(stored("order_key", "name", "voided_at", name__in=VOIDABLE))
    assert rows == {(key, name, NOW - HOUR if key == "A" else None) for key in "AB" for name in VOIDABLE}


def test_a_refund_without_an_amount_is_one_of_everything():
    send(order("A", products=LINE))
    send(refund("A"))
    assert both() == [NOW - HOUR] * 2


@pytest.mark.parametrize(
    ("amount", "is_void"), [(99.99, False), (100, True), ("100.00", True), (120, True), (0, False)]
)
def test_a_refund_voids_when_it_reaches_the_orders_value(amount, is_void):
    send(order("A", 100), refund("A", amount))
    assert voids() == {"A": NOW - HOUR if is_void else None}


def test_partial_refunds_add_up_and_the_last_one_voids():
    send(order("A", 100, products=LINE))
    send(refund("A", 40, at=4 * HOUR))
    assert both() == [None, None]
    send(refund("A", 35, at=3 * HOUR))
    assert both() == [None, None]
    send(refund("A", 25, at=2 * HOUR))
    assert both() == [NOW - 2 * HOUR] * 2


def test_a_cancellation_after_a_full_refund_changes_nothing():
    send(order("A"), refund("A", 100, at=3 * HOUR), cancellation("A", at=HOUR))
    assert voids() == {"A": NOW - 3 * HOUR}


def test_a_cancellation_after_a_partial_refund_voids():
    send(order("A"), refund("A", 10, at=3 * HOUR), cancellation("A", at=HOUR))
    assert voids() == {"A": NOW - HOUR}


STORY = [
    order("A", 100, products=LINE),
    refund("A", 60, at=4 * HOUR),
    refund("A", 40, at=2 * HOUR),
    cancellation("A", at=HOUR),
]


@pytest.mark.parametrize("arrival", [*permutations(range(4))], ids=str)
def test_the_order_of_arrival_does_not_matter(arrival):
    for place in arrival:
        send(STORY[place])
    assert both() == [NOW - 2 * HOUR] * 2


def test_all_at_once_is_the_same():
    send(*STORY[::-1])
    assert both() == [NOW - 2 * HOUR] * 2


def test_a_refund_that_names_no_order_touches_nothing():
    send(order("A"), order("B"))
    report = send(event("order_refunded", {"amount": 100}, customer_key="c-1", visitor_key=""))
    assert (report.stored, voids()) == (1, {"A": None, "B": None})


def test_somebody_elses_refund_touches_nothing():
    send(order("A"))
    send(event("order_refunded", {"order_id": "A"}, customer_key="c-2", visitor_key=""))
    assert voids() == {"A": None}


def test_the_refund_may_come_from_another_source():
    send(order("A"), source="shop")
    send(refund("A"), source="erp")
    assert voids() == {"A": NOW - HOUR}


def test_a_refund_in_another_currency_is_not_added_up():
    send(order("A", 100), refund("A", 100, currency="USD"))
    assert voids() == {"A": None}


def test_an_order_of_unknown_value_is_voided_by_what_needs_no_amount():
    send(order("A", None), refund("A", 5), order("B", None), refund("B"))
    assert voids() == {"A": None, "B": NOW - HOUR}


def test_a_free_order_is_not_void_by_itself():
    send(order("A", 0))
    assert voids() == {"A": None}
    send(refund("A", 0))
    assert voids() == {"A": NOW - HOUR}


def test_a_refund_of_some_products_is_worth_their_prices():
    send(order("A", 100))
    send(refund("A", products=[{"product_id": "P", "price": 30, "quantity": 2}]))
    assert voids() == {"A": None}
    assert stored("value_minor", name="order_refunded") == [6000]


def test_a_refund_of_some_products_without_prices_is_not_one_of_everything():
    send(order("A", 100))
    assert send(refund("A", products=[{"product_id": "P"}])).quarantined == 1
    assert (reasons(), voids()) == (["missing_property"], {"A": None})


def test_only_people_whose_past_changed_must_be_read_again(refolds):
    send(order("A"), order("B"))
    send(refund("A", 10))
    send(cancellation("A"))
    send(cancellation("A", at=dt.timedelta(minutes=30)))
    send(cancellation("C"))
    send(order("C"))
    person = Profile.objects.get().pk
    assert refolds == [set(), set(), {person}, set(), set(), set()]
    assert voids() == {"A": NOW - HOUR, "B": None, "C": NOW - HOUR}


def test_an_earlier_cancellation_that_comes_late_moves_the_void(refolds):
    send(order("A"), cancellation("A", at=HOUR))
    send(cancellation("A", at=2 * HOUR))
    assert voids() == {"A": NOW - 2 * HOUR}
    assert refolds == [set(), {Profile.objects.get().pk}]


def test_many_orders_are_voided_at_once():
    send(*(order(f"O{number}", products=LINE) for number in range(300)))
    send(*(cancellation(f"O{number}") for number in range(0, 300, 2)))
    assert [row for row in both() if row] == [NOW - HOUR] * 300


def test_after_a_merge_the_orders_are_judged_anew_and_back_again():
    send(order("A", products=LINE), event("order_cancelled", {"order_id": "A"}, customer_key="c-2"))
    first, second = Profile.objects.order_by("pk")
    assert both() == [None, None]
    Event.objects.update(profile=first)
    with transaction.atomic():
        assert revoid([first.pk]) == {first.pk}
        assert revoid([first.pk]) == frozenset()
    assert both() == [NOW - HOUR] * 2
    Event.objects.filter(name="order_cancelled").update(profile=second)
    with transaction.atomic():
        assert revoid([first.pk, second.pk]) == {first.pk}
    assert both() == [None, None]


def test_ties_of_time_are_added_up_in_the_order_of_events():
    order_event = OrderEvent(1, "s", "00", "order_completed", 100, "EUR", None)
    refunds = [OrderEvent(5, "s", key, "order_refunded", 50, "EUR", None) for key in ("02", "01")]
    assert voided_at(order_event, refunds) == 5
    assert voided_at(order_event, refunds[:1]) is None
