"""What could not be stored is kept with its reason, its payload and whose it says it is."""

from __future__ import annotations

import json

import pytest

from django_microseg.collect.models import QuarantinedEvent
from django_microseg.collect.quarantine import MAX_PAYLOAD
from tests.collect.making import NOW, event, send

pytestmark = pytest.mark.django_db


def test_a_row_tells_all_there_is_to_know():
    send(event("page_dwelled", {"dwell_seconds": -1}, message_id="m-x", customer_key="c-1"), source="app")
    row = QuarantinedEvent.objects.get()
    assert (row.source, row.message_id, row.name, row.reason) == ("app", "m-x", "page_dwelled", "bad_number")
    assert row.detail == "dwell_seconds is negative: send a number from 0 on."
    assert (row.visitor_key, row.customer_key, row.received_at) == ("visitor-1", "c-1", NOW)
    assert json.loads(row.payload) == {
        "name": "page_dwelled",
        "message_id": "m-x",
        "occurred_at": "2026-03-01 11:00:00+00:00",
        "visitor_key": "visitor-1",
        "customer_key": "c-1",
        "properties": {"dwell_seconds": -1},
    }


def test_the_same_broken_event_is_kept_once_and_another_one_beside_it():
    broken = [event("nonsense", {"x": number}, message_id="same") for number in (1, 1, 2)]
    assert send(*broken).quarantined == 2
    assert send(*broken).duplicates == 3


def test_a_large_payload_is_cut():
    send(event(properties={f"k{number}": "x" * 2000 for number in range(100)}))
    assert len(QuarantinedEvent.objects.get().payload) == MAX_PAYLOAD


def test_hostile_ids_are_kept_readable():
    send(event(["n"], message_id="a\x00\ud800b", visitor_key="v" * 500, customer_key={"id": 1}))
    row = QuarantinedEvent.objects.get()
    assert (row.name, row.message_id, row.customer_key) == ("<list>", "a\\0\\ud800b", "<dict>")
    assert row.visitor_key == "v" * 64


def test_a_payload_that_cannot_be_written_leaves_its_types():
    endless: list[object] = []
    endless.append(endless)
    send(event(properties={"x": endless}, message_id="m"))
    assert json.loads(QuarantinedEvent.objects.get().payload)["properties"] == "<dict>"
