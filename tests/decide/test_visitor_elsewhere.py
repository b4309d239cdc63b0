"""A visitor who is met by something else than a page request with cookies."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from django_microseg.collect.page import Page
from django_microseg.decide.parting import part
from django_microseg.decide.visitor import Visitor
from django_microseg.privacy.choice import read_consent
from django_microseg.privacy.consent import NOT_ASKED, PURPOSES, Consent, dump
from django_microseg.profile.visitor_id import VisitorCookie, new_visitor_key
from tests.doors.agents import BROWSER

pytestmark = pytest.mark.django_db

YES = Consent(is_asked=True, purposes=frozenset(PURPOSES))
LANDING = Page("/boots/", {"utm_source": "instagram"}, host="shop.example", is_view=True)


class Hand:
    """A carrier that keeps what it is given."""

    def __init__(self, brought: str | None = None) -> None:
        self.brought = brought
        self.given: list[VisitorCookie | None] = []

    def give(self, response, cookie) -> None:
        self.given.append(cookie)

    def take_away(self, response) -> None:
        self.given.append(None)


def visitor_of(**cookies: str) -> Visitor:
    request = RequestFactory().get("/api/", headers={"user-agent": BROWSER})
    request.COOKIES = cookies
    return Visitor(request, read_consent=read_consent)


def leave(visitor: Visitor) -> HttpResponse:
    response = HttpResponse("{}", content_type="application/json")
    part(visitor, visitor._request, response)
    return response


def test_visitor_met_by_another_carrier_is_the_one_it_brings_whatever_the_cookies_say():
    key, other = new_visitor_key(), new_visitor_key()
    visitor = visitor_of(microseg=VisitorCookie(other).dump(), microseg_consent=dump(PURPOSES, text_version="1"))
    assert visitor.key == other
    visitor.meet_by(Hand(VisitorCookie(key).dump()), lambda request: YES)
    assert visitor.key == key


def test_visitor_met_by_another_carrier_without_consent_is_nobody():
    visitor = visitor_of(microseg_consent=dump(PURPOSES, text_version="1"))
    visitor.meet_by(Hand(VisitorCookie(new_visitor_key()).dump()), lambda request: NOT_ASKED)
    assert (visitor.key, visitor.cookie) == ("", None)


def test_page_made_elsewhere_gives_the_moment_and_counts_as_seen_now():
    visitor = visitor_of(microseg_consent=dump(PURPOSES, text_version="1"))
    visitor.look_at(LANDING)
    context = visitor.context
    assert (context["channel"], context["page"], context["visit_views"]) == ("social", "/boots/", 1)


def test_response_takes_the_next_value_along_by_the_same_carrier_and_sets_no_cookie():
    hand = Hand(VisitorCookie(new_visitor_key()).dump())
    visitor = visitor_of()
    visitor.meet_by(hand, lambda request: YES)
    visitor.look_at(LANDING)
    visitor.is_active, visitor.views_told = True, 2
    assert not leave(visitor).cookies
    assert [(cookie.visit_number, cookie.visit_views) for cookie in hand.given] == [(1, 2)]


def test_yes_is_followed_in_the_same_request():
    hand, cookie = Hand(), VisitorCookie(new_visitor_key())
    visitor = visitor_of()
    visitor.meet_by(hand, lambda request: NOT_ASKED)
    assert visitor.key == ""
    visitor.answer(YES, cookie)
    leave(visitor)
    assert [given.visitor_key for given in hand.given] == [cookie.visitor_key]
    assert not visitor.happenings.are_waiting


def test_no_is_followed_in_the_same_request():
    hand = Hand(VisitorCookie(new_visitor_key()).dump())
    visitor = visitor_of()
    visitor.meet_by(hand, lambda request: YES)
    assert visitor.key != ""
    visitor.answer(Consent(is_asked=True), None)
    leave(visitor)
    assert (visitor.key, hand.given) == ("", [None])
