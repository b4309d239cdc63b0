"""Segments in the admin: the rule as text, its sentence, versions, members. A saved rule is a draft to decide on."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_microseg.segment.models import Segment
from tests.admin.deciding import change_url, decide, difference_url, members_of

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/segment/"
BUYERS = 'count("order_completed", days=180) >= 2'


def _form(**changes: str) -> dict[str, str]:
    return {
        "name": "Buyers",
        "slug": "buyers",
        "description": "",
        "rule_text": BUYERS,
        "note": "",
        "state": "active",
        **changes,
    }


@pytest.fixture
def customers(happen):
    """Ada ordered twice, Bea once."""
    for order in ("A-1", "A-2"):
        happen("order_completed", customer="ada", order_id=order, revenue="20", currency="GBP")
    happen("order_completed", customer="bea", order_id="B-1", revenue="20", currency="GBP")


def test_new_segment_is_put_in_force_with_its_members(owner, customers):
    owner.post(f"{LIST}add/", _form())
    segment = Segment.objects.get()
    assert (segment.state, segment.live_version, members_of(segment)) == ("draft", None, set())
    response = decide(owner, segment)
    segment.refresh_from_db()
    assert (segment.state, segment.size, members_of(segment)) == ("active", 1, {"ada"})
    assert "The rule is in force: 1 came in, 0 left." in response.text


def test_draft_has_no_members(owner, customers):
    owner.post(f"{LIST}add/", _form(state="draft"))
    segment = Segment.objects.get()
    assert (segment.state, segment.live_version, members_of(segment)) == ("draft", None, set())


def test_changed_rule_becomes_a_new_version_with_author_and_note(owner, customers, make_segment):
    segment = make_segment("buyers", BUYERS)
    owner.post(change_url(segment), _form(rule_text='count("order_completed") >= 1', note="wider"))
    assert members_of(segment) == {"ada"}
    decide(owner, segment)
    segment.refresh_from_db()
    newest = segment.versions.latest("number")
    assert (newest.number, newest.author, newest.note, newest.state) == (2, "user-0", "wider", "live")
    assert (segment.live_version, members_of(segment)) == (newest, {"ada", "bea"})


def test_same_rule_written_otherwise_is_no_new_version(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    owner.post(change_url(segment), _form(rule_text='  count( "order_completed",  days = 180 )>=2 ', name="Renamed"))
    segment.refresh_from_db()
    assert (segment.versions.count(), segment.name) == (1, "Renamed")


def test_pausing_takes_everybody_out_and_activating_brings_them_back(owner, customers, make_segment):
    segment = make_segment("buyers", BUYERS)
    owner.post(change_url(segment), _form(state="paused"))
    assert members_of(segment) == set()
    owner.post(change_url(segment), _form(state="active"))
    decide(owner, segment)
    assert members_of(segment) == {"ada"}


def test_actions_activate_and_pause(owner, customers, make_segment):
    segment, other = (make_segment(slug, BUYERS, is_active=False) for slug in ("buyers", "others"))
    owner.post(LIST, {"action": "activate_chosen", "_selected_action": [segment.pk, other.pk]})
    assert [members_of(each) for each in (segment, other)] == [{"ada"}, {"ada"}]
    owner.post(LIST, {"action": "pause_chosen", "_selected_action": [segment.pk, other.pk]})
    assert [members_of(each) for each in (segment, other)] == [set(), set()]


def test_action_on_one_segment_leads_to_what_would_change(owner, customers, make_segment):
    segment = make_segment("buyers", BUYERS, is_active=False)
    response = owner.post(LIST, {"action": "activate_chosen", "_selected_action": segment.pk})
    assert (response.url, members_of(segment)) == (difference_url(segment), set())


def test_slug_never_changes(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    owner.post(change_url(segment), _form(slug="other"))
    segment.refresh_from_db()
    assert segment.slug == "buyers"


def test_segment_is_never_deleted(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    assert owner.post(f"{LIST}{segment.pk}/delete/", {"post": "yes"}).status_code == 403


def test_wrong_name_is_pointed_at_and_mended_in_words(owner):
    page = owner.post(f"{LIST}add/", _form(rule_text='count("order_complete") >= 2')).text
    assert "(line 1, column 7)" in page
    assert "^^^^^^^^^^^^^^^^" in page
    assert "order_completed" in page
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "count(", "__import__('os')", 'count("order_completed") >= ', "1 + 1", 'segment("nobody")']
)
def test_rule_that_cannot_be_used_is_not_saved(owner, text):
    response = owner.post(f"{LIST}add/", _form(rule_text=text))
    assert (response.status_code, Segment.objects.count()) == (200, 0)
    assert "errorlist" in response.text


def test_text_of_a_wrong_rule_is_escaped(owner):
    page = owner.post(f"{LIST}add/", _form(rule_text='count("<script>alert(1)</script>") >= 2')).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_segment_that_would_use_itself_is_refused(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    response = owner.post(change_url(segment), _form(rule_text='segment("buyers")'))
    assert response.status_code == 200
    assert segment.versions.count() == 1


def test_page_leads_with_the_sentence_and_the_share(owner, customers, make_segment):
    segment = make_segment("buyers", BUYERS)
    page = owner.get(change_url(segment)).text
    assert "In it is somebody who" in page
    assert "50.0 % of 2 people" in page


def test_rule_of_the_moment_says_that_more_may_come_in(owner, make_segment):
    momentary = make_segment("evening", "context.hour >= 20")
    plain = make_segment("buyers", BUYERS)
    words = "More are in it at the right moment"
    assert (words in owner.get(change_url(momentary)).text, words in owner.get(change_url(plain)).text) == (True, False)


def test_history_shows_every_version(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    owner.post(change_url(segment), _form(rule_text='count("order_completed") >= 7', note="fewer"))
    page = owner.get(change_url(segment)).text
    assert page.count("microseg-text microseg-quiet") == 2
    assert "fewer" in page


def test_members_page_lists_members_and_leads_to_why(owner, customers, make_segment):
    segment = make_segment("buyers", BUYERS)
    page = owner.get(f"{LIST}{segment.pk}/members/").text
    assert ("1 member" in page, "ada" in page, "bea" in page) == (True, True, False)
    assert "/explain/buyers/" in page


def test_members_page_of_nobody_says_so(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    assert "Nobody is in this segment" in owner.get(f"{LIST}{segment.pk}/members/").text


def test_list_shows_the_sentence_with_a_rule_and_without(owner, make_segment):
    make_segment("buyers", BUYERS, is_active=False)
    Segment.objects.create(slug="empty", name="Empty")
    page = owner.get(LIST).text
    assert "at least 2 times" in page
    assert "has no rule yet" in page


def test_stored_rule_that_can_no_longer_be_read_breaks_no_page(owner, make_segment):
    segment = make_segment("buyers", BUYERS)
    segment.versions.update(rule={"version": 1, "rule": {"nonsense": 1}})
    assert "can no longer be read" in owner.get(LIST).text
    assert owner.get(change_url(segment)).status_code == 200


@pytest.mark.parametrize("page", ["", "?q=buy", "?state__exact=active"])
def test_list_takes_no_more_queries_for_more_segments(owner, make_segment, django_assert_max_num_queries, page):
    make_segment("buyers-0", BUYERS)
    with CaptureQueriesContext(connection) as few:
        owner.get(f"{LIST}{page}")
    for number in range(1, 15):
        make_segment(f"buyers-{number}", BUYERS, is_active=number % 2 == 0)
    with django_assert_max_num_queries(len(few)):
        owner.get(f"{LIST}{page}")


@pytest.mark.parametrize(("last", "is_saved"), [("x" * 198, True), ("x" * 199, False)])
def test_text_that_grows_too_long_when_it_is_written_out_is_refused(owner, last, is_saved):
    values = [*(f"{number:0200}" for number in range(97)), last]
    page = owner.post(f"{LIST}add/", _form(rule_text=f"gender in({','.join(map(json.dumps, values))})"), follow=True)
    assert ("As a text the rule has 20,001 characters, more than 20,000." in page.text) is not is_saved
    assert Segment.objects.exists() is is_saved
