"""The corpus of hostile payloads (facts/reliability.md, section 4): each alike on every database.

What a naive endpoint answers with a 500, or stores on one engine and refuses on another.
"""

from __future__ import annotations

import json

import pytest

from django_microseg.collect.models import Event, QuarantinedEvent
from tests.collect.making import event, reasons, send

pytestmark = pytest.mark.django_db


def nested(levels):
    value: object = "end"
    for _ in range(levels):
        value = {"a": value}
    return value


def endless():
    value: list[object] = []
    value.append(value)
    return value


REFUSED = {
    "list": ([1], "bad_type"),
    "text": ("x", "bad_type"),
    "number": (3, "bad_type"),
    "NUL in a text": ({"title": "a\x00b"}, "nul_or_surrogate"),
    "NUL in a key": ({"a\x00b": 1}, "nul_or_surrogate"),
    "NUL within JSON": ({"more": {"deep": ["\x00"]}}, "nul_or_surrogate"),
    "surrogate in a text": ({"title": "\ud800"}, "nul_or_surrogate"),
    "surrogate in a key": ({"\udfff": 1}, "nul_or_surrogate"),
    "surrogate within JSON": ({"more": ["\ud83d"]}, "nul_or_surrogate"),
    "1e999": (json.loads('{"x": 1e999}'), "bad_number"),
    "NaN": (json.loads('{"x": NaN}'), "bad_number"),
    "beyond 64 bits": ({"x": 2**63}, "bad_number"),
    "a thousand digits": ({"x": 10**1000}, "bad_number"),
    "long text": ({"title": "x" * 1025}, "too_large"),
    "long key": ({"x" * 65: 1}, "too_large"),
    "many keys": ({f"k{number}": 1 for number in range(101)}, "too_large"),
    "many items": ({"x": [0] * 5001}, "too_large"),
    "33 KB": ({f"k{number}": "x" * 1000 for number in range(33)}, "too_large"),
    "11 levels": (nested(11), "too_deep"),
    "900 levels": (nested(900), "too_deep"),
    "100,000 levels": (nested(100_000), "too_deep"),
    "itself": ({"x": endless()}, "too_deep"),
    "bytes": ({"x": b"abc"}, "bad_type"),
    "number as key": ({1: 2}, "bad_type"),
    "object": ({"x": object()}, "bad_type"),
    "path is a list": ({"path": ["/"]}, "bad_type"),
    "path is an object": ({"path": {"to": "/"}}, "bad_type"),
}
KEPT = {
    "None": None,
    "empty": {},
    "10 levels": nested(10),
    "300-char path": {"path": "/" + "x" * 299},
    "2,000-char address": {"url": "https://shop.example/" + "x" * 1979},
    "64-bit numbers": {"lowest": -(2**63), "highest": 2**63 - 1},
    "emoji": {"title": "💥 \u200d ﷽"},
    "unknown keys": {"x": {"y": [1, 2.5, None, True, "z"]}},
    "nearly 32 KB": {f"k{number}": "x" * 1000 for number in range(31)},
}


@pytest.mark.parametrize(("properties", "why"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_payload_is_quarantined_and_its_neighbour_stored(properties, why):
    report = send(event(properties=properties), event())
    assert (report.stored, report.quarantined, report.duplicates) == (1, 1, 0)
    assert reasons() == [why]
    assert "\x00" not in QuarantinedEvent.objects.get().payload


@pytest.mark.parametrize("properties", KEPT.values(), ids=KEPT)
def test_an_odd_but_sound_payload_is_stored(properties):
    assert send(event(properties=properties)).stored == 1


def test_unknown_properties_come_back_as_they_were_sent():
    given = {"x": {"y": [1, 2.5, None, True, "z"]}, "emoji": "💥", "lowest": -(2**63)}
    send(event(properties=given))
    assert Event.objects.get().properties == given


@pytest.mark.parametrize("field", ["message_id", "visitor_key", "customer_key", "visit_key", "device", "region"])
@pytest.mark.parametrize("value", ["a\x00", "\ud800", ["x"], {"x": 1}, "x" * 1100, 10**500, b"x"], ids=repr)
def test_hostile_fields_are_quarantined_too(field, value):
    assert send(event(**{field: value})).quarantined == 1
