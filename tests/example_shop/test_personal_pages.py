"""What else changes in the shop besides the hero: the order of categories, and the strip about the cart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from django_microseg import middleware
from django_microseg.decide.visitor import Visitor
from django_microseg.privacy.consent import PURPOSES, dump
from django_microseg.segment import rulebook
from django_microseg.segment.install import install_presets
from django_microseg.segment.sweep import sweep
from example_shop.shop.demo.arrangements import add_arrangements
from example_shop.shop.demo.personalise import add_heroes, add_questions, add_segments
from example_shop.shop.models import Category, Product
from tests.doors.browsers import send

from .test_checkout import ADDRESS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("catalogue", "experiences")]

DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
AGENT = {"user-agent": DESKTOP}
HOUR = dt.timedelta(minutes=61)
STRIP = "Still in your cart: Catbells and one more thing."


@pytest.fixture
def experiences() -> Iterator[None]:
    rulebook.forget()
    add_segments()
    install_presets(["abandoned-cart"], now=timezone.now())
    add_arrangements()
    yield
    rulebook.forget()


def visitor() -> Client:
    """A browser whose visitor has said yes."""
    browser = Client(headers=AGENT)
    browser.cookies["microseg_consent"] = dump(PURPOSES, text_version="1")
    return browser


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets an hour pass for every page that comes."""

    def pass_an_hour() -> None:
        monkeypatch.setattr(middleware, "Visitor", partial(Visitor, clock=lambda: timezone.now() + HOUR))

    return pass_an_hour


def put_into_cart(browser: Client, *slugs: str) -> Client:
    for product in Product.objects.filter(slug__in=slugs):
        size = {"size": product.sizes[0]} if product.sizes else {}
        answer = browser.post(reverse("shop:add-to-cart", args=[product.slug]), {"quantity": 1, **size})
        assert answer.status_code == 302, answer.text
    return browser


@pytest.fixture
def leaver() -> Client:
    return put_into_cart(visitor(), "tarnway-catbells", "woldspun-walker")


def strip(browser: Client, path: str = "/") -> str:
    """What the strip says; empty if there is none."""
    found = re.search(r"<span>(Still in your cart: .*?) <span", browser.get(path).text)
    return found.group(1) if found else ""


# -- the order of categories


def shelves(browser: Client, path: str) -> list[str]:
    page = browser.get(path).text
    return re.findall(
        r'<a href="/c/([\w-]+)/"', page[page.index('class="shelves"') : page.index("</nav>\n  </header>")]
    )


def tiles(browser: Client) -> list[str]:
    return re.findall(r'class="tile" href="/c/([\w-]+)/"', browser.get("/").text)


def test_who_looks_at_trail_shoes_finds_them_first_on_every_page_and_the_stranger_does_not() -> None:
    walker, stranger = visitor(), visitor()
    own = list(Category.objects.values_list("slug", flat=True))
    for product in Product.objects.filter(category__slug="trail-shoes")[:2]:
        walker.get(product.get_absolute_url())
    personal = ["trail-shoes", "socks", *[slug for slug in own if slug not in ("trail-shoes", "socks")]]
    assert (tiles(walker), shelves(walker, "/"), shelves(walker, "/c/boots/")) == (personal, personal, personal)
    assert (tiles(stranger), shelves(stranger, "/"), shelves(stranger, "/c/boots/")) == (own, own, own)


# -- the strip about the cart


@pytest.mark.parametrize("path", ["/", "/c/boots/"])
def test_hour_later_the_cart_is_brought_back_to_mind_and_the_stranger_sees_nothing(leaver, later, path) -> None:
    assert strip(leaver, path) == ""
    later()
    assert (strip(leaver, path), strip(visitor(), path)) == (STRIP, "")


def test_it_is_there_whether_or_not_a_sweep_came_by(leaver, later) -> None:
    sweep(timezone.now() + HOUR)
    later()
    assert strip(leaver) == STRIP


def test_it_comes_along_when_the_visitor_signs_in_and_is_there_on_the_other_device(leaver, later) -> None:
    User.objects.create_user("hannah", "hannah@example.com", "pw-of-hannah")
    other = visitor()
    for browser in (leaver, other):
        signed_in = browser.post(reverse("shop:login"), {"username": "hannah", "password": "pw-of-hannah"})
        assert signed_in.status_code == 302
    put_into_cart(leaver, "nordlee-fjell")
    later()
    told = strip(leaver)
    assert told.startswith("Still in your cart: ")
    assert strip(other) == told


def test_it_is_gone_on_the_page_after_the_order(leaver, later) -> None:
    later()
    assert strip(leaver) == STRIP
    ordered = leaver.post("/checkout/", {**ADDRESS, "coupon": "", "action": "order"})
    assert ordered.status_code == 302
    assert strip(leaver) == ""


def test_emptied_cart_is_not_brought_to_mind(leaver, later) -> None:
    cart = leaver.get("/cart/")
    for line in cart.context["lines"]:
        leaver.post(reverse("shop:change-line", args=[line.pk]), {"quantity": 0})
    later()
    assert strip(leaver) == ""


def test_sold_out_things_are_not_spoken_of(leaver, later) -> None:
    later()
    Product.objects.filter(slug="tarnway-catbells").update(stock=0)
    assert strip(leaver) == "Still in your cart: Walker Crew."
    Product.objects.update(stock=0)
    assert strip(leaver) == ""


# -- what a page costs


def statements(browser: Client, path: str) -> tuple[int, int]:
    """How many statements a page takes until its response is sent: of the shop, and of ours."""
    browser.get(path)
    made = send(browser, path)[1]
    ours = sum("django_microseg" in statement for statement in made)
    return len(made) - ours, ours


@pytest.mark.parametrize("path", ["/", "/p/karstwell-settle/", "/search/?q=boots", "/about/", "/cart/"])
def test_personalised_page_takes_one_statement_of_ours_for_anybody(leaver, later, path) -> None:
    later()
    assert {statements(browser, path)[1] for browser in (leaver, visitor(), Client(headers=AGENT))} == {1}


def test_category_takes_one_more_to_ask_a_question_of_whoever_may_be_asked(leaver):
    assert statements(visitor(), "/c/boots/")[1] == 1
    add_questions()
    assert {statements(browser, "/c/boots/")[1] for browser in (leaver, visitor())} == {2}
    assert statements(Client(headers=AGENT), "/c/boots/")[1] == 1


def test_promotion_costs_the_shop_one_statement_and_a_reminder_two(leaver, later) -> None:
    add_heroes()
    walker, stranger = visitor(), visitor()
    for product in Product.objects.filter(category__slug="trail-shoes")[:2]:
        walker.get(product.get_absolute_url())
    plain = statements(stranger, "/")[0]
    assert statements(walker, "/")[0] == plain + 1
    plain = statements(leaver, "/")[0]
    later()
    assert statements(leaver, "/")[0] == plain + 2
