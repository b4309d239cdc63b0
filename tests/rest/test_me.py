from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.decide.switch import stop
from django_microseg.segment.models import Membership
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting
from tests.rest.asking import ask, me, tell

pytestmark = pytest.mark.django_db(transaction=True)

ALL = ["advertising", "measurement", "personalisation"]


def test_visitor_who_has_not_been_asked_is_nobody(stranger):
    assert me(stranger) == {
        "consent": {"asked": False, "purposes": [], "version": "1"},
        "recognised": False,
        "returning": None,
        "segments": [],
        "experiences": [],
    }


def test_member_sees_their_segments_with_the_time_of_entry_and_their_experiences(shopper, buyers):
    shopper.post("/add/")
    since = Membership.objects.get().since
    assert me(shopper) == {
        "consent": {"asked": True, "purposes": ALL, "version": "1"},
        "recognised": True,
        "returning": False,
        "segments": [{"slug": "buyers", "since": since.isoformat()}],
        "experiences": [{"slot": "home-hero", "experience": "for-buyers", "kind": "content"}],
    }


def test_somebody_else_is_in_none_of_them(shopper, buyers):
    shopper.post("/add/")
    other = consenting()
    other.get("/")
    assert (me(other)["segments"], me(other)["experiences"]) == ([], [])


def test_segment_of_the_moment_has_no_beginning(shopper, make_segment):
    make_segment("now", "context.hour >= 0")
    shopper.get("/")
    assert me(shopper)["segments"] == [{"slug": "now", "since": None}]


def test_next_visit_makes_a_returning_visitor(shopper, settings, monkeypatch):
    shopper.get("/")
    assert me(shopper)["returning"] is False
    later = timezone.now() + timezone.timedelta(hours=1)
    monkeypatch.setattr("django_microseg.decide.visitor.Visitor.now", later)
    assert me(shopper)["returning"] is True


def test_refusal_is_remembered_and_nobody_is_recognised(buyers):
    answer = me(consenting(purposes=()))
    assert (answer["consent"], answer["recognised"]) == ({"asked": True, "purposes": [], "version": "1"}, False)


def test_browser_that_objects_is_not_asked_for_advertising(shopper):
    assert me(shopper, **{"sec-gpc": "1"})["consent"]["purposes"] == ["measurement", "personalisation"]


def test_machine_is_in_no_segment(make_segment):
    make_segment("desks", 'context.device == "desktop"')
    answer = me(consenting(agent=GOOGLEBOT))
    assert (answer["recognised"], answer["segments"]) == (False, [])


def test_stopped_personalisation_shows_no_segments(shopper, buyers):
    shopper.post("/add/")
    stop(by="ada", note="", now=timezone.now())
    assert (me(shopper)["segments"], me(shopper)["experiences"]) == ([], [])


def test_answer_is_private_and_may_be_asked_again_by_its_tag(shopper, buyers):
    shopper.get("/")
    first = ask(shopper, "GET", "me/")
    assert set(first.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Cookie" in first.headers["Vary"]
    again = ask(shopper, "GET", "me/", **{"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = ask(shopper, "GET", "me/", **{"if-none-match": f'"other", W/{first.headers["ETag"]}'})
    assert weak.status_code == 304


def test_tag_changes_with_what_it_stands_for(shopper, buyers):
    shopper.get("/")
    tag = ask(shopper, "GET", "me/").headers["ETag"]
    shopper.post("/add/")
    assert ask(shopper, "GET", "me/", **{"if-none-match": tag}).status_code == 200


def test_event_is_felt_by_the_next_question(shopper, make_segment):
    make_segment("lookers", 'count("product_viewed") >= 2')
    product = {"name": "product_viewed", "properties": {"product_id": "boot-1"}}
    tell(shopper, "page_viewed", product)
    assert me(shopper)["segments"] == []
    tell(shopper, product)
    assert [segment["slug"] for segment in me(shopper)["segments"]] == ["lookers"]


def test_looking_stores_nothing_and_sets_no_cookie(shopper):
    response = ask(shopper, "GET", "me/")
    assert dict(response.cookies) == {}
