"""When what a visitor did is stored: at once, after the response, or never because it never happened."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from django_microseg.api import track
from django_microseg.collect import ingest
from django_microseg.collect.models import Event
from django_microseg.decide import hand_over
from django_microseg.privacy.erase import erase
from django_microseg.profile.models import Profile
from tests.doors import site
from tests.doors.browsers import cookie_of, names_of_events, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def later(monkeypatch) -> list[list[str]]:
    """What is stored already when the response goes out."""
    seen: list[list[str]] = []
    real = hand_over.store_later

    def store(visitor) -> None:
        seen.append(names_of_events())
        real(visitor)

    monkeypatch.setattr(hand_over, "store_later", store)
    return seen


def test_cart_event_is_stored_before_the_response(shopper, later):
    shopper.post("/add/")
    assert later == [["product_added"]]


def test_product_view_is_stored_after_the_response(shopper, later):
    shopper.get("/product/")
    assert (later, names_of_events()) == ([[]], ["product_viewed", "page_viewed"])


def test_order_of_a_committed_transaction_is_stored(shopper):
    assert shopper.post("/buy/").text == "ordered order-row"
    assert "order_completed" in names_of_events()


def test_order_of_a_transaction_that_was_rolled_back_never_happened(shopper):
    shopper.raise_request_exception = False
    assert shopper.post("/fail/").status_code == 500
    assert names_of_events() == []


def test_cookie_carries_the_revision_that_the_click_has_caused(shopper, buyers):
    shopper.get("/")
    shopper.post("/add/")
    assert cookie_of(shopper).sequence == Profile.objects.get().revision == 2


def test_cookie_of_a_page_promises_the_revision_of_its_own_view(shopper, buyers):
    shopper.get("/")
    shopper.get("/")
    promised = cookie_of(shopper).sequence
    assert promised == Profile.objects.get().revision


def test_urgent_event_that_fails_is_tried_again_after_the_response(shopper, monkeypatch):
    real, calls = ingest.ingest, []

    def fail_once(events, **terms):
        calls.append(1)
        if len(calls) == 1:
            raise DatabaseError("locked")
        return real(events, **terms)

    monkeypatch.setattr(ingest, "ingest", fail_once)
    assert shopper.post("/add/").text == "added"
    assert names_of_events() == ["product_added"]


def test_events_of_one_request_keep_their_order(shopper, later):
    shopper.get("/product/")
    shopper.post("/add/")
    assert names_of_events() == ["product_viewed", "page_viewed", "product_added"]


def test_request_that_notes_too_much_is_cut_and_served(shopper, monkeypatch):
    def flood(request):
        for number in range(500):
            track(request, "product_viewed", product_id=str(number))
        return site.plain(request)

    monkeypatch.setattr(site.urlpatterns[2], "callback", flood)
    assert shopper.get("/plain/").status_code == 200
    assert Event.objects.count() <= 201


@pytest.fixture
def lock_holder() -> Iterator[None]:
    """Somebody else is writing to the visitor's profile and takes their time."""
    other = connections.create_connection("default")
    holding = {
        "sqlite": ["BEGIN IMMEDIATE"],
        "postgresql": ["BEGIN", "SELECT id FROM django_microseg_profile FOR UPDATE"],
    }
    with other.cursor() as cursor:
        for statement in holding[other.vendor]:
            cursor.execute(statement)
        yield
        cursor.execute("ROLLBACK")
    other.close()


@pytest.fixture
def known_shopper(shopper, buyers):
    shopper.get("/")
    return shopper


def test_click_waits_for_a_lock_no_longer_than_it_may(known_shopper, later, monkeypatch, lock_holder):
    monkeypatch.setattr(hand_over, "store_later", lambda visitor: None)
    seconds = []
    for _ in range(3):  # a busy machine may hold up any of them
        started = monotonic()
        response, _ = send(known_shopper, "/add/")
        seconds.append(monotonic() - started)
        assert response.content == b"added"
    assert min(seconds) < 1  # 50 ms for the lock; SQLite alone would wait for 20 s
    assert names_of_events() == ["page_viewed"]


def test_shop_order_stands_when_nothing_of_ours_can_be_stored(shopper, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(ingest, "ingest", fail)
    assert shopper.post("/buy/").status_code == 200
    assert User.objects.filter(username="order-row").exists()
    assert connection.get_autocommit()


def test_erased_visitor_with_an_old_cookie_leaves_nothing_and_sees_the_shop(known_shopper, caplog):
    erase(Profile.objects.get(), now=timezone.now())
    pages = [known_shopper.get("/").status_code for _ in range(3)]
    known_shopper.post("/add/")
    assert (pages, Event.objects.count(), Profile.objects.count()) == ([200, 200, 200], 0, 0)
    assert caplog.records == []
