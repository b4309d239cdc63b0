"""Every page answers, for a stranger and for a customer, and keeps to the rules: landmarks, labels, nothing inline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from example_shop.shop.models import Cart

from .factories import UserFactory

pytestmark = pytest.mark.usefixtures("catalogue")

OPEN = (
    "/",
    "/c/eco-footwear/",
    "/c/boots/?attribute=waterproof&sort=price",
    "/p/tarnway-catbells/",
    "/p/tarnway-catbells/?colour=moss&view=close",
    "/p/fernhollow-meadow/",
    "/p/emberley-hob/",
    "/search/",
    "/search/?q=waterproof+boots",
    "/search/?q=nothing+at+all",
    "/cart/",
    "/login/",
    "/register/",
    "/about/",
    "/privacy/",
    "/preferences/",
)
OWN = ("/account/", "/account/details/")
CSS = Path(__file__).parents[2] / "example_shop/shop/static/shop/shop.css"


@pytest.mark.parametrize("path", OPEN)
def test_a_stranger_gets_the_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", OPEN[:-5] + OPEN[-3:] + OWN)
def test_a_customer_gets_the_page(client: Client, path: str) -> None:
    client.force_login(UserFactory())
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", OWN)
def test_a_stranger_is_sent_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", ["/c/hats/", "/p/no-such-boot/", "/thank-you/M1/"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", OPEN)
def test_a_page_has_landmarks_one_heading_and_nothing_inline(client: Client, path: str) -> None:
    page = client.get(path).text
    assert [page.count(mark) for mark in ("<main", '<header class="top"', "<footer", "<h1", "<title>")] == [
        1,
        1,
        1,
        1,
        1,
    ]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("path", OPEN)
def test_every_field_has_a_label(client: Client, path: str) -> None:
    page = client.get(path).text
    shown = re.findall(r'<(?:input|select|textarea)(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*\bid="([^"]+)"', page)
    assert [name for name in shown if f'for="{name}"' not in page] == []


@pytest.mark.parametrize("path", OPEN)
def test_looking_around_starts_no_session_and_no_cart(client: Client, path: str) -> None:
    assert "sessionid" not in client.get(path).cookies
    assert Cart.objects.count() == 0


def test_the_style_sheet_is_small() -> None:
    assert CSS.stat().st_size < 30_000


def test_the_home_page_is_light(client: Client) -> None:
    assert len(client.get("/").content) < 30_000


def test_search_wants_every_word(client: Client) -> None:
    found = client.get("/search/?q=insulated+boots").context["products"]
    assert [product.slug for product in found] == ["karstwell-penyghent"]


def test_search_finds_brand_category_and_attribute(client: Client) -> None:
    assert len(client.get("/search/?q=woldspun+socks").context["products"]) == 5
    assert {product.slug for product in client.get("/search/?q=rechargeable").context["products"]} == {
        "emberley-lucifer",
        "emberley-glim",
        "emberley-drover",
        "emberley-lamplighter",
    }


def test_what_is_searched_for_is_shown_as_text(client: Client) -> None:
    assert "<b>boots</b>" not in client.get("/search/?q=<b>boots</b>").text


@pytest.mark.parametrize("hero", ["default", "after_order", "loyalty", "first_order", "eco_footwear", "trail"])
def test_each_hero_has_one_heading_a_picture_that_exists_and_links_that_answer(client: Client, hero: str) -> None:
    drawn = render_to_string(f"shop/heroes/{hero}.html")
    assert drawn.count("<h1") == 1
    links = re.findall(r'(?:href|src)="([^"]+)"', drawn)
    assert {client.get(link).status_code for link in links} <= {200, 302}


@pytest.mark.parametrize("path", [*OPEN, "/c/hats/"])
def test_each_page_forbids_what_is_inline_or_from_elsewhere(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_a_picture_keeps_its_own_stricter_policy(client: Client) -> None:
    assert client.get("/pictures/tarnway-catbells.svg").headers["Content-Security-Policy"] == "default-src 'none'"


def test_who_takes_a_wrong_path_is_shown_the_shop(client: Client) -> None:
    page = client.get("/c/hats/")
    assert page.status_code == 404
    assert "This path ends here." in page.text
    assert 'class="shelves"' in page.text


def test_a_form_that_cannot_be_trusted_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/cart/add/tarnway-catbells/", {"size": "8"})
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.text


def test_the_page_for_a_broken_shop_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert "Something broke, on our side." in render_to_string("500.html")


@pytest.mark.parametrize("path", ["/cart/", "/search/", "/search/?q=hats"])
def test_where_nothing_is_there_is_something_to_go_on_with(client: Client, path: str) -> None:
    assert client.get(path).text.count('class="card"') == 4


def test_a_search_that_found_something_shows_only_that(client: Client) -> None:
    assert client.get("/search/?q=insulated+boots").text.count('class="card"') == 1


def test_preferences_ask_once_not_twice(client: Client) -> None:
    assert 'class="consent"' not in client.get("/preferences/").text
    assert 'class="consent"' in client.get("/privacy/").text
