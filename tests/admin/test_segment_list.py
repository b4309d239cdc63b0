"""The list of segments: sizes with their share, trends in words and as a line, use, empty states, and few queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.decide.offers.publish import save_offer
from django_microseg.decide.publish import save_experience
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment, SegmentSize, SegmentVersion
from django_microseg.segment.publication import publish_ruleset
from django_microseg.segment.text import parse
from tests.admin.reading import Page, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands_still")]

LIST = "/admin/django_microseg/segment/"
BUYERS = 'count("order_completed", days=180) >= 2'


@pytest.fixture
def customers(happen):
    """Ada ordered twice, Bea once; somebody without a name looked."""
    for order in ("A-1", "A-2"):
        happen("order_completed", customer="ada", order_id=order, revenue="20", currency="GBP")
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")
    happen("product_viewed", visitor="visitor-number-one", product_id="boot-1")


def _page(owner, query: str = "") -> Page:
    return read(owner.get(f"{LIST}{query}").text)


def _days_ago(segment: Segment, **sizes: int) -> None:
    """Sizes of past days, by how many days ago: ``_29=4``."""
    today = timezone.localdate()
    for name, size in sizes.items():
        SegmentSize.objects.create(segment=segment, day=today - dt.timedelta(days=int(name[1:])), size=size)


def test_size_stands_with_its_share_and_who_they_are(owner, customers, make_segment):
    make_segment("buyers", 'count("order_completed") >= 1')
    make_segment("all", 'count("order_completed") >= 0')
    words = _page(owner).words
    assert "2 66.7 % all of them customers" in words
    assert "3 100.0 % 2 customers 1 visitor" in words


def test_what_was_never_counted_is_no_number(owner, make_segment):
    make_segment("drafted", BUYERS, is_active=False)
    Segment.objects.create(slug="odd", name="Odd", state="active")
    words = _page(owner).words
    assert ("nobody: not in force" in words, "not counted yet" in words) == (True, True)


def test_size_of_nobody_is_a_number(owner, make_segment):
    make_segment("buyers", BUYERS)
    assert read(owner.get(LIST).text).all("span", class_="microseg-size") == [{"class": "microseg-size"}]
    assert "not counted yet" not in _page(owner).words


@pytest.mark.parametrize(
    ("past", "words"),
    [
        ({"_30": 1}, "+1 in 30 days"),
        ({"_30": 14}, "\N{MINUS SIGN}12 in 30 days"),
        ({"_30": 2}, "no change in 30 days"),
        ({"_9": 1, "_4": 7}, "+1 in 9 days"),
        ({"_31": 1}, "first counted"),
        ({}, "first counted"),
    ],
)
def test_trend_is_said_in_words(owner, customers, make_segment, past, words):
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    _days_ago(segment, **past)
    assert words in _page(owner).words


def test_trend_is_drawn_with_a_text_for_those_who_do_not_see_it(owner, customers, make_segment):
    _days_ago(make_segment("buyers", 'count("order_completed") >= 1'), _30=1, _20=1200)
    drawing = _page(owner).all("svg", class_="microseg-spark")
    assert [each["aria-label"] for each in drawing] == ["members by day: from 1 to 2, lowest 1, highest 1,200"]


def test_use_is_counted_and_filtered(owner, make_segment):
    make_segment("buyers", BUYERS)
    make_segment("keen", 'segment("buyers")')
    hero = Experience(slug="hero", name="Hero", slot="home-hero", state="live", content_html="x", segments=["buyers"])
    save_experience(hero, now=timezone.now())
    found = _page(owner).words
    assert ("1 experience, 1 segment" in found, "nothing" in found) == (True, True)
    rows = {use: owner.get(LIST, {"in_use": use}).context["cl"].result_list for use in ("yes", "no")}
    assert {use: [row.slug for row in found] for use, found in rows.items()} == {"yes": ["buyers"], "no": ["keen"]}


def test_live_offer_uses_a_segment_and_a_paused_one_does_not(owner, make_segment):
    for slug, state in (("given", "live"), ("kept", "paused")):
        make_segment(slug, BUYERS)
        save_offer(
            Offer(slug=slug, name=slug, headline="Ten off", percent_hundredths=1000, segments=[slug], state=state),
            now=timezone.now(),
        )
    page = _page(owner, "?in_use=yes").words
    assert ("Given" in page, "1 offer" in page, "Kept" in page) == (True, True, False)


def test_nonsense_in_the_filter_of_use_shows_all(owner, make_segment):
    make_segment("buyers", BUYERS)
    assert "Buyers" in _page(owner, "?in_use=maybe").words


@pytest.mark.parametrize("term", ["slug-word", "name-word", "description-word"])
def test_search_finds_by_slug_name_and_description(owner, make_segment, term):
    make_segment("slug-word", BUYERS, name="name-word", description="description-word")
    make_segment("other", BUYERS)
    found = owner.get(LIST, {"q": term}).context["cl"].result_list
    assert [segment.slug for segment in found] == ["slug-word"]


def test_link_leads_back_to_the_filtered_list(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    addresses = _page(owner, "?state__exact=active").addresses()
    assert f"{LIST}{segment.pk}/change/?_changelist_filters=state__exact%3Dactive" in addresses


def test_without_any_segment_one_button_adds_the_ready_made_ones(owner, customers):
    page = _page(owner)
    assert "There is no segment yet, so the shop treats everybody alike." in page.words
    button = page.all("button", formaction=f"{LIST}presets/")
    chosen = [tag["value"] for tag in page.all("input", name="preset", type="hidden")]
    assert (len(button), len(chosen)) == (1, 15)
    words = read(owner.post(f"{LIST}presets/", {"preset": chosen}, follow=True).text).words
    assert "15 segments added and put in force." in words
    assert Segment.objects.filter(state="active").count() == 15


def test_who_may_only_look_is_told_whom_to_ask(staff):
    page = read(staff("view_segment").get(LIST).text)
    assert ("Ask somebody who may add segments." in page.words, page.all("button", formaction=f"{LIST}presets/")) == (
        True,
        [],
    )


def test_search_without_a_match_is_no_empty_shop(owner):
    assert "There is no segment yet" not in _page(owner, "?q=nothing").words


@pytest.fixture
def two_thousand() -> None:
    """Segments in force, each with 31 days of sizes."""
    now, today = timezone.now(), timezone.localdate()
    segments = Segment.objects.bulk_create(
        Segment(
            slug=f"s-{n}", name=f"S {n}", state="active", size=n, folder=f"F{n % 40} / {n % 400}", tags=f",t{n % 90},"
        )
        for n in range(2000)
    )
    rules = [to_json(parse(f'count("order_completed", days={n % 300 + 1}) >= {n % 7 + 1}')) for n in range(2000)]
    versions = SegmentVersion.objects.bulk_create(
        SegmentVersion(segment=segment, number=1, rule=rule, state="live", created_at=now, live_from=now)
        for segment, rule in zip(segments, rules, strict=True)
    )
    for segment, version in zip(segments, versions, strict=True):
        segment.live_version = version
    Segment.objects.bulk_update(segments, ["live_version"], batch_size=500)
    SegmentSize.objects.bulk_create(
        SegmentSize(segment=segment, day=today - dt.timedelta(days=n), size=n)
        for segment in segments
        for n in range(31)
    )
    publish_ruleset(now)


@pytest.mark.slow
def test_two_thousand_segments_take_nine_queries(staff, two_thousand):
    viewer = staff("view_segment")
    viewer.get(LIST)
    taken = {}
    queries_of = (
        "", "?q=s-12", "?in_use=no&state__exact=active", "?in_use=yes", "?p=30", "?o=-2", "?o=-3", "?folder=F7",
        "?tag=t7", "?folder=F7&tag=t7&q=S&state__exact=active&in_use=no&o=-3",
    )  # fmt: skip
    for query in queries_of:
        with CaptureQueriesContext(connection) as queries:
            assert viewer.get(f"{LIST}{query}").status_code == 200
        taken[query] = len(queries)
    assert max(taken.values()) <= 9, taken


@pytest.mark.slow
def test_form_among_two_thousand_lists_none_of_them(owner, two_thousand, django_assert_max_num_queries):
    address = f"{LIST}{Segment.objects.get(slug='s-7').pk}/change/"
    owner.get(address)
    with django_assert_max_num_queries(20):
        page = owner.get(address).text
    assert (page.count("<option"), len(page) < 120_000) == (102, True)


@pytest.mark.parametrize("query", ["", "?q=buy", "?in_use=no"])
def test_more_segments_take_no_more_queries(owner, customers, make_segment, query, django_assert_max_num_queries):
    make_segment("buyers-0", BUYERS)
    owner.get(LIST)
    with CaptureQueriesContext(connection) as few:
        owner.get(f"{LIST}{query}")
    most = min(len(few), 10)
    for number in range(1, 15):
        make_segment(f"buyers-{number}", BUYERS, is_active=number % 2 == 0)
    owner.get(LIST)
    with django_assert_max_num_queries(most):
        owner.get(f"{LIST}{query}")
