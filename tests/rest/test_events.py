"""What is told to ``events/`` is stored for the visitor who tells it, or refused with its reason."""

from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.privacy.erase import erase
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.models import Profile
from django_microseg.rest import events
from tests.doors.agents import GOOGLEBOT, PHONE
from tests.doors.browsers import consenting, cookie_of, names_of_events
from tests.rest.asking import LANDING, ask, code_of, me, tell, told

pytestmark = pytest.mark.django_db(transaction=True)

PRODUCT = {"name": "product_viewed", "message_id": "m-1", "properties": {"product_id": "boot-1"}}


def test_event_is_stored_with_the_visitor_and_the_context_of_the_page():
    phone = consenting(agent=PHONE)
    assert told(phone, PRODUCT, page=LANDING) == [("stored", "")]
    event = Event.objects.get()
    assert (event.name, event.source, event.basis, event.product_key) == (
        "product_viewed",
        "browser",
        "consent",
        "boot-1",
    )
    assert (event.device, event.channel, event.campaign) == ("mobile", "social", "june")
    assert (event.visitor_key, event.visit_key) == (cookie_of(phone).visitor_key, cookie_of(phone).visit_key)


def test_batch_says_of_each_what_became_of_it(shopper):
    response = tell(shopper, PRODUCT, PRODUCT, "no_such_event", {"name": "order_completed"}, None, 7)
    assert response.status_code == 200
    assert response.json() == {
        "received": 6,
        "stored": 1,
        "duplicates": 1,
        "rejected": 4,
        "results": [
            {"index": 0, "status": "stored"},
            {"index": 1, "status": "duplicate"},
            {
                "index": 2,
                "status": "rejected",
                "reason": "unknown_event",
                "detail": "No event of this name is known: see docs/events.md, or add it to EVENTS.",
            },
            {
                "index": 3,
                "status": "rejected",
                "reason": "not_public",
                "detail": "A browser may not send order_completed: send it from the server.",
            },
            {
                "index": 4,
                "status": "rejected",
                "reason": "bad_type",
                "detail": "The event's name is no text: send one of docs/events.md.",
            },
            {
                "index": 5,
                "status": "rejected",
                "reason": "bad_type",
                "detail": "The event's name is no text: send one of docs/events.md.",
            },
        ],
    }


def test_batch_sent_again_is_there_once_and_its_faults_are_named_again(shopper):
    batch = (PRODUCT, {"name": "nonsense", "message_id": "m-2"})
    first, again = told(shopper, *batch), told(shopper, *batch)
    assert (first, again) == (
        [("stored", ""), ("rejected", "unknown_event")],
        [("duplicate", ""), ("rejected", "unknown_event")],
    )
    assert (Event.objects.count(), QuarantinedEvent.objects.count()) == (1, 1)


def test_batch_of_which_nothing_is_good_is_refused(shopper):
    response = tell(shopper, "nonsense")
    assert code_of(response) == (422, "nothing_stored")
    assert (response.json()["stored"], response.json()["results"][0]["reason"]) == (0, "unknown_event")
    assert "microseg" not in response.cookies


def test_events_without_an_id_and_a_time_each_count(shopper):
    again = {"name": "product_viewed", "properties": {"product_id": "boot-1"}}
    assert told(shopper, again, again) == [("stored", ""), ("stored", "")]


def test_events_without_an_id_that_say_the_same_time_are_one(shopper):
    again = {"name": "app_opened", "occurred_at": timezone.now().isoformat()}
    assert told(shopper, again, again) == [("stored", ""), ("duplicate", "")]


def test_visitor_who_has_not_consented_leaves_nothing_and_is_told(stranger, buyers):
    response = tell(stranger, PRODUCT, "page_viewed")
    assert code_of(response) == (403, "no_consent")
    assert [(each["status"], each["reason"]) for each in response.json()["results"]] == [("rejected", "no_consent")] * 2
    assert (Event.objects.count(), QuarantinedEvent.objects.count(), Profile.objects.count()) == (0, 0, 0)
    assert dict(response.cookies) == {}


@pytest.mark.parametrize("purposes", [(), ("advertising",)])
def test_visitor_who_has_refused_leaves_nothing(purposes):
    assert code_of(tell(consenting(purposes=purposes), PRODUCT)) == (403, "no_consent")
    assert Event.objects.count() == 0


def test_machine_leaves_nothing():
    assert code_of(tell(consenting(agent=GOOGLEBOT), PRODUCT)) == (403, "machine")
    assert Event.objects.count() == 0


def test_page_that_is_only_prepared_leaves_nothing(shopper):
    assert code_of(tell(shopper, "page_viewed", **{"sec-purpose": "prefetch;prerender"})) == (403, "machine")
    assert Event.objects.count() == 0


