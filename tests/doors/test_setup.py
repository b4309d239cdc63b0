"""What a shop sets up from its own code: in force at once, found again by its slug, refused whole when it is wrong."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.segment import rulebook
from django_microseg.segment.errors import InvalidRule
from django_microseg.segment.models import Segment
from django_microseg.setup import NewSegment, add_experience, add_offer, add_segments

pytestmark = pytest.mark.django_db

BUYERS = NewSegment("buyers", "Buyers", 'count("order_completed") >= 1', "They bought.")
TEN = {"name": "Ten", "headline": "Ten per cent off", "percent_hundredths": 1000, "code": "TEN"}


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    rulebook.forget()


def test_segments_are_in_force_and_found_again() -> None:
    lookers = NewSegment("lookers", "Lookers", 'count("product_viewed") >= 1')
    assert add_segments(BUYERS) == ["buyers"]
    Segment.objects.update(name="Edited since")
    assert add_segments(BUYERS, lookers) == ["lookers"]
    rows = Segment.objects.order_by("slug").values_list("slug", "name", "description", "state")
    assert list(rows) == [("buyers", "Edited since", "They bought.", "active"), ("lookers", "Lookers", "", "active")]
    assert [version.author for version in Segment.objects.get(slug="buyers").versions.all()] == ["code"]


def test_rule_that_cannot_be_read_writes_nothing() -> None:
    with pytest.raises(InvalidRule):
        add_segments(BUYERS, NewSegment("wrong", "Wrong", "count(order"))
    assert not Segment.objects.exists()


def test_slug_that_is_none_writes_nothing() -> None:
    with pytest.raises(ValidationError):
        add_segments(BUYERS, NewSegment("no slug", "Wrong", BUYERS.rule))
    assert not Segment.objects.exists()


def test_experience_is_shown_on_the_next_page_and_not_made_twice(client: Client) -> None:
    assert add_experience("hello", slot="home-hero", content_html="<h1>Hello from code</h1>")
    assert "Hello from code" in client.get("/").text
    assert not add_experience("hello", slot="home-hero", content_html="<h1>Something else</h1>")
    assert "Something else" not in client.get("/").text


def test_experience_with_nothing_to_show_is_refused() -> None:
    with pytest.raises(ValidationError):
        add_experience("empty", slot="home-hero")
    assert not Experience.objects.exists()


def test_offer_is_live_and_not_made_twice() -> None:
    assert (add_offer("ten", **TEN), add_offer("ten", **TEN)) == (True, False)
    assert list(Offer.objects.values_list("slug", "state")) == [("ten", "live")]


def test_offer_that_takes_nothing_off_is_refused() -> None:
    with pytest.raises(ValidationError):
        add_offer("none", **{**TEN, "percent_hundredths": 0})
    assert not Offer.objects.exists()
