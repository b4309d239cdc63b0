"""The guided start: from a goal to segments, a draft in one slot, and a day to look again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.start.goals import GOALS
from django_microseg.decide.start.known_slots import content_slots
from django_microseg.segment.models import Publication, Segment
from django_microseg.segment.patience import Patience, TooMuch
from django_microseg.segment.presets import PRESETS
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/experience/"
START = f"{LIST}start/"
PLACE = f"{START}?goal=thank-best&segment=vip&segment=regular-buyers"
GIVEN = {
    "name": "Thanks",
    "slot": "home-hero",
    "other_slot": "",
    "content_html": "<p>Thank you.</p>",
    "starts_on": "2026-03-01",
    "ends_on": "2026-03-28",
}


def _post(browser: Any, **changed: str) -> Any:
    return browser.post(PLACE, {**GIVEN, **changed}, follow=True)


def test_it_begins_with_the_goals(owner: Any) -> None:
    page = read(owner.get(START).text)
    assert [f"?goal={key}" in page.addresses() for key in GOALS] == [True] * 5
    assert "What do you want first?" in page.words


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_offers_ready_made_segments_there_are(owner: Any, goal: str) -> None:
    page = read(owner.get(f"{START}?goal={goal}").text)
    boxes = [tag["value"] for tag in page.all("input", name="segment")]
    assert boxes == list(GOALS[goal].presets)
    assert set(boxes) <= PRESETS.keys()
    assert 2 <= len(boxes) <= 3


def test_segments_come_with_their_sentence_and_size_on_the_shops_own_data(owner: Any, happen: Any) -> None:
    for number in range(5):
        happen("order_completed", customer="ada", order_id=f"A-{number}", revenue="20", currency="GBP")
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    words = read(owner.get(f"{START}?goal=thank-best").text).words
    assert (
        "Regular buyers Somebody who bought at least 5 times in the last 180 days. 1 person new: it will be added"
        in words
    )
    assert not Segment.objects.exists()


def test_too_much_to_count_is_said_and_keeps_nobody_from_going_on(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address, said = f"{START}?goal=thank-best", "There is too much to count just now"
    assert said not in owner.get(address).text
    monkeypatch.setattr(Patience, "go_on", _give_up)
    page = read(owner.get(address).text)
    assert page.words.count(said) == len(page.all("input", name="segment")) == len(GOALS["thank-best"].presets)


def _give_up(patience: Patience) -> None:
    raise TooMuch


def test_segment_that_is_there_is_shown_as_the_shop_has_it(owner: Any, make_segment: Any) -> None:
    make_segment("vip", "everyone()", name="Our VIPs")
    make_segment("regular-buyers", "everyone()", is_active=False)
    words = read(owner.get(f"{START}?goal=thank-best").text).words
    assert "Our VIPs" in words
    assert "you have it already" in words
    assert "It is not in force, so nobody is in it: draft." in words


def test_without_a_segment_it_goes_no_further(owner: Any) -> None:
    assert "Choose at least one segment" in owner.get(f"{START}?goal=thank-best&next=1").text
    assert "Choose at least one segment" in owner.get(f"{START}?goal=thank-best&segment=nope").text
    assert "Choose at least one segment" not in owner.get(f"{START}?goal=thank-best").text


def test_last_step_says_honestly_that_nobody_is_held_out_and_leads_back(owner: Any) -> None:
    page = read(owner.get(PLACE).text)
    assert "Experiences have no held-out part yet" in page.words
    assert f"{START}?goal=thank-best" in page.addresses()
    assert not Segment.objects.exists()


def test_it_makes_the_segments_and_a_draft_and_says_when_to_look_again(owner: Any) -> None:
    page = read(_post(owner).text)
    made = Experience.objects.get()
    assert (made.slug, made.slot, made.state, made.segments) == (
        "thanks",
        "home-hero",
        "draft",
        ["vip", "regular-buyers"],
    )
    assert made.starts_at == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert made.ends_at == dt.datetime(2026, 3, 29, tzinfo=dt.UTC)
    assert dict(Segment.objects.values_list("slug", "state")) == {"vip": "active", "regular-buyers": "active"}
    assert "Look again on 2026-03-15" in page.words
    assert "New segment, in force: Regular buyers" in page.words
    assert f"{LIST}{made.pk}/change/" in page.addresses()
    assert Publication.objects.get().experiences == []  # nobody sees a draft


@pytest.fixture
def _asks_for_approval(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "APPROVAL": True}


@pytest.mark.usefixtures("_asks_for_approval")
def test_where_approval_is_asked_for_new_segments_wait_for_somebody_else(owner: Any, make_segment: Any) -> None:
    make_segment("vip", "everyone()")
    assert "New segments are drafts: somebody other than you has to approve them" in read(owner.get(PLACE).text).words
    words = read(_post(owner).text).words
    assert dict(Segment.objects.values_list("slug", "state")) == {"vip": "active", "regular-buyers": "draft"}
    new = Segment.objects.get(slug="regular-buyers").versions.get()
    assert (new.author, new.approved_by, new.state) == (owner.get(LIST).wsgi_request.user.get_username(), "", "draft")
    assert "a draft that somebody other than you has to approve before it is put in force: Regular buyers" in words
    assert "Segment that you had: Vip" in words


def test_without_the_setting_nobody_has_to_approve(owner: Any) -> None:
    words = read(owner.get(PLACE).text).words + read(_post(owner).text).words
    assert ("approve" in words, "New segment, in force: Regular buyers" in words) == (False, True)
    assert set(Segment.objects.values_list("state", flat=True)) == {"active"}


@pytest.mark.usefixtures("_asks_for_approval")
def test_what_is_there_needs_no_approval(owner: Any, make_segment: Any) -> None:
    for slug in ("vip", "regular-buyers"):
        make_segment(slug, "everyone()")
    assert "New segments are drafts" not in read(owner.get(PLACE).text).words


def test_segment_that_is_there_stays_as_it_is(owner: Any, make_segment: Any) -> None:
    vip = make_segment("vip", "everyone()")
    words = read(_post(owner).text).words
    assert vip.versions.count() == 1
    assert "Segment that you had: Vip" in words


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"name": ""}, "This field is required."),
        ({"slot": "", "other_slot": ""}, "Choose a slot, or name one"),
        ({"slot": "", "other_slot": "no slug!"}, "Enter a valid"),
        ({"content_html": ""}, "Say what they see there."),
        ({"ends_on": "2026-02-01"}, "It ends before it begins."),
        ({"starts_on": "soon"}, "Enter a valid date."),
    ],
)
def test_mistake_is_said_and_nothing_is_made(owner: Any, changed: dict[str, str], complaint: str) -> None:
    assert complaint in read(_post(owner, **changed).text).words
    assert (Experience.objects.count(), Segment.objects.count()) == (0, 0)


def test_second_one_of_the_same_name_has_a_name_of_its_own_for_templates(owner: Any) -> None:
    _post(owner)
    _post(owner, slot="", other_slot="footer-strip")
    assert list(Experience.objects.order_by("pk").values_list("slug", "slot")) == [
        ("thanks", "home-hero"),
        ("thanks-2", "footer-strip"),
    ]


def test_slots_are_those_of_the_shops_templates_and_of_its_experiences() -> None:
    Experience.objects.create(slug="a", name="A", slot="only-here")
    Experience.objects.create(slug="b", name="B", slot="an-order", kind="order")
    slots = content_slots()
    assert ("home-hero" in slots, "only-here" in slots, "an-order" in slots) == (True, True, False)


def test_shop_at_its_beginning_is_shown_the_way_and_one_further_on_is_not(owner: Any, staff: Any) -> None:
    assert "There is no experience yet" in owner.get(LIST).text
    for number in range(3):
        Experience.objects.create(slug=f"e{number}", name="E", slot="home-hero", state="live", content_html="x")
    page = owner.get(LIST).text
    assert ("Fewer than three" in page, START in page) == (False, True)
    assert START not in staff("view_experience").get(LIST).text


def test_whoever_may_not_add_experiences_is_refused(staff: Any) -> None:
    assert staff("view_experience", "change_experience").get(START).status_code == 403
    assert staff("add_experience").get(START).status_code == 200


def test_whoever_may_not_add_segments_uses_those_that_are_there(staff: Any, make_segment: Any) -> None:
    make_segment("vip", "everyone()")
    browser = staff("add_experience", "view_experience")
    page = read(browser.get(f"{START}?goal=thank-best").text)
    assert [tag["value"] for tag in page.all("input", name="segment")] == ["vip"]
    assert _post(browser).status_code == 403
    assert (Experience.objects.count(), Segment.objects.count()) == (0, 1)
    assert browser.post(f"{START}?goal=thank-best&segment=vip", GIVEN).status_code == 302


@pytest.mark.parametrize("query", ["?goal=nope", "?goal=thank-best&made=x", "?goal=thank-best&made=99"])
def test_address_that_leads_nowhere_begins_anew(owner: Any, query: str) -> None:
    assert "What do you want first?" in owner.get(f"{START}{query}", follow=True).text


@pytest.mark.parametrize("made", ["²", "9" * 30, "9" * 5000])
def test_id_that_no_table_could_have_given_begins_anew(owner: Any, made: str) -> None:
    assert owner.get(START, {"goal": "thank-best", "made": made}).url == START


def test_looking_makes_nothing_and_pages_keep_to_a_strict_policy(owner: Any) -> None:
    pages = [read(owner.get(address).text) for address in (START, f"{START}?goal=thank-best", PLACE)]
    assert [page.refused for page in pages] == [[], [], []]
    assert (Experience.objects.count(), Segment.objects.count()) == (0, 0)
    assert pages[2].all("option", value="home-hero")[0].get("selected") is not None
    assert pages[2].all("input", name="starts_on")[0]["value"] == str(timezone.localdate())
