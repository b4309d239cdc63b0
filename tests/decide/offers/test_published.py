"""Published offers: read whole, on at their time, for whom they are meant. Every case has its twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from django_microseg.decide.offers.arithmetic import Terms
from django_microseg.decide.offers.published import (
    PublishedOffer,
    for_visitor,
    read_offers,
    same_code,
    segments_asked,
)

NOON = 1_700_000_000_000
ROW = {
    "format": 1,
    "id": 7,
    "slug": "welcome",
    "headline": "Ten per cent off",
    "text": "Your first order.",
    "percent_hundredths": 1000,
    "amount_minor": None,
    "currency": "GBP",
    "minimum_minor": 2000,
    "maximum_minor": 900,
    "segments": ["new", "social"],
    "match": "all",
    "is_first_order": True,
    "code": "WELCOME10",
    "stacks": True,
    "priority": 3,
    "starts_at": NOON,
    "ends_at": NOON + 1000,
}
OFFER = PublishedOffer(
    id=7,
    terms=Terms("welcome", "GBP", 1000, None, 2000, 900, stacks=True, priority=3),
    headline="Ten per cent off",
    text="Your first order.",
    code="WELCOME10",
    is_first_order=True,
    segments=("new", "social"),
    needs_all=True,
    starts_at=NOON,
    ends_at=NOON + 1000,
)
BOTH = frozenset({"new", "social"})


def test_published_row_is_read_whole():
    assert read_offers([ROW]) == (OFFER,)


def test_row_of_a_newer_format_is_left_out():
    assert read_offers([{**ROW, "format": 2}]) == ()


def test_highest_priority_comes_first_then_the_slug():
    rows = [{**ROW, "slug": slug, "priority": priority} for slug, priority in (("c", 1), ("b", 1), ("a", 0))]
    assert [offer.slug for offer in read_offers(rows)] == ["b", "c", "a"]


@pytest.mark.parametrize(("now", "is_on"), [(NOON - 1, False), (NOON, True), (NOON + 999, True), (NOON + 1000, False)])
def test_offer_is_on_from_its_start_until_its_end(now, is_on):
    assert OFFER.is_on(now) is is_on
    assert (for_visitor([OFFER], BOTH, now=now) == (OFFER,)) is is_on


def test_offer_without_times_is_always_on():
    assert replace(OFFER, starts_at=None, ends_at=None).is_on(0)


@pytest.mark.parametrize(
    ("needs_all", "segments", "fits"),
    [
        (True, {"new", "social"}, True),
        (True, {"new"}, False),
        (False, {"new"}, True),
        (False, {"other"}, False),
        (False, set(), False),
    ],
)
def test_offer_is_for_those_in_its_segments(needs_all, segments, fits):
    assert replace(OFFER, needs_all=needs_all).fits(frozenset(segments)) is fits


def test_offer_without_segments_is_for_everybody():
    assert replace(OFFER, segments=()).fits(frozenset())


def test_segments_of_all_offers_are_asked_for():
    assert segments_asked([OFFER, replace(OFFER, segments=("vip",))]) == {"new", "social", "vip"}


@pytest.mark.parametrize("typed", ["welcome10", " WELCOME10 ", "Welcome10"])
def test_code_is_the_same_in_any_case(typed):
    assert same_code(typed) == same_code(OFFER.code)
