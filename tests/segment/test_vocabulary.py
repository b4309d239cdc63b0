"""The vocabulary of a shop: the catalogues, its own events and facts, its segments."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import override_settings

from django_microseg.collect.arrival import Arrival
from django_microseg.collect.moment import Moment, Place
from django_microseg.collect.surroundings.here import NAMES
from django_microseg.segment.aggregates import AGGREGATES
from django_microseg.segment.context_catalogue import CONTEXTS
from django_microseg.segment.emit import LAST_KNOWN
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.terms import Term
from django_microseg.segment.text import find_errors, parse
from django_microseg.segment.vocabulary import build_labels, build_vocabulary, segment_uses
from tests.segment.words import vocabulary

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def make_segment(slug: str, text: str, *, state: str = "active") -> Segment:
    segment = Segment.objects.create(slug=slug, name=slug.title(), state=state)
    version = SegmentVersion.objects.create(segment=segment, number=1, rule=to_json(parse(text)), created_at=NOW)
    segment.live_version = version
    segment.save()
    return segment


@pytest.mark.django_db
def test_segments_come_with_what_their_live_rules_use() -> None:
    make_segment("vip", "age > 5")
    make_segment("lost", 'not segment("vip") and gone(a=1)')
    make_segment("old", "age > 5", state="archived")
    Segment.objects.create(slug="fresh", name="Fresh")
    assert segment_uses() == {"vip": frozenset(), "lost": frozenset({"vip"}), "fresh": frozenset()}
    assert build_vocabulary().segments == segment_uses()
    assert build_labels().segments == {"vip": "Vip", "lost": "Lost", "old": "Old", "fresh": "Fresh"}


@pytest.mark.django_db
def test_rule_that_cannot_be_read_uses_nothing() -> None:
    segment = make_segment("odd", "age > 5")
    SegmentVersion.objects.update(rule={"version": 99})
    assert segment_uses() == {segment.slug: frozenset()}


def test_fields_have_the_kinds_of_their_columns() -> None:
    event = vocabulary().events["product_dwelled"]
    assert event.filters["category"] == Term("category", "text")
    assert event.filters["attribute"] == Term("attribute", "label")
    assert event.filters["local_hour"] == Term("local_hour", "number", bounds=(0, 23))
    assert event.filters["dwell_seconds"] == Term("dwell_seconds", "measure", unit="dwell_seconds")
    assert "attribute" not in event.aggregated
    assert "dwell_seconds" not in vocabulary().events["any"].filters
    assert vocabulary().events["cart_changed"].is_group


@override_settings(
    MICROSEG={
        "CURRENCY": "JPY",
        "EVENTS": {"fitting_booked": {"summary": "A fitting was booked.", "properties": {"store": "text"}}},
        "FACTS": {"skin_type": {"kind": "text"}},
    }
)
def test_events_facts_and_currency_of_the_shop_are_known() -> None:
    words = build_vocabulary(segments={})
    assert find_errors('count("fitting_booked", where(store="x")) >= 1 and skin_type == "dry"', words) == []
    (error,) = find_errors('sum("order_completed", "value") >= 9.5', words)
    assert error.message == "An amount in the shop's currency has no decimals."


def test_every_example_is_valid() -> None:
    examples = [*(each.example for each in AGGREGATES.values()), *(each.example for each in CONTEXTS.values())]
    assert [error for example in examples for error in find_errors(example, vocabulary())] == []


def test_context_names_are_those_of_the_moment_and_of_the_compiler() -> None:
    moment = Moment("mobile", Arrival("social", "spring", "x.com"), Place("DE", "BY"), "de", "/", 20, 5, 1, 1)
    assert set(moment.context) <= set(CONTEXTS)
    consents = {"consent_measurement", "consent_personalisation", "consent_advertising"}
    assert set(CONTEXTS) - set(moment.context) == NAMES | consents
    assert {name for name, context in CONTEXTS.items() if not context.is_momentary} == LAST_KNOWN
