"""The address that the rule's form asks while somebody writes."""

from __future__ import annotations

from typing import Any

import pytest

from django_microseg.profile.models import Profile
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.patience import Overtaken, Patience, TooMuch

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/django_microseg/segment/preview/"
BUYERS = 'count("order_completed") >= 1'


@pytest.fixture(autouse=True)
def _people(happen: Any) -> None:
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    happen("product_viewed", visitor="visitor-number-one", product_id="boot-1")


def _ask(browser: Any, text: str, **more: str) -> Any:
    return browser.post(PREVIEW, {"rule_text": text, **more})


def test_answer_says_how_many_who_and_how_they_buy(owner: Any) -> None:
    said = _ask(owner, BUYERS).json()
    assert said["sentence"] == "In it is somebody who bought at least once."
    assert said["lines"] == [
        "1 person, 50.0 % of 2",
        "all of them customers",
        "100.0 % have ordered (of all 50.0 %), 20.00 GBP an order (of all 20.00 GBP)",
    ]
    assert [person["name"] for person in said["people"]] == ["ada"]
    assert (Segment.objects.count(), SegmentVersion.objects.count()) == (0, 0)


def test_mistake_is_pointed_at(owner: Any) -> None:
    (error,) = _ask(owner, 'count("order_complete") >= 1').json()["errors"]
    assert "Did you mean" in error["text"]
    assert "^" in error["excerpt"]
    assert _ask(owner, " ").json() == {"lines": [], "errors": []}


def test_longer_text_than_can_be_saved_is_refused_and_not_cut_short(owner: Any) -> None:
    rest = 'or count("order_completed") >= 1'
    longest = f"everyone() {rest:>19989}"
    assert _ask(owner, longest).json()["lines"][0] == "2 people: everybody there is"
    (error,) = _ask(owner, longest.replace(" or ", "  or ")).json()["errors"]
    assert error["text"].startswith("The rule has 20,001 characters, more than 20,000. Split it")


def test_people_are_named_to_whoever_may_see_them_and_nobody_else_asks(staff: Any) -> None:
    assert _ask(staff("view_segment", "change_segment"), BUYERS).json()["people"] == []
    assert _ask(staff("view_segment"), BUYERS).status_code == 403
    assert staff("view_segment", "change_segment").get(PREVIEW).status_code == 403


def test_form_brings_the_script_and_the_place_for_whoever_writes_rules(
    owner: Any, staff: Any, make_segment: Any
) -> None:
    segment = make_segment("buyers", BUYERS)
    for page in (f"/admin/django_microseg/segment/{segment.pk}/change/", "/admin/django_microseg/segment/add/"):
        assert f'data-url="{PREVIEW}"' in owner.get(page).text
        assert "admin_rule.js" in owner.get(page).text
    assert "admin_rule.js" not in staff("view_segment").get(f"/admin/django_microseg/segment/{segment.pk}/change/").text


def test_change_close_by_is_said_and_comes_as_the_rule_that_it_makes(owner: Any) -> None:
    near = _ask(owner, 'count("order_completed") >= 2 and count("product_viewed") == 0').json()["near"]
    assert near == [
        {
            "text": "One more order brings 1 person: bought at least once",
            "rule": 'count("order_completed") >= 1 and count("product_viewed") == 0',
            "take": "Take it over",
        },
        {
            "text": "This alone keeps 1 person out: bought at least 2 times",
            "rule": 'count("product_viewed") == 0',
            "take": "Leave it out",
        },
    ]


def test_overlap_is_said_from_both_sides_for_a_name_or_slug(owner: Any, make_segment: Any) -> None:
    make_segment("viewers", 'count("product_viewed") >= 1', name="Who looked")
    make_segment("all", "everyone()")
    assert _ask(owner, BUYERS).json()["overlap"] == []
    assert _ask(owner, BUYERS, overlap="all").json()["overlap"] == [
        "1 is in “All” too",
        "That is 100.0 % of those whom this rule finds, and 50.0 % of “All”.",
    ]
    assert _ask(owner, BUYERS, overlap="Who looked").json()["overlap"][0] == "0 are in “Who looked” too"
    assert _ask(owner, BUYERS, overlap="nothing").json()["overlap"] == [
        "No segment in force has that name or slug. Choose one of the list."
    ]


def test_segments_to_compare_with_are_found_by_a_part_of_their_name(owner: Any, staff: Any, make_segment: Any) -> None:
    make_segment("viewers", "everyone()", name="Who looked")
    make_segment("draft-looked", "everyone()", is_active=False)
    url = PREVIEW.replace("preview/", "preview-segments/")
    assert owner.get(url, {"q": "LOOK"}).json() == {"segments": [{"slug": "viewers", "name": "Who looked"}]}
    assert staff("view_segment").get(url).status_code == 403


def test_rule_of_nobody_of_everybody_and_of_the_moment_says_so(owner: Any) -> None:
    assert _ask(owner, "nobody()").json()["lines"] == ["Nobody, of 2 people"]
    assert _ask(owner, "everyone()").json()["lines"][0] == "2 people: everybody there is"
    assert _ask(owner, "context.hour >= 8").json()["lines"] == [
        "Nobody, of 2 people",
        "More at the right moment: the rule asks for something that is known only while somebody is here.",
    ]


def test_shop_without_people_is_told_what_is_missing(owner: Any) -> None:
    Profile.objects.all().delete()
    lines = ["Nobody is known yet, so there is nobody to count. Figures come with the first visitor or order."]
    assert _ask(owner, "everyone()").json()["lines"] == lines


def test_too_much_to_count_is_said_and_an_overtaken_preview_says_nothing(
    owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Patience, "go_on", _raises(TooMuch))
    answer = _ask(owner, BUYERS)
    assert answer.status_code == 200
    assert answer.json()["lines"][0].startswith("There is too much to count just now.")
    monkeypatch.setattr(Patience, "go_on", _raises(Overtaken))
    assert _ask(owner, BUYERS).json() == {"lines": [], "errors": [], "is_overtaken": True}


def _raises(kind: type[Exception]) -> Any:
    def go_on(patience: Patience) -> None:
        raise kind

    return go_on
