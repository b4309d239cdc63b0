"""What waits in the stream is exported, erased and forgotten like everything else of a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from django_microseg.collect import ingest, sinks
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.collect.sinks.consumer import Consumer
from django_microseg.collect.sinks.outlet import Outlet
from django_microseg.collect.sinks.stream import ERRORS, FIELD, Stream
from django_microseg.privacy.consent import ADVERTISING, MEASUREMENT
from django_microseg.privacy.erase import erase, erase_customer
from django_microseg.privacy.export import export_customer
from django_microseg.privacy.ledger import record_choice, withdrawn_among
from django_microseg.profile.models import Profile
from tests.privacy.lives import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.redis]

LATER = NOW + dt.timedelta(minutes=5)


def put(name: str = "page_viewed", *, basis: str = "consent", **whose: str) -> None:
    event = IncomingEvent(name=name, properties={"order_id": "A", "revenue": 1}, **whose)
    assert sinks.take([event], source="web", received_at=NOW, basis=basis).waiting == 1


def consume(stream: Stream) -> tuple[int, int]:
    report = Consumer(stream, patience_seconds=0, clock=lambda: LATER).step()
    return report.stored, report.quarantined


def choose(visitor_key: str, *purposes: str) -> None:
    record_choice(visitor_key, purposes, text_version="1", now=NOW)


def everybody() -> list[str]:
    return sorted(Event.objects.values_list("visitor_key", flat=True))


def test_events_of_who_withdrew_while_they_waited_are_not_kept_and_those_of_others_are(event_stream: Stream) -> None:
    for key in ("stays", "leaves"):
        choose(key, MEASUREMENT)
        put(visitor_key=key)
    put(visitor_key="not-in-the-ledger")
    choose("leaves")
    assert consume(event_stream) == (2, 1)
    row = QuarantinedEvent.objects.get()
    assert (row.reason, row.name, row.visitor_key, row.payload) == ("consent_withdrawn", "page_viewed", "", "")
    assert everybody() == ["not-in-the-ledger", "stays"]
    assert Profile.objects.count() == 2  # none was made for who left


def test_what_the_shop_must_know_of_who_withdrew_is_kept(event_stream: Stream) -> None:
    choose("leaves", MEASUREMENT)
    put(basis="contract", visitor_key="leaves", customer_key="jane")
    choose("leaves")
    assert consume(event_stream) == (1, 0)


def test_event_that_did_not_wait_asks_no_ledger() -> None:
    choose("leaves", MEASUREMENT)
    choose("leaves")
    event = IncomingEvent(name="page_viewed", visitor_key="leaves")
    assert ingest.ingest([event], source="web", received_at=NOW).stored == 1


def test_refused_event_of_who_withdrew_keeps_nothing_of_them(event_stream: Stream, settings: Any) -> None:
    before = settings.MICROSEG
    settings.MICROSEG = {**before, "EVENTS": {"dog_walked": {}}}
    choose("leaves", MEASUREMENT)
    put("dog_walked", visitor_key="leaves")
    settings.MICROSEG = before
    choose("leaves")
    assert consume(event_stream) == (0, 1)
    row = QuarantinedEvent.objects.get()
    assert (row.reason, row.visitor_key, row.payload) == ("consent_withdrawn", "", "")


def test_ledger_tells_who_allows_nothing_any_more() -> None:
    choose("still", MEASUREMENT)
    choose("never asked again", MEASUREMENT)
    choose("never asked again")
    choose("changed", MEASUREMENT)
    choose("changed", MEASUREMENT, ADVERTISING)
    choose("adverts alone", MEASUREMENT)
    choose("adverts alone", ADVERTISING)
    keys = ["still", "never asked again", "changed", "adverts alone", "unknown"]
    assert withdrawn_among(keys) == {"never asked again", "adverts alone"}


def test_erasure_empties_the_line_of_the_person_alone(event_stream: Stream) -> None:
    put(visitor_key="phone", customer_key="jane")
    consume(event_stream)
    put(visitor_key="phone")
    put(visitor_key="other-phone", customer_key="jane")
    put(visitor_key="neighbour", customer_key="janet")
    event_stream.client.xadd(event_stream.name, {FIELD: 'broken {"customer_id": "jane"}'})
    event_stream.client.xadd(event_stream.name, {FIELD: 'broken {"customer_id": "janet"}'})
    assert erase_customer("jane", now=NOW)["cache:event stream"] == 3
    assert event_stream.client.xlen(event_stream.name) == 2
    assert consume(event_stream) == (1, 1)
    assert everybody() == ["neighbour"]


def test_customer_of_whom_only_an_event_in_somebodys_hands_exists_does_not_come_back(
    event_stream: Stream,
) -> None:
    put(customer_key="jane")
    consumer = Consumer(event_stream, clock=lambda: LATER)
    in_hand = Outlet(event_stream, patience_seconds=60).take(None)
    erase_customer("jane", now=NOW)
    report = consumer._settle(in_hand)
    assert (report.stored, report.quarantined, Profile.objects.count()) == (0, 1, 0)


def test_export_shows_what_waits(event_stream: Stream) -> None:
    put(customer_key="jane")
    put(customer_key="john")
    (line,) = export_customer("jane")["caches"]["event stream"].values()
    assert ("jane" in line, "john" in line) == (True, False)


def test_stream_that_does_not_answer_makes_an_erasure_fail_so_that_it_is_tried_again(
    event_stream: Stream, settings: Any
) -> None:
    put(visitor_key="phone", customer_key="jane")
    consume(event_stream)
    settings.MICROSEG = {**settings.MICROSEG, "SINK_URL": "redis://127.0.0.1:1/0"}
    with pytest.raises(ERRORS):
        erase(Profile.objects.get(), now=NOW)
    assert Event.objects.count() == 1


def test_shop_without_a_stream_has_nothing_in_it() -> None:
    ingest.ingest([IncomingEvent(name="page_viewed", customer_key="jane")], source="web", received_at=NOW)
    assert export_customer("jane")["caches"]["event stream"] == {}
    assert erase_customer("jane", now=NOW)["cache:event stream"] == 0
