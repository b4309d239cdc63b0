"""The choice itself: priority, newest, slug; schedule; segments. Every case has its twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from django_microseg.decide.slots import (
    Choice,
    Decision,
    Reason,
    Rejection,
    choose,
    default_for,
    read_choices,
    segments_asked,
)

NOON = 1_700_000_000_000
PLAIN = Choice(
    slug="plain",
    slot="hero",
    segments=(),
    needs_all=False,
    content_html="<p>plain</p>",
    template_name="",
    priority=0,
    starts_at=None,
    ends_at=None,
    created_at=NOON - 1000,
)
PUBLISHED = {
    "format": 1,
    "slug": "plain",
    "slot": "hero",
    "segments": [],
    "match": "any",
    "content_html": "<p>plain</p>",
    "template_name": "",
    "priority": 0,
    "starts_at": None,
    "ends_at": None,
    "created_at": NOON - 1000,
}


def _chosen(choices: list[Choice], *segments: str, now: int = NOON) -> str | None:
    choice = choose("hero", choices, frozenset(segments), now=now).choice
    return None if choice is None else choice.slug


def test_published_row_is_read_whole():
    assert read_choices([PUBLISHED]) == {"hero": (PLAIN,)}


def test_row_that_was_published_before_there_were_kinds_is_content_and_promotes_nothing():
    choice = read_choices([PUBLISHED])["hero"][0]
    assert (choice.kind, choice.order_keys, choice.product_keys, choice.offer) == ("content", (), (), "")


def test_kind_and_keys_are_read_in_their_order():
    row = {**PUBLISHED, "kind": "order", "order_keys": ["b", "a"], "product_keys": ["p"]}
    assert read_choices([row]) == {"hero": (replace(PLAIN, kind="order", order_keys=("b", "a"), product_keys=("p",)),)}


def test_experience_goes_with_its_offer_and_one_without_stays():
    speaking = replace(PLAIN, slug="speaking", offer="welcome", priority=1)
    passed_over = Decision("hero", PLAIN, Reason.FITS, (Rejection("speaking", Reason.OFFER_OVER),))
    assert choose("hero", [speaking, PLAIN], frozenset(), now=NOON) == passed_over
    on = {"welcome"}.__contains__
    assert choose("hero", [speaking, PLAIN], frozenset(), now=NOON, offer_is_on=on).choice == speaking


def test_offer_is_asked_about_only_where_everything_else_fits():
    asked: list[str] = []
    others = [
        replace(PLAIN, slug="later", offer="later", starts_at=NOON + 1),
        replace(PLAIN, slug="members", offer="members", segments=("vip",)),
    ]
    choose("hero", [*others, replace(PLAIN, offer="on")], frozenset(), now=NOON, offer_is_on=asked.append)
    assert asked == ["on"]


def test_row_of_a_newer_format_is_left_out():
    assert read_choices([{**PUBLISHED, "format": 2}]) == {}


def test_experience_without_segments_is_for_everybody():
    assert choose("hero", [PLAIN], frozenset(), now=NOON) == Decision("hero", PLAIN, Reason.FITS)


def test_nothing_live_shows_the_default():
    assert choose("hero", [], frozenset(), now=NOON) == default_for("hero", Reason.NOTHING_LIVE)


def test_any_of_two_segments_is_enough():
    assert _chosen([replace(PLAIN, segments=("a", "b"))], "b") == "plain"


def test_none_of_two_segments_is_not():
    assert _chosen([replace(PLAIN, segments=("a", "b"))], "c") is None


def test_all_of_two_segments_needs_both():
    both = replace(PLAIN, segments=("a", "b"), needs_all=True)
    assert (_chosen([both], "a", "b"), _chosen([both], "a")) == ("plain", None)


def test_who_is_passed_over_is_named_with_the_reason():
    members = replace(PLAIN, slug="members", segments=("vip",), priority=1)
    decision = choose("hero", [members, PLAIN], frozenset(), now=NOON)
    assert decision == Decision("hero", PLAIN, Reason.FITS, (Rejection("members", Reason.SEGMENTS),))


def test_nobody_fits_shows_the_default_and_says_why():
    members = replace(PLAIN, slug="members", segments=("vip",))
    assert choose("hero", [members], frozenset(), now=NOON) == Decision(
        "hero", None, Reason.NOTHING_FITS, (Rejection("members", Reason.SEGMENTS),)
    )


@pytest.mark.parametrize(("now", "shown"), [(NOON - 1, None), (NOON, "plain"), (NOON + 9, "plain"), (NOON + 10, None)])
def test_schedule_holds_from_its_start_until_before_its_end(now, shown):
    timed = replace(PLAIN, starts_at=NOON, ends_at=NOON + 10)
    assert _chosen([timed], now=now) == shown


def _order(*rows: dict[str, object]) -> list[str]:
    return [choice.slug for choice in read_choices([{**PUBLISHED, **row} for row in rows])["hero"]]


def test_highest_priority_is_tried_first():
    assert _order({"slug": "low", "priority": 1}, {"slug": "high", "priority": 2}) == ["high", "low"]


def test_newest_is_tried_first_at_equal_priority():
    assert _order({"slug": "old"}, {"slug": "new", "created_at": NOON}) == ["new", "old"]


def test_slug_decides_when_all_else_is_equal():
    assert _order({"slug": "b"}, {"slug": "a"}) == ["a", "b"]


def test_only_segments_of_the_slot_are_asked_for():
    assert segments_asked([PLAIN, replace(PLAIN, segments=("a", "b")), replace(PLAIN, segments=("b",))]) == {
        "a",
        "b",
    }
