"""An experience that speaks of an offer: shown to whom the offer would be given, passed over for others."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.decide.offers.publish import save_offer
from django_microseg.decide.publish import save_experience
from tests.doors.browsers import consenting, send

pytestmark = pytest.mark.django_db(transaction=True)

DEFAULT = "<main>nonedefault</main>"
DAY = dt.timedelta(days=1)


@pytest.fixture
def make_hero():
    def make(offer: str, *segments: str, **fields: object) -> Experience:
        given = {"slot": "home-hero", "state": "live", "content_html": "<b>hero</b>", **fields}
        hero = Experience(slug=f"hero-{offer}", name="Hero", segments=list(segments), offer=offer, **given)
        hero.full_clean()
        save_experience(hero, now=timezone.now())
        return hero

    return make


def hero(browser) -> bool:
    return "<b>hero</b>" in browser.get("/plain/").text


def test_offer_with_a_code_is_spoken_of_to_whom_the_experience_is_for(shopper, stranger, buyers, make_offer, make_hero):
    make_offer("coded", code="CODED")
    make_hero("coded", "buyers")
    shopper.post("/add/")
    assert (hero(shopper), hero(stranger)) == (True, False)


def test_offer_without_a_code_is_spoken_of_to_those_who_get_it(shopper, stranger, buyers, make_offer, make_hero):
    make_offer("own", "buyers")
    make_hero("own")
    shopper.post("/add/")
    assert (hero(shopper), hero(stranger)) == (True, False)


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({}, True),
        ({"starts_at": timezone.now() + DAY}, False),
        ({"ends_at": timezone.now() - DAY}, False),
        ({"ends_at": timezone.now() + DAY}, True),
        ({"state": "paused"}, False),
        ({"state": "draft"}, False),
    ],
)
def test_experience_goes_with_its_offer(stranger, make_offer, make_hero, fields, is_shown):
    make_offer("coded", code="CODED", **fields)
    make_hero("coded")
    assert hero(stranger) is is_shown


def test_experience_whose_offer_is_gone_is_passed_over_for_the_next(stranger, make_hero):
    make_hero("gone", priority=2)
    make_hero("", content_html="<b>next</b>")
    assert "<b>next</b>" in stranger.get("/plain/").text


def test_paused_offer_takes_its_experience_along_in_the_next_request(stranger, make_offer, make_hero):
    offer = make_offer("coded", code="CODED")
    make_hero("coded")
    assert hero(stranger)
    offer.state = Offer.State.PAUSED
    save_offer(offer, now=timezone.now())
    assert stranger.get("/plain/").text == DEFAULT


def test_first_order_is_not_spoken_of_to_whoever_has_ordered(shopper, make_offer, make_hero):
    make_offer("first", code="FIRST", is_first_order=True)
    make_hero("first")
    shopper.post("/add/")
    assert hero(shopper)
    shopper.post("/tell/order_completed/", {"order_id": "A-1", "revenue": "20", "currency": "GBP"})
    assert not hero(shopper)
    assert hero(consenting())


def test_template_has_the_offer(stranger, make_offer, make_hero, settings, tmp_path):
    (tmp_path / "hero.html").write_text("{{ offer.headline }}, {{ offer.code }}, {{ offer.ends_at|default:'no end' }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    make_offer("coded", code="CODED", headline="<Ten> off")
    make_hero("coded", content_html="", template_name="hero.html")
    assert "&lt;Ten&gt; off, CODED, no end" in stranger.get("/plain/").text


def test_offer_of_an_experience_costs_no_query_but_for_a_first_order_of_a_known_visitor(
    shopper, stranger, make_offer, make_hero
):
    make_offer("coded", code="CODED")
    make_offer("first", code="FIRST", is_first_order=True)
    make_hero("coded")
    shopper.post("/add/")
    for browser in (shopper, stranger):
        browser.get("/many/")
    assert [len(send(browser, "/many/")[1]) for browser in (shopper, stranger)] == [1, 1]
    make_hero("first", priority=5)
    for browser in (shopper, stranger):
        browser.get("/many/")
    assert [len(send(browser, "/many/")[1]) for browser in (shopper, stranger)] == [2, 1]
