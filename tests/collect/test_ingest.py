"""Storing: everything received is stored, quarantined or a duplicate, and later rooms are told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from django_microseg.collect import hooks
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event, EventKey, QuarantinedEvent
from django_microseg.collect.read import records_of
from django_microseg.collect.sources import WrongSource
from django_microseg.profile.models import Identity, Profile
from tests.collect.making import HOUR, NOW, event, order, reasons, send
from tests.collect.making import stored as rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def batches(stored):
    heard = []
    stored.connect(lambda batch, **kwargs: heard.append(batch), weak=False)
    return heard


def counts(report):
    assert report.received == report.stored + report.quarantined + report.duplicates
    return (report.received, report.stored, report.quarantined, report.duplicates, report.derived)


def test_nothing_is_nothing(batches):
    assert counts(send()) == (0, 0, 0, 0, 0)
    assert batches == []


def test_a_good_a_bad_and_a_repeated_event():
    good, bad = event(message_id="a"), event("nonsense", message_id="b")
    assert counts(send(good, bad, good)) == (3, 1, 1, 1, 0)
    assert counts(send(bad, good)) == (2, 0, 0, 2, 0)
    assert (Event.objects.count(), QuarantinedEvent.objects.count()) == (1, 1)


def test_a_row_says_whose_it_is_and_where_it_came_from():
    send(event(visit_key="visit-9"), source="import:crm", basis="contract")
    row = Event.objects.get()
    assert (row.visitor_key, row.visit_key, row.source, row.basis, row.position) == (
        "visitor-1",
        "visit-9",
        "import:crm",
        "contract",
        0,
    )
    assert (row.occurred_at, row.received_at, row.voided_at) == (NOW - HOUR, NOW, None)
    assert row.profile_id == Identity.objects.get(kind="visitor", value="visitor-1").profile_id


def test_an_id_belongs_to_its_source():
    assert counts(send(event(message_id="order-1"), source="browser", is_public=True))[1] == 1
    assert counts(send(event(message_id="order-1"), source="server"))[1] == 1
    assert counts(send(event(message_id="order-1"), source="browser", is_public=True))[3] == 1


@pytest.mark.parametrize(("source", "is_public"), [("server", True), ("browser", False), ("browser:eu", False)])
def test_a_door_may_not_mix_up_browsers_and_servers(source, is_public):
    with pytest.raises(WrongSource, match="public"):
        ingest([event()], source=source, received_at=NOW, is_public=is_public)


@pytest.mark.parametrize("source", ["", "x" * 41, "a\x00", "é"])
def test_a_source_has_a_plain_name(source):
    with pytest.raises(WrongSource, match="ASCII"):
        ingest([event()], source=source, received_at=NOW)


def test_a_mended_event_is_stored_under_the_id_of_the_broken_one():
    assert counts(send(event("page_dwelled", {"dwell_seconds": "long"}, message_id="a")))[2] == 1
    assert counts(send(event("page_dwelled", {"dwell_seconds": 5}, message_id="a")))[1] == 1


def test_a_broken_event_does_not_take_the_id_of_a_good_one_in_the_same_batch():
    broken, good = event("page_dwelled", {}, message_id="a"), event(message_id="a")
    assert counts(send(broken, good)) == (2, 1, 1, 0, 0)


def test_an_item_without_an_id_that_is_sent_again_is_a_duplicate():
    item = event("product_viewed", {"product_id": 1}, message_id="")
    assert counts(send(item)) == (1, 1, 0, 0, 0)
    assert counts(send(item, received_at=NOW + HOUR)) == (1, 0, 0, 1, 0)


def test_the_report_says_which_item_failed_and_why():
    report = send(event(), event("nonsense"), event(), event(visitor_key=""))
    assert [(refusal.index, refusal.reason) for refusal in report.refusals] == [(1, "unknown_event"), (3, "no_person")]


def test_many_batches_make_one_report():
    items = [event() for _ in range(2500)] + [event("nonsense")]
    report = send(*items, *items[:10])
    assert counts(report) == (2511, 2500, 1, 10, 0)
    assert report.refusals[0].index == 2500
    assert Event.objects.count() == 2500


def test_a_generator_is_fine():
    report = ingest((event() for _ in range(3)), source="server", received_at=NOW)
    assert report.stored == 3


def test_later_rooms_hear_of_new_events_in_their_order(batches):
    late = event("product_viewed", {"product_id": 2}, occurred_at=NOW - HOUR, message_id="late")
    early = event("product_viewed", {"product_id": 1}, occurred_at=NOW - 2 * HOUR, message_id="early")
    other = event(visitor_key="visitor-2")
    send(late, early, other)
    (batch,) = batches
    mine = Identity.objects.get(value="visitor-1").profile_id
    assert [record.product_key for record in batch.records[mine]] == ["1", "2"]
    assert batch.records.keys() == batch.profiles.keys() == set(Profile.objects.values_list("pk", flat=True))
    assert (batch.refold, batch.received_at) == (frozenset(), NOW)


def test_what_is_told_is_what_is_read_back(batches):
    shoe = {"product_id": "S", "category": "Shoes", "brand": "B", "coupon": "C", "price": 9.99, "quantity": 2}
    context = {
        "device": "Mobile",
        "channel": "Social",
        "campaign": "Spring",
        "country": "AT",
        "region": "Tirol",
        "language": "de",
        "visit_key": "v-1",
        "timezone": "Europe/Vienna",
    }
    send(
        event("product_viewed", {**shoe, "attributes": ["warm"]}, **context),
        event("product_dwelled", {**shoe, "dwell_seconds": 12.5}, **context),
        order("A", 20, products=[shoe, {"product_id": "T"}]),
        event("order_refunded", {"order_id": "A"}, customer_key="c-1"),
    )
    (batch,) = batches
    told = {profile_id: list(records) for profile_id, records in batch.records.items()}
    assert told == dict(records_of(batch.records.keys()))


def test_nobody_is_told_of_duplicates_and_broken_events(batches):
    send(event(message_id="a"))
    send(event(message_id="a"), event("nonsense"))
    assert len(batches) == 1


def test_a_listener_that_fails_undoes_the_batch(stored):
    def fail(**kwargs):
        raise ValueError("no")

    stored.connect(fail)
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        send(event(message_id="a"), event("nonsense"))
    assert not any(model.objects.exists() for model in (Event, EventKey, QuarantinedEvent, Profile))


def test_a_duplicate_brings_nobody_back():
    send(event(message_id="a"))
    Identity.objects.all().delete()
    Profile.objects.all().delete()
    assert counts(send(event(message_id="a"))) == (1, 0, 0, 1, 0)
    assert not Profile.objects.exists()


def test_of_somebody_who_was_erased_nothing_is_kept(monkeypatch):
    known = hooks.people

    def forgetful(keys, *, now):
        return known([key for key in keys if key.visitor_key != "erased"], now=now)

    monkeypatch.setattr(hooks, "people", forgetful)
    report = send(event(visitor_key="erased", properties={"title": "secret"}), event())
    assert counts(report) == (2, 1, 1, 0, 0)
    kept = QuarantinedEvent.objects.get()
    assert (kept.reason, kept.name) == ("erased_person", "page_viewed")
    assert (kept.payload, kept.visitor_key, kept.customer_key, kept.message_id) == ("", "", "", "")


def test_customer_and_visitor_of_one_event_are_one_person():
    send(event(visitor_key="v", customer_key="c", message_id="a"), event(visitor_key="v", message_id="b"))
    assert len(set(rows("profile_id"))) == 1
    assert Profile.objects.get().customer_key == "c"


def test_without_people_nothing_is_stored(monkeypatch):
    monkeypatch.setattr(hooks, "people", hooks._not_wired)
    with pytest.raises(hooks.PeopleNotWired, match=r"hooks\.people is not set"), transaction.atomic():
        send(event())
    assert not EventKey.objects.exists()


def test_a_fault_of_ours_costs_one_event_and_not_its_neighbours(monkeypatch, caplog):
    monkeypatch.setattr("django_microseg.collect.validate.zone_of", lambda name: {"": None}[name])
    assert counts(send(event(timezone="bad"), event())) == (2, 1, 1, 0, 0)
    assert reasons() == ["unreadable"]
    assert "could not be judged" in caplog.text


def test_received_at_stands_on_every_row():
    later = NOW + dt.timedelta(days=1)
    send(event(), event("nonsense"), received_at=later)
    assert {
        *Event.objects.values_list("received_at", flat=True),
        *EventKey.objects.values_list("received_at", flat=True),
        *QuarantinedEvent.objects.values_list("received_at", flat=True),
    } == {later}
