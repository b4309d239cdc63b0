"""The home page from the HTTP API alone: whoever looks, it gets what the templates get."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from django_microseg import middleware
from django_microseg.decide.visitor import Visitor
from django_microseg.segment import rulebook
from django_microseg.segment.install import install_presets
from example_shop.shop.demo.arrangements import add_arrangements
from example_shop.shop.demo.personalise import NEWCOMERS, add_heroes, add_offers, add_segments
from example_shop.shop.models import Category
from tests.doors.browsers import undecided

from .test_hero import look_at, visitor
from .test_personal_pages import put_into_cart

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("catalogue", "experiences")]

HERO, ORDER, REMINDER = "home-hero", "category-order", "cart-reminder"
CAMPAIGN = "?utm_source=instagram&utm_medium=social&utm_campaign=june"


@pytest.fixture
def experiences() -> Iterator[None]:
    rulebook.forget()
    add_segments()
    install_presets(["abandoned-cart", NEWCOMERS], now=timezone.now())
    add_offers()
    add_heroes()
    add_arrangements()
    yield
    rulebook.forget()


@dataclass(frozen=True)
class Home:
    """What depends on the visitor on the home page. ``hero`` and ``reminder`` are HTML; empty for the defaults."""

    hero: str
    shelves: list[str]
    reminder: str


def from_templates(browser: Client, query: str = "") -> Home:
    page = browser.get(reverse("shop:home") + query).text
    lead = page[page.index('<div class="lead-slot">') + len('<div class="lead-slot">') :]
    hero = lead[: lead.index("</div>\n\n<section")]
    content = page[page.index("<main") : page.index('<div class="lead-slot">')]
    names = re.findall(r'<a href="/c/([\w-]+)/"', page[: page.index("<main")])
    return Home(
        hero="" if "Good boots." in hero else tidy(hero),
        shelves=list(dict.fromkeys(names)),
        reminder=tidy(content[content.index(">") + 1 :]),
    )


def from_api(browser: Client, query: str = "") -> Home:
    """A storefront that knows nothing but the names of its slots and its own categories."""
    page = {"url": f"http://testserver{reverse('shop:home')}{query}", "referrer": ""}
    body = {"slots": [HERO, ORDER, REMINDER], "page": page}
    response = browser.post(reverse("django_microseg:api_decide"), body, content_type="application/json")
    assert response.status_code == 200, response.text
    slots: dict[str, Any] = response.json()["slots"]
    own = list(Category.objects.values_list("slug", flat=True))
    first = [key for key in slots[ORDER]["order"] if key in own]
    return Home(
        hero=tidy(slots[HERO]["html"] or ""),
        shelves=[*first, *(key for key in own if key not in first)],
        reminder=tidy(slots[REMINDER]["html"] or ""),
    )


def tidy(html: str) -> str:
    """Without what differs between two requests that get the same: space, and the token of a form."""
    return re.sub(r'value="\w{64}"', "", " ".join(html.split()))


def both(browser: Client, query: str = "") -> Home:
    api = from_api(browser, query)
    assert api == from_templates(browser, query)
    return api


def test_stranger_gets_the_defaults_either_way() -> None:
    home = both(Client())
    assert (home.hero, home.reminder) == ("", "")


def test_who_looked_at_trail_shoes_gets_their_hero_and_order() -> None:
    walker = visitor()
    look_at(walker, "trail-shoes", 2)
    home = both(walker)
    assert "Up before the weather." in home.hero
    assert home.shelves[:2] == ["trail-shoes", "socks"]
    assert both(visitor()).shelves[:2] != ["trail-shoes", "socks"]


def test_newcomer_from_a_campaign_gets_the_offer_on_the_very_first_page() -> None:
    assert "WELCOME10" in both(undecided(), CAMPAIGN).hero
    assert welcome(undecided(), CAMPAIGN) == "WELCOME10"
    assert welcome(undecided(), "") is None


def welcome(browser: Client, query: str) -> str | None:
    """The code of the offer for a first order, as a checkout page of the storefront would ask for it."""
    body = {"slots": [HERO], "page": {"url": f"/{query}"}, "first_order_offer": True}
    response = browser.post(reverse("django_microseg:api_decide"), body, content_type="application/json")
    offer = response.json()["first_order_offer"]
    return None if offer is None else offer["code"]


def test_who_left_a_cart_is_reminded_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    leaver, neighbour = put_into_cart(visitor(), "tarnway-catbells"), visitor()
    neighbour.get("/")
    monkeypatch.setattr(
        middleware, "Visitor", partial(Visitor, clock=lambda: timezone.now() + dt.timedelta(minutes=61))
    )
    assert "Catbells" in both(leaver).reminder
    assert both(neighbour).reminder == ""
