"""A segment's page: sentence, number, growth, use, versions with what changed; its members, and why they are."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment, SegmentSize
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse
from tests.admin.reading import Page, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands_still")]

LIST = "/admin/django_microseg/segment/"


@pytest.fixture
def buyers(happen, make_segment) -> Segment:
    """Ada is in it; a visitor without a name is not."""
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    happen("product_viewed", visitor="visitor-number-one", product_id="boot-1")
    return make_segment("buyers", 'count("order_completed", days=30) >= 1')


def _page(browser, segment: Segment, query: str = "") -> Page:
    address = reverse("admin:django_microseg_segment_change", args=[segment.pk])
    return read(browser.get(f"{address}{query}").text)


def test_sentence_comes_before_the_number_and_the_number_before_the_form(owner, buyers):
    words = _page(owner, buyers).words
    order = ["In it is somebody who", "1 members", "50.0 % of 2 people", "Name:", "Growth", "Used by", "History of the"]
    places = [words.index(each) for each in order]
    assert places == sorted(places)


def test_draft_says_that_nobody_is_in_it(owner, make_segment):
    words = _page(owner, make_segment("buyers", 'count("order_completed") >= 1', is_active=False)).words
    assert ("No rule is in force" in words, "members" in words.split("Growth")[0]) == (True, False)


def test_growth_says_the_answer_and_draws_it(owner, buyers):
    for days, size in ((30, 4), (29, 2)):
        day = timezone.localdate() - dt.timedelta(days=days)
        SegmentSize.objects.create(segment=buyers, day=day, size=size, joined=3, left=5, is_recomputed=True)
    page = _page(owner, buyers)
    assert "“Buyers” shrank by 75.0 % in 30 days, from 4 to 1" in page.words
    assert "3 joined, 5 left" in page.words  # what happened on the first day is in its size
    assert [tag.get("class") for tag in page.all("polyline")][-2:] == ["is-broken", None]
    assert len(page.all("rect")) == 4


def test_table_beneath_holds_every_figure_and_how_it_is_known(owner, buyers):
    today = timezone.localdate()
    SegmentSize.objects.create(
        segment=buyers, day=today - dt.timedelta(days=2), size=1234, joined=3, left=5, is_recomputed=True
    )
    words = _page(owner, buyers).words
    assert "1 0 0 put in force counted" in words
    assert "nobody counted" in words
    assert "1,234 3 5 recomputed" in words


def test_changed_rule_is_told_from_people(owner, buyers):
    day = timezone.localdate() - dt.timedelta(days=1)
    SegmentSize.objects.create(segment=buyers, day=day, size=7, by_rule=-30)
    SegmentSize.objects.create(segment=buyers, day=day - dt.timedelta(days=1), size=37)
    assert "7 0 0 \N{MINUS SIGN}30 counted" in _page(owner, buyers).words


def test_first_day_says_how_to_see_the_time_before(owner, buyers):
    words = _page(owner, buyers).words
    assert "Not counted for long enough to show how it grew" in words
    assert "manage.py microseg_refresh --past-days 30" in words


@pytest.mark.parametrize(("query", "days"), [("", 30), ("?days=30", 30), ("?days=90", 90), ("?days=7e9", 30)])
def test_period_is_thirty_or_ninety_days(owner, buyers, query, days):
    page = _page(owner, buyers, query)
    assert [tag["href"] for tag in page.all("a", aria_current="true")] == [f"?days={days}#growth"]


def test_uses_are_experiences_offers_and_segments_of_any_state(owner, buyers, make_segment):
    Experience.objects.create(slug="hero", name="Hero", slot="home-hero", segments=["other", "buyers"])
    Experience.objects.create(slug="else", name="Elsewhere", slot="home-hero", segments=["other"])
    make_segment("keen", 'segment("buyers") and count("order_completed") >= 2')
    make_segment("idle", 'segment("buyers")', is_active=False)
    make_segment("gone", 'segment("buyers")', is_active=False, state="archived")
    Offer.objects.create(slug="ten", name="Ten", headline="Ten", percent_hundredths=1000, segments=["buyers"])
    words = _page(owner, buyers).words
    used = ("Hero experience home-hero draft", "Ten offer draft", "Keen segment active", "Idle segment draft")
    assert [each in words for each in used] == [True, True, True, True]
    assert [each in words for each in ("Elsewhere", "Gone")] == [False, False]


def test_unused_segment_leads_to_a_new_experience_for_it(owner, staff, buyers):
    assert "/admin/django_microseg/experience/add/?segments=buyers" in _page(owner, buyers).addresses()
    viewer = _page(staff("view_segment"), buyers)
    assert "Nothing goes by this segment yet." in viewer.words
    assert not [each for each in viewer.addresses() if "/experience/add/" in each]


def test_version_shows_what_changed_since_the_one_before(owner, buyers):
    save_definition(buyers, to_json(parse('count("order_completed", days=60) >= 2')), now=timezone.now(), author="eve")
    activate([buyers], now=timezone.now())
    page = _page(owner, buyers)
    assert (len(page.all("ins")) >= 1, len(page.all("del")) >= 1, "eve" in page.words) == (True, True, True)


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("", ["ada", "visitor"]),
        ("?kind=customers", ["ada"]),
        ("?kind=visitors", ["visitor"]),
        ("?kind=x", ["ada", "visitor"]),
    ],
)
def test_members_are_filtered_by_kind(owner, buyers, make_segment, query, who):
    everybody = make_segment("everybody", 'count("order_completed") >= 0')
    page = read(owner.get(f"{LIST}{everybody.pk}/members/{query}").text)
    rows = [link for link in page.addresses() if "/profile/" in link and link.endswith("/change/")]
    assert (len(rows), "Why ada?" in page.words) == (len(who), "ada" in who)


def test_no_member_of_a_kind_is_said(owner, buyers):
    words = read(owner.get(f"{LIST}{buyers.pk}/members/?kind=visitors").text).words
    assert "None of the members is of this kind." in words


def test_pages_of_members_keep_the_kind(owner, make_segment, happen):
    segment = make_segment("viewers", 'count("page_viewed") >= 1')
    for number in range(51):
        happen("page_viewed", visitor=f"visitor-number-{number}", path="/")
    page = read(owner.get(f"{LIST}{segment.pk}/members/?kind=visitors").text)
    assert "?kind=visitors&p=2" in page.addresses()


@pytest.mark.parametrize("who", ["ada", " visitor-number-one "])
def test_anybody_can_be_explained_by_their_key(owner, buyers, who):
    response = owner.get(f"{LIST}{buyers.pk}/why/", {"who": who}, follow=True)
    assert response.redirect_chain[0][0].endswith("/explain/buyers/")
    assert ("is in it." in response.text, "is not in it." in response.text) == (who == "ada", who != "ada")


def test_unknown_key_is_said(owner, buyers):
    assert "Nobody has that key." in owner.get(f"{LIST}{buyers.pk}/why/", {"who": "nobody"}, follow=True).text


def test_whether_somebody_is_known_is_told_to_nobody_who_may_not_see_people(staff, buyers):
    viewer = staff("view_segment")
    answers = {viewer.get(f"{LIST}{buyers.pk}/why/", {"who": who}).status_code for who in ("ada", "nobody")}
    assert answers == {403}


# -- export


def _many(happen, number):
    for n in range(number):
        happen("product_viewed", customer=f"c{n}", product_id="boot-1")


def test_members_are_exported_as_csv_that_a_spreadsheet_may_open(owner, happen, make_segment, settings):
    settings.MICROSEG = {**settings.MICROSEG, "SMALLEST_EXPORT": 3}
    segment = make_segment("lookers", 'count("product_viewed") >= 1')
    happen("product_viewed", customer="=HYPERLINK(1)", product_id="boot-1")
    happen("product_viewed", visitor="visitor-number-one", product_id="boot-1")
    _many(happen, 2)
    answer = owner.get(f"/admin/django_microseg/segment/{segment.pk}/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="lookers.csv"'
    lines = answer.getvalue().decode().splitlines()
    assert lines[0] == "customer,profile,since"
    assert [line.split(",")[0] for line in lines[1:]] == ["'=HYPERLINK(1)", "", "c0", "c1"]
    assert LogEntry.objects.get().get_change_message() == "4 members exported"


def test_segment_so_small_that_it_points_at_somebody_is_not_exported(owner, happen, make_segment):
    segment = make_segment("lookers", 'count("product_viewed") >= 1')
    _many(happen, 9)
    answer = owner.get(f"/admin/django_microseg/segment/{segment.pk}/export/", follow=True)
    assert "Segments of fewer than 10 people are not exported" in answer.text
    assert not LogEntry.objects.exists()


def test_who_may_not_see_people_exports_none(staff, happen, make_segment, settings):
    settings.MICROSEG = {**settings.MICROSEG, "SMALLEST_EXPORT": 1}
    segment = make_segment("lookers", 'count("product_viewed") >= 1')
    _many(happen, 2)
    browser = staff("view_segment")
    assert browser.get(f"/admin/django_microseg/segment/{segment.pk}/export/").status_code == 403
    unseen = read(browser.get(f"/admin/django_microseg/segment/{segment.pk}/members/").text)
    assert ("2 members. Who they are" in unseen.words, "Export as CSV" in unseen.words) == (True, False)
    assert [each for each in unseen.addresses() if re.search(r"/profile/\d|/why/", each)] == []


def test_who_may_see_people_is_told_who_the_members_are(staff, happen, make_segment):
    segment = make_segment("lookers", 'count("product_viewed") >= 1')
    _many(happen, 2)
    browser = staff("view_segment", "view_profile")
    seen = read(browser.get(f"/admin/django_microseg/segment/{segment.pk}/members/").text)
    assert ("2 members, the latest first." in seen.words, "Export as CSV" in seen.words) == (True, True)
    assert len([each for each in seen.addresses() if re.search(r"/profile/\d+/change/", each)]) == 2
