"""Profile, flow and past moment of a segment: what they say, to whom, and in how few statements."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from django_microseg.segment.models import MembershipChange, Segment, SegmentSize, SegmentVersion
from tests.admin.reading import Page, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands_still")]
BUYERS = 'count("order_completed", days=30) >= 1'
PAGES = ("portrait", "flow", "as_of")


def _url(segment: Segment, name: str) -> str:
    return reverse(f"admin:django_microseg_segment_{name}", args=[segment.pk])


def _page(browser, segment: Segment, name: str, query: str = "") -> Page:
    page = read(browser.get(_url(segment, name) + query).text)
    assert page.refused == []
    return page


@pytest.fixture
def buyers(happen, make_segment) -> Segment:
    """40 who bought on a phone, 40 who looked on a desktop."""
    for number in range(40):
        happen(
            "order_completed", customer=f"buyer-{number}", device="mobile", order_id=f"A-{number}", revenue="20",
            currency="GBP",
        )  # fmt: skip
        happen("product_viewed", visitor=f"visitor-number-{number:04}", device="desktop", product_id="boot-1")
    return make_segment("buyers", BUYERS)


@pytest.fixture
def shown_for_long(buyers) -> Segment:
    """As if the rule had been in force, and everybody in it, for twenty days."""
    long_ago = timezone.now() - dt.timedelta(days=20)
    SegmentVersion.objects.filter(segment=buyers).update(live_from=long_ago)
    MembershipChange.objects.filter(segment=buyers).update(changed_at=long_ago)
    return buyers


def test_profile_says_what_is_most_telling_and_what_the_rule_asks_for(owner, buyers):
    words = _page(owner, buyers, "portrait").words
    assert "known by name" in words.split("Most telling:")[1][:60]
    assert "device: mobile 100.0 % of 40 0.0 % of 40 only here" in words
    assert "as good as certain" in words
    assert "so they are no news: has ordered." in words
    assert "members: all 40; everybody else: all 40" in words
    assert "too small to act on" in words


def test_profile_of_a_draft_says_what_is_missing(owner, make_segment):
    words = _page(owner, make_segment("draft", BUYERS, is_active=False), "portrait").words
    assert "No rule is in force" in words
    assert "Compare with" not in words


def test_profile_of_too_few_says_so_and_draws_nothing(owner, happen, make_segment):
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    page = _page(owner, make_segment("buyers", BUYERS), "portrait")
    assert "Nothing but the rule sets them apart for sure" in page.words
    assert "Fewer than 30 people on one side" in page.words
    assert page.all("figure") == []


def test_profile_compares_with_another_segment_and_nonsense_means_everybody(owner, buyers, make_segment):
    make_segment("lookers", 'count("product_viewed") >= 1')
    assert "Lookers: all 40" in _page(owner, buyers, "portrait", "?base=lookers").words
    assert "everybody else: all 40" in _page(owner, buyers, "portrait", "?base=nobody").words


def test_flow_says_who_came_and_leaves_out_what_the_rule_brought(owner, buyers):
    assert "Nobody joined or left within the last 30 days" in _page(owner, buyers, "flow").words
    fans = Segment.objects.create(slug="fans", name="Fans", state="active")
    now = timezone.now()
    MembershipChange.objects.filter(segment=buyers).update(cause="event")
    who = MembershipChange.objects.filter(segment=buyers).first().profile
    MembershipChange.objects.create(profile=who, segment=fans, is_entry=False, changed_at=now, cause="event")
    page = _page(owner, buyers, "flow", "?days=7")
    assert "Of all segments, “Fans” sent the most people to “Buyers”: 1 in 7 days" in page.words
    assert "Fans 1 0 0 0 (none) 39 0" in page.words
    assert "40 joined, 0 left" in page.words


def test_past_moment_gives_both_answers(owner, shown_for_long):
    at = timezone.localtime() - dt.timedelta(days=10)
    words = _page(owner, shown_for_long, "as_of", f"?at={at:%Y-%m-%dT%H:%M}").words
    assert f"40 people were in it on {at:%Y-%m-%d %H:%M}" in words
    assert "By the rule of now 0 of 0 people who were known" in words
    assert "Only shown then 40" in words
    assert "page 1 of" not in words
    assert "buyer-39 customer" in words


def test_before_the_log_only_the_rule_of_now_answers(owner, buyers):
    at = timezone.localtime() - dt.timedelta(days=10)
    words = _page(owner, buyers, "as_of", f"?at={at:%Y-%m-%dT%H:%M}").words
    assert "Nobody can tell who was shown" in words
    assert "Only shown then" not in words
    assert "By the rule of now 0 of 0 people" in words


def test_what_was_counted_on_the_day_stays_after_an_erasure(owner, shown_for_long):
    at = timezone.localtime() - dt.timedelta(days=10)
    SegmentSize.objects.create(segment=shown_for_long, day=at.date(), size=43)
    words = _page(owner, shown_for_long, "as_of", f"?at={at:%Y-%m-%dT%H:%M}").words
    assert "Counted at the end of that day: 43." in words


@pytest.mark.parametrize("text", ["nonsense", "2026-02-30T12:00", "9999-01-01T12:00"])
def test_what_is_no_past_moment_is_said(owner, buyers, text):
    words = _page(owner, buyers, "as_of", f"?at={text}").words
    assert "That is no moment of the past" in words
    assert "Two answers" not in words


def test_names_are_for_whoever_may_see_people(staff, shown_for_long):
    at = timezone.localtime() - dt.timedelta(days=1)
    query = f"?at={at:%Y-%m-%dT%H:%M}"
    without = _page(staff("view_segment"), shown_for_long, "as_of", query).words
    assert ("40 people were in it" in without, "buyer-1" in without) == (True, False)
    assert "buyer-1" in _page(staff("view_segment", "view_profile"), shown_for_long, "as_of", query).words


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_view_segments_sees_no_page(staff, buyers, name):
    assert staff("view_profile").get(_url(buyers, name)).status_code == 403
    assert staff("view_segment").get(_url(buyers, name)).status_code == 200


@pytest.mark.parametrize("name", ["change", "members", *PAGES])
def test_every_page_leads_to_the_others(owner, buyers, name):
    addresses = set(_page(owner, buyers, name).addresses())
    assert {_url(buyers, each) for each in ("change", "members", *PAGES)} <= addresses


@pytest.mark.parametrize(("name", "most"), [("portrait", 18), ("flow", 12), ("as_of", 18)])
def test_statements_do_not_grow_with_segments(owner, buyers, make_segment, name, most, django_assert_max_num_queries):
    at = timezone.localtime() - dt.timedelta(minutes=5)
    address = _url(buyers, name) + f"?at={at:%Y-%m-%dT%H:%M}"
    owner.get(address)
    with django_assert_max_num_queries(most) as few:
        owner.get(address)
    for number in range(8):
        make_segment(f"s{number}", f'count("order_completed", days={31 + number}) >= 1')
    owner.get(address)
    with django_assert_max_num_queries(most) as many:
        owner.get(address)
    assert len(many) <= len(few)
