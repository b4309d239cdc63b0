"""The command `microseg_explain`: why is a customer in a segment, or not?"""

from __future__ import annotations

import pytest

from django_microseg.profile.merge import merge_at_login
from django_microseg.segment.models import Segment
from tests.commands.console import refusal, say, say_json
from tests.commands.shop import NOW, fill, segment

pytestmark = pytest.mark.django_db

AS_OF = ("--now", "2026-03-01T12:00:00Z")


@pytest.fixture(autouse=True)
def shop() -> None:
    fill()
    segment("regulars", 'count("order_completed", days=90) >= 3')


def test_a_member_is_told_why_and_until_when() -> None:
    lines = say("microseg_explain", "anna", "regulars", *AS_OF).splitlines()
    assert lines[:2] == ["In “regulars”.", "The rule: bought at least 3 times in the last 90 days."]
    # The oldest of the three orders was 80 days before, so it leaves the window ten days from now.
    assert "Leaves, if nothing happens, at 2026-03-11 12:00:00 UTC." in lines


def test_a_stranger_is_told_the_smallest_change() -> None:
    found = say_json("microseg_explain", "cleo", "regulars", *AS_OF)
    assert (found["is_member"], found["conditions"][0]["actual"], found["conditions"][0]["needed"]) == (
        False, "1", "at least 3",
    )  # fmt: skip
    assert found["change"]["kind"] == "events"


def test_a_time_without_a_zone_is_the_shops() -> None:
    found = say_json("microseg_explain", "anna", "regulars", "--now", "2026-07-01T12:00")
    assert found["now"] == "2026-07-01T12:00:00+01:00"


def test_a_visitor_id_leads_to_the_customer_it_was_merged_into() -> None:
    merge_at_login("visitor-1", "anna", now=NOW)
    assert say_json("microseg_explain", "visitor-1", "regulars", *AS_OF)["is_member"] is True


@pytest.mark.parametrize(
    ("customer", "slug", "sentence"),
    [
        ("dora", "regulars", "Nobody is known as 'dora': give the key that orders name."),
        ("anna", "regular", "There is no segment 'regular'. Did you mean regulars?"),
        ("anna", "drafts", "The segment 'drafts' is not in force, so nobody is in it. Activate it first."),
    ],
)
def test_what_cannot_be_explained_ends_with_2(customer: str, slug: str, sentence: str) -> None:
    Segment.objects.create(slug="drafts", name="Drafts")
    assert refusal("microseg_explain", customer, slug) == (2, sentence)
