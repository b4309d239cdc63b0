"""What is sold out is promoted on no page, whichever way the page is made, and the shop's faults stay its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NoReturn

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.template import engines

from django_microseg.decide.slots import Reason, Rejection
from django_microseg.shop.values import CartInfo, ProductInfo
from django_microseg.testing import MemoryShop, use_shop
from tests.doors import site
from tests.doors.browsers import consenting

pytestmark = pytest.mark.django_db(transaction=True)


class BrokenShop(MemoryShop):
    """Its statements fail, as after a forgotten migration."""

    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        return self._fail()

    def cart(self, request: HttpRequest) -> CartInfo | None:
        return self._fail()

    def _fail(self) -> NoReturn:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM no_such_table")
        raise AssertionError("the statement went through")


@pytest.fixture
def shop() -> Iterator[MemoryShop]:
    shop = MemoryShop()
    shop.add_product("boot", stock=1)
    with use_shop(shop):
        yield shop


@pytest.fixture
def boots(buyers, make_experience):
    """A hero that promotes the boot, before the one that promotes nothing."""
    return make_experience("boots", "buyers", product_keys=["boot"], priority=5)


@pytest.fixture
def member(shopper, boots):
    shopper.post("/add/")
    return shopper


def _text(response) -> str:
    return b"".join(response).decode()


@pytest.mark.parametrize("path", ["/", "/streamed/", "/async/", "/page-then-row/"])
def test_sold_out_hero_gives_way_to_the_next_one_on_the_next_page(shop, member, path):
    seen = []
    for stock in (1, 0, None):
        shop.set_stock("boot", stock)
        seen.append("<b>boots</b>" in _text(member.get(path)))
        User.objects.all().delete()
    assert seen == [True, False, True]
    shop.set_stock("boot", 0)
    assert "<b>for-buyers</b>" in _text(member.get(path))


def test_stranger_sees_the_default_whatever_is_in_stock(shop, boots):
    assert "default hero" in consenting().get("/").text


def test_staff_is_told_why_it_was_passed_over(shop, member):
    shop.set_stock("boot", 0)
    [decision] = member.get("/").wsgi_request.visitor.decisions
    assert (decision.choice.slug, decision.rejected) == ("for-buyers", (Rejection("boots", Reason.OUT_OF_STOCK),))


def test_product_that_left_the_catalogue_is_not_promoted(shop, member):
    shop.remove_product("boot")
    assert "<b>for-buyers</b>" in member.get("/").text


@pytest.mark.parametrize("atomic", [False, True])
def test_shop_whose_statements_fail_keeps_its_page_and_its_rows(member, make_experience, atomic, monkeypatch):
    make_experience("reminder", "buyers", slot="cart-reminder")
    text = '{% load microseg %}{% cart_reminder %}{% slot "home-hero" %}default{% endslot %}{% cart_reminder %}'
    monkeypatch.setattr(site, "PAGE", engines["django"].from_string(text))
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", atomic)
    with use_shop(BrokenShop()):
        response = member.get("/page-then-row/")
    assert (response.status_code, User.objects.count(), response.text) == (200, 2, "<b>for-buyers</b>")


def test_async_page_that_asks_for_no_slot_may_still_be_shared(shop, stranger, make_experience, monkeypatch):
    make_experience("for-everybody", product_keys=["boot"])
    assert "<b>for-everybody</b>" in stranger.get("/async/").text

    async def view(request):
        return HttpResponse("plain")

    pattern = next(each for each in site.urlpatterns if str(each.pattern) == "async/")
    monkeypatch.setattr(pattern, "callback", view)
    assert "Cache-Control" not in stranger.get("/async/").headers
