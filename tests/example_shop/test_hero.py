"""The way through the whole house: a click changes the next page, and so does a rule edited in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.offers.models import Offer
from django_microseg.decide.offers.publish import save_offer
from django_microseg.privacy.consent import PURPOSES, dump
from django_microseg.segment import rulebook
from django_microseg.segment.models import Segment
from django_microseg.testing import override_segments
from example_shop.shop.demo.personalise import add_heroes, add_segments
from example_shop.shop.models import Product
from tests.admin.deciding import decide

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("catalogue")]

DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
TITLES = {"Up before the weather.": "trail", "Good boots.": "default"}


@pytest.fixture
def heroes() -> None:
    """The demo's segments and the two heroes that need no preset."""
    rulebook.forget()
    add_segments()
    add_heroes()
    yield
    rulebook.forget()


def visitor() -> Client:
    """A browser whose visitor has said yes."""
    browser = Client(headers={"user-agent": DESKTOP})
    browser.cookies["microseg_consent"] = dump(PURPOSES, text_version="1")
    return browser


def look_at(browser: Client, category: str, number: int) -> None:
    for product in Product.objects.filter(category__slug=category)[:number]:
        assert browser.get(product.get_absolute_url()).status_code == 200


def hero(browser: Client) -> str:
    """Which hero the home page shows."""
    page = browser.get(reverse("shop:home")).text
    return next((name for title, name in TITLES.items() if title in page), "another")


@pytest.mark.usefixtures("heroes")
def test_second_trail_shoe_changes_the_hero_on_the_next_page_and_the_stranger_sees_the_default() -> None:
    walker, stranger = visitor(), visitor()
    look_at(walker, "trail-shoes", 1)
    assert hero(walker) == "default"
    look_at(walker, "trail-shoes", 2)
    assert (hero(walker), hero(stranger)) == ("trail", "default")


@pytest.mark.usefixtures("heroes")
def test_hero_is_gone_while_all_that_it_promotes_is_sold_out_and_back_with_the_first_pair() -> None:
    walker = visitor()
    look_at(walker, "trail-shoes", 2)
    assert hero(walker) == "trail"
    Product.objects.filter(category__slug="trail-shoes").update(stock=0)
    assert hero(walker) == "default"
    Product.objects.filter(slug="tarnway-long-meg").update(stock=1)
    assert hero(walker) == "trail"


@pytest.mark.usefixtures("heroes")
def test_rule_edited_in_the_admin_changes_the_hero_of_one_visitor_and_not_of_the_other() -> None:
    trail_walker, boot_wearer = visitor(), visitor()
    look_at(trail_walker, "trail-shoes", 2)
    look_at(boot_wearer, "boots", 2)
    assert (hero(trail_walker), hero(boot_wearer)) == ("trail", "default")
    edit_rule("trail-browsers", 'count("product_viewed", where(category="boots"), days=7) >= 2')
    assert (hero(trail_walker), hero(boot_wearer)) == ("default", "trail")


@pytest.mark.usefixtures("heroes")
def test_visitor_who_said_no_sees_the_default_whatever_they_look_at() -> None:
    browser = Client(headers={"user-agent": DESKTOP})
    browser.cookies["microseg_consent"] = dump((), text_version="1")
    look_at(browser, "trail-shoes", 3)
    assert hero(browser) == "default"


@pytest.mark.usefixtures("heroes", "offers")
def test_hero_of_the_first_order_speaks_of_its_offer_to_newcomers_while_it_is_on() -> None:
    words = "Write WELCOME10 at the checkout."
    with override_segments("new-visitor-from-social-campaign"):
        assert words in visitor().get("/").text
    assert words not in visitor().get("/").text
    offer = Offer.objects.get(code="WELCOME10")
    offer.state = Offer.State.PAUSED
    save_offer(offer, now=timezone.now())
    with override_segments("new-visitor-from-social-campaign"):
        assert hero(visitor()) == "default"


def edit_rule(slug: str, rule: str) -> None:
    """What a marketer does: open the segment, type another rule, save, look at what would change, put it in force."""
    User.objects.create_superuser("marketer", "m@example.com", "pw")
    marketer = Client()
    marketer.login(username="marketer", password="pw")
    segment = Segment.objects.get(slug=slug)
    address = reverse("admin:django_microseg_segment_change", args=[segment.pk])
    given = {"name": segment.name, "description": "", "state": "active", "rule_text": rule, "note": "boots now"}
    answer = marketer.post(address, given)
    assert answer.status_code == 302, answer.text
    decide(marketer, segment)
