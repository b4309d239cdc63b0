"""What personalisation adds until the response is sent: 0 statements warm with a shared cache, 1
without, at most 2 cold, whatever the number of segments or slots. What is promoted costs the shop one
question about its stock."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils import timezone

from django_microseg.decide import shelf
from django_microseg.decide.models import Experience
from django_microseg.decide.publish import publish_experiences
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publication import publish_ruleset
from django_microseg.segment.publish import save_definition
from django_microseg.segment.text import parse
from example_shop.shop.models import Brand, Category, Product
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, cookie_of, send

pytestmark = pytest.mark.django_db(transaction=True)

SHARED = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"},
}
SLOTS = 20


@pytest.fixture(params=[1, 100, 1000])
def segments(request) -> int:
    """So many active segments, every tenth of the moment, and an experience for some of them in each slot."""
    now = timezone.now()
    with transaction.atomic():
        for number in range(request.param):
            _segment(number, now)
    publish_ruleset(now)
    Experience.objects.bulk_create(
        Experience(
            slug=f"e-{slot}-{number}",
            name="E",
            slot=f"slot-{slot}",
            state="live",
            segments=[f"s-{number}"],
            content_html=f"<i>{number}</i>",
        )
        for slot in range(SLOTS)
        for number in range(0, request.param, max(1, request.param // 10))
    )
    publish_experiences(now=now)
    return request.param


def _segment(number: int, now: dt.datetime) -> None:
    """Put in force by hand: nobody is in it yet, so there is nothing to prepare."""
    segment = Segment.objects.create(slug=f"s-{number}", name=f"S {number}")
    rule = f'count("product_added", days={number % 300 + 1}) >= 1'
    momentary = f" and context.hour != {number % 24}" if number % 10 == 9 else ""
    version = save_definition(segment, to_json(parse(rule + momentary)), now=now)
    version.state, segment.state, segment.live_version = "live", "active", version
    version.save()
    segment.save()


@pytest.fixture
def shared_cache(settings) -> None:
    settings.CACHES = SHARED
    settings.MICROSEG = {**settings.MICROSEG, "CACHE": "shared"}
    caches["shared"].clear()  # of an earlier test, whose publication had other versions


def _count(browser: Client) -> int:
    response, statements = send(browser, "/many/")
    assert response.status_code == 200
    return len(statements)


def test_bounds_hold_however_many_segments_there_are(shopper, stranger, segments, restart):
    shopper.post("/add/")
    assert send(shopper, "/many/")[0].content.count(b"<i>") == SLOTS
    counts = {"warm": _count(shopper), "warm stranger": _count(stranger)}
    restart()
    counts["cold"] = _count(shopper)
    restart()
    counts["cold stranger"] = _count(stranger)
    assert counts == {"warm": 1, "warm stranger": 1, "cold": 2, "cold stranger": 2}


def test_bounds_with_a_shared_cache_hold_however_many_segments_there_are(
    shopper, stranger, segments, shared_cache, restart
):
    shopper.post("/add/")
    assert shopper.get("/many/").text.count("<i>") == SLOTS
    counts = {"warm": _count(shopper), "warm stranger": _count(stranger)}
    restart()
    counts["cold"] = _count(shopper)
    restart()
    counts["cold stranger"] = _count(stranger)
    assert counts == {"warm": 0, "warm stranger": 0, "cold": 1, "cold stranger": 1}


def test_page_that_asks_nothing_takes_none(shopper, buyers):
    shopper.get("/plain/")
    assert send(shopper, "/plain/")[1] == []


def test_page_of_a_machine_takes_none(buyers):
    assert send(consenting(agent=GOOGLEBOT), "/")[1] == []


def test_page_after_a_click_elsewhere_is_not_served_from_an_old_cache(shopper, buyers, shared_cache):
    shopper.get("/")
    assert "default hero" in shopper.get("/").text
    shopper.post("/add/")
    assert "<b>for-buyers</b>" in shopper.get("/").text


def test_new_publication_is_seen_at_once_with_a_shared_cache(shopper, buyers, shared_cache, make_experience):
    shopper.post("/add/")
    shopper.get("/")
    make_experience("newer", "buyers")
    assert "<b>newer</b>" in shopper.get("/").text


def test_erased_visitor_leaves_nothing_in_the_shared_cache(shopper, buyers, shared_cache):
    shopper.get("/")
    shopper.get("/")
    key = cookie_of(shopper).visitor_key
    assert (shelf.forget([key]), shelf.find([key])) == (1, {})


def test_cache_that_fails_is_an_empty_one(shopper, buyers, settings):
    settings.CACHES = {**SHARED, "shared": {"BACKEND": "tests.doors.broken_cache.BrokenCache"}}
    settings.MICROSEG = {"CACHE": "shared"}
    shopper.post("/add/")
    assert "<b>for-buyers</b>" in shopper.get("/").text


# -- what is asked of the shop besides


@pytest.fixture
def product() -> Product:
    return Product.objects.create(
        slug="boot-1",
        sku="B-1",
        name="Ridge Boot",
        category=Category.objects.create(slug="boots", name="Boots"),
        brand=Brand.objects.create(slug="vale", name="Vale"),
        price="98",
        stock=3,
        launched_on="2024-01-01",
    )


@pytest.fixture
def promoted(segments, product) -> None:
    """Every experience promotes something of its own besides the one product that there is."""
    for experience in Experience.objects.all():
        experience.product_keys = ["boot-1", experience.slug]
        experience.save()
    publish_experiences(now=timezone.now())


@pytest.mark.parametrize("segments", [100], indirect=True)
def test_stock_of_all_that_is_promoted_on_a_page_takes_one_more_statement(shopper, stranger, promoted, restart):
    shopper.post("/add/")
    assert send(shopper, "/many/")[0].content.count(b"<i>") == SLOTS
    assert {"member": _count(shopper), "stranger": _count(stranger)} == {"member": 2, "stranger": 1}
    restart()
    assert _count(shopper) == 3


@pytest.mark.parametrize("segments", [100], indirect=True)
def test_stock_takes_one_with_a_shared_cache_too(shopper, stranger, promoted, shared_cache):
    shopper.post("/add/")
    shopper.get("/many/")
    stranger.get("/many/")
    assert {"member": _count(shopper), "stranger": _count(stranger)} == {"member": 1, "stranger": 0}


@pytest.mark.parametrize("segments", [100], indirect=True)
def test_sold_out_shop_shows_twenty_defaults_for_the_same_one(shopper, promoted, product):
    Product.objects.update(stock=0)
    shopper.post("/add/")
    response, statements = send(shopper, "/many/")
    assert (response.content.count(b"<i>"), len(statements)) == (0, 2)


def test_stock_is_not_asked_for_what_promotes_nothing(shopper, buyers, product, make_experience):
    make_experience("for-nobody", "nobody", product_keys=["boot-1"], priority=9)
    shopper.post("/add/")
    assert len(send(shopper, "/")[1]) == 1


def test_shop_that_has_published_nothing_yet_waits_for_nothing():
    shopper = consenting()
    shopper.get("/plain/")
    for _ in range(3):
        _, statements = send(shopper, "/")
        assert len(statements) == 1
