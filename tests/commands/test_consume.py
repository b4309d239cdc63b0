"""`microseg_consume` until nobody waits, and what it says when it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from django_microseg.collect import sinks
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.models import Event
from django_microseg.collect.sinks import consumer, outlet
from django_microseg.collect.sinks.stream import Stream
from tests.commands.console import refusal, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


def put(count: int) -> None:
    events = [IncomingEvent(name="page_viewed", message_id=f"m-{n}", visitor_key="ann") for n in range(count)]
    assert sinks.take(events, source="web", received_at=timezone.now()).waiting == count


def test_it_ends_when_nobody_waits_and_says_what_it_did(event_stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "BATCH", 2)
    put(5)
    assert say("microseg_consume") == "5 events: 5 stored, 0 in quarantine, 0 here before.\n"
    put(5)
    assert json.loads(say("microseg_consume", "--json")) == {
        "received": 5,
        "stored": 0,
        "quarantined": 0,
        "duplicates": 5,
    }
    assert (Event.objects.count(), say("microseg_consume", "-v0")) == (5, "")
    assert event_stream.client.xinfo_consumers(event_stream.name, "microseg") == []


def test_without_an_address_it_says_what_to_set(settings: Any) -> None:
    settings.MICROSEG = {}
    code, sentence = refusal("microseg_consume")
    assert (code, 'MICROSEG["SINK_URL"] is not set' in sentence) == (2, True)


def test_patience_must_be_above_nothing() -> None:
    assert refusal("microseg_consume", "--patience", "0") == (2, "--patience must be above 0.")


def test_stream_that_does_not_answer_is_named(settings: Any) -> None:
    settings.MICROSEG = {"SINK_URL": "redis://127.0.0.1:1/0"}
    code, sentence = refusal("microseg_consume")
    assert (code, sentence.startswith("The stream of events does not answer")) == (2, True)


def test_database_that_does_not_answer_is_named(event_stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: Any, held: Any) -> None:
        raise consumer.DatabaseDown

    monkeypatch.setattr(consumer.Consumer, "_settle", down)
    assert refusal("microseg_consume") == (2, "The database does not answer. The events wait on.")