def test_event_names_whom_it_likes_and_is_the_senders_all_the_same(shopper):
    tell(shopper, PRODUCT | {"visitor_key": "somebody-else-entirely", "customer_key": "c-1", "device": "tablet"})
    event = Event.objects.get()
    assert (event.visitor_key, event.device, event.profile.customer_key) == (
        cookie_of(shopper).visitor_key,
        "desktop",
        None,
    )


@pytest.mark.parametrize("name", ["order_completed", "order_refunded", "order_cancelled", "email_opened"])
def test_event_that_only_the_server_may_send_is_refused(shopper, name):
    assert told(shopper, {"name": name, "properties": {"order_id": "O-1", "revenue": 1}}) == [
        ("rejected", "not_public")
    ]


def test_query_parts_of_addresses_are_never_stored(shopper):
    properties = {
        "url": "https://ada:secret@shop.example/search/?q=ada@example.org#ada",
        "referrer": "https://mail.example/?user=ada",
        "search": "?q=ada@example.org",
    }
    tell(shopper, {"name": "page_viewed", "properties": properties})
    assert Event.objects.get().properties == {
        "url": "https://shop.example/search/",
        "referrer": "https://mail.example/",
    }


def test_pages_told_are_counted_in_the_visit_and_the_way_in_is_that_of_the_first(shopper):
    tell(shopper, {"name": "page_viewed", "message_id": "p-1", "properties": LANDING})
    tell(shopper, {"name": "Page Viewed", "message_id": "p-2", "properties": {"path": "/boots/"}}, PRODUCT)
    tell(shopper, {"name": "page_viewed", "message_id": "p-2", "properties": {"path": "/boots/"}})
    cookie = cookie_of(shopper)
    assert (cookie.visit_number, cookie.visit_views, cookie.arrival.channel, cookie.arrival.campaign) == (
        1,
        2,
        "social",
        "june",
    )
    assert set(Event.objects.values_list("channel", flat=True)) == {"social"}


def test_id_that_is_new_goes_on_record(shopper):
    tell(shopper, PRODUCT)
    assert [record.visitor_key for record in ConsentRecord.objects.all()] == [cookie_of(shopper).visitor_key]


def test_visitor_who_was_erased_stays_erased(shopper):
    tell(shopper, PRODUCT)
    erase(Profile.objects.get(), now=timezone.now())
    assert code_of(tell(shopper, PRODUCT | {"message_id": "m-2"})) == (422, "nothing_stored")
    assert (Event.objects.count(), Profile.objects.count()) == (0, 0)


def test_beacon_that_sends_a_text_is_read(shopper):
    body = b'{"events": [{"name": "page_viewed"}]}'
    response = ask(shopper, "POST", "events/", body, content_type="text/plain;charset=UTF-8")
    assert (response.status_code, names_of_events()) == (200, ["page_viewed"])


def test_logged_in_customer_needs_no_token(shopper, django_user_model):
    django_user_model.objects.create(username="ada")
    shopper.handler.enforce_csrf_checks = True
    shopper.get("/enter/ada/")
    assert told(shopper, PRODUCT) == [("stored", "")]


def test_database_that_fails_is_worth_asking_again(shopper, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise OSError("gone")

    monkeypatch.setattr(events, "ingest", fail)
    response = tell(shopper, PRODUCT)
    assert code_of(response) == (503, "unavailable")
    assert response.headers["Retry-After"] == "5"
    assert "OSError" not in response.text
    assert [record.name for record in caplog.records] == ["django_microseg", "django.request"]


def test_five_hundred_events_are_a_batch_and_one_more_is_not(shopper):
    assert tell(shopper, *["app_opened"] * 500).json()["stored"] == 500
    assert code_of(tell(shopper, *["app_opened"] * 501)) == (422, "invalid")


def test_event_of_32_kb_passes_and_a_larger_one_is_refused(shopper):
    def of(size: int) -> dict[str, object]:
        return {"name": "app_opened", "properties": {f"k{n}": "x" * 1000 for n in range(size)}}

    assert told(shopper, of(31), of(33)) == [("stored", ""), ("rejected", "too_large")]


def test_ten_levels_pass_and_eleven_are_refused(shopper):
    def of(levels: int) -> dict[str, object]:
        value: object = 1
        for _ in range(levels):
            value = {"a": value}
        return {"name": "app_opened", "properties": value}

    assert told(shopper, of(10), of(11)) == [("stored", ""), ("rejected", "too_deep")]


def test_read_your_writes_waits_for_the_cookies_own_sequence(shopper, buyers):
    tell(shopper, {"name": "product_added", "properties": {"product_id": "boot-1"}})
    assert cookie_of(shopper).sequence == Profile.objects.get().revision
    assert [segment["slug"] for segment in me(shopper)["segments"]] == ["buyers"]
