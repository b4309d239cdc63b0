"""Who left a cart alone for an hour is reminded of what in it can be bought; nobody else is, and of nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import TemplateSyntaxError, engines
from django.test import Client
from django.utils import timezone

from django_microseg import middleware
from django_microseg.decide.slots import Reason, Rejection
from django_microseg.decide.switch import stop
from django_microseg.decide.visitor import Visitor
from django_microseg.segment.sweep import sweep
from django_microseg.shop.values import CartInfo
from django_microseg.testing import MemoryShop, use_shop
from tests.doors import site
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, undecided

pytestmark = pytest.mark.django_db(transaction=True)

ABANDONED = (
    'count("cart_changed", since="order_completed") >= 1 and minutes_since("cart_changed") >= 60 '
    'and days_since("cart_changed") <= 30'
)
HOUR = dt.timedelta(minutes=61)
BODY = "{% load microseg %}[{% cart_reminder %}]"
WORDS = "Still in your cart: Ridge Boot and one more thing."


class CookieShop(MemoryShop):
    """The cart of a browser is the one that its cookie ``cart`` names."""

    looked_into = 0

    def cart(self, request: HttpRequest) -> CartInfo | None:
        self.looked_into += 1
        found = self._carts.get(("session", request.COOKIES.get("cart", "")))
        return found and super().cart(_WithSession(found.customer_key or request.COOKIES["cart"]))


class _WithSession(HttpRequest):
    def __init__(self, key: str) -> None:
        super().__init__()
        self.COOKIES["sessionid"] = key
        self.session = type("Session", (), {"session_key": key})()


@pytest.fixture
def shop() -> Iterator[CookieShop]:
    shop = CookieShop(currency="GBP")
    shop.add_product("boot", title="Ridge Boot", price=98, stock=3)
    shop.add_product("sock", title="Wool Sock", price=12, stock=9)
    shop.put_cart(("boot", 1), ("sock", 2), session_key="full")
    with use_shop(shop):
        yield shop


@pytest.fixture(autouse=True)
def _template_behind_plain(monkeypatch) -> None:
    template = engines["django"].from_string(BODY)
    for path, view in (("plain/", _sync_view(template)), ("async/", _async_view(template))):
        pattern = next(each for each in site.urlpatterns if str(each.pattern) == path)
        monkeypatch.setattr(pattern, "callback", view)


def _sync_view(template) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: HttpResponse(template.render({}, request))


def _async_view(template):
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render({}, request))

    return view


@pytest.fixture
def later(monkeypatch) -> Callable[[], None]:
    """Lets an hour pass for every page that comes."""

    def pass_an_hour() -> None:
        monkeypatch.setattr(middleware, "Visitor", partial(Visitor, clock=lambda: timezone.now() + HOUR))

    return pass_an_hour


@pytest.fixture
def reminder(shop, make_segment, make_experience):
    make_segment("abandoned-cart", ABANDONED)
    return make_experience("reminder", "abandoned-cart", slot="cart-reminder", content_html="")


def _with_cart(browser: Client, cart: str = "full") -> Client:
    browser.cookies["cart"] = cart
    browser.post("/add/")
    return browser


@pytest.fixture
def leaver(reminder, later, shopper) -> Client:
    """A visitor whose cart has been left alone for an hour."""
    _with_cart(shopper)
    later()
    return shopper


def _seen(browser: Client, path: str = "/plain/") -> str:
    return " ".join(browser.get(path).text.split())


def test_cart_that_is_left_alone_for_an_hour_is_brought_back_to_mind(reminder, later, shopper):
    _with_cart(shopper)
    assert _seen(shopper) == "[]"
    later()
    assert WORDS in _seen(shopper)
    assert '<a href="/cart/">To the cart</a>' in _seen(shopper)


def test_sweep_alone_does_it_too(reminder, later, shopper):
    _with_cart(shopper)
    sweep(timezone.now() + HOUR)
    later()
    assert WORDS in _seen(shopper)


@pytest.mark.parametrize("path", ["/plain/", "/async/"])
def test_twins_are_not_reminded(leaver, path):
    twins = {
        "did nothing": consenting(),
        "did not answer": undecided(),
        "said no": consenting(purposes=()),
        "machine": consenting(agent=GOOGLEBOT),
    }
    for twin in twins.values():
        twin.cookies["cart"] = "full"
    assert {name: _seen(twin, path) for name, twin in twins.items()} == dict.fromkeys(twins, "[]")
    assert WORDS in _seen(leaver, path)


def test_cart_is_looked_into_only_for_whom_a_reminder_is(leaver, shop):
    stranger = consenting()
    stranger.cookies["cart"] = "full"
    _seen(stranger)
    assert shop.looked_into == 0
    _seen(leaver)
    assert shop.looked_into == 1


@pytest.mark.parametrize("cart", ["empty", ""])
def test_nobody_is_reminded_of_an_empty_cart(reminder, later, shopper, cart):
    _with_cart(shopper, cart)
    later()
    response = shopper.get("/plain/")
    [decision] = response.wsgi_request.visitor.decisions
    assert (response.text, decision.choice, decision.reason) == ("[]", None, Reason.EMPTY_CART)
    assert decision.rejected == (Rejection("reminder", Reason.EMPTY_CART),)


def test_what_is_sold_out_is_not_promoted(leaver, shop):
    shop.set_stock("boot", 0)
    assert "Still in your cart: Wool Sock." in _seen(leaver)
    shop.set_stock("sock", 0)
    assert _seen(leaver) == "[]"


def test_order_ends_it_on_the_next_page(leaver, shop):
    assert WORDS in _seen(leaver)
    leaver.post("/buy/")
    assert _seen(leaver) == "[]"


def test_login_takes_the_cart_and_the_reminder_along(reminder, later, shopper, django_user_model):
    django_user_model.objects.create(username="ada")
    _with_cart(shopper)
    shopper.get("/enter/ada/")
    later()
    assert WORDS in _seen(shopper)
    elsewhere = consenting()
    elsewhere.cookies["cart"] = "full"
    assert _seen(elsewhere) == "[]"
    elsewhere.get("/enter/ada/")
    assert WORDS in _seen(elsewhere)


def test_other_customer_at_the_same_device_is_not_reminded(leaver, django_user_model):
    for name in ("ada", "bea"):
        django_user_model.objects.create(username=name)
    leaver.get("/enter/ada/")
    leaver.get("/leave/")
    leaver.get("/enter/bea/")
    leaver.cookies["cart"] = "full"
    assert _seen(leaver) == "[]"


def test_own_content_and_own_template_are_shown_instead(leaver, make_experience, settings, tmp_path):
    make_experience("words", "abandoned-cart", slot="cart-reminder", content_html="<i>Hello</i>", priority=1)
    assert _seen(leaver) == "[<i>Hello</i>]"
    (tmp_path / "mine.html").write_text("{{ cart.pieces }} things, {{ cart.subtotal.amount }}, {{ cart_url }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    own = {"content_html": "", "template_name": "mine.html", "priority": 2}
    make_experience("mine", "abandoned-cart", slot="cart-reminder", **own)
    assert _seen(leaver) == "[3 things, 122, /cart/]"


def test_titles_are_escaped(leaver, shop):
    shop.add_product("boot", title="<b>", stock=1)
    assert "Still in your cart: &lt;b&gt; and one more thing." in _seen(leaver)


def test_shop_that_fails_costs_the_reminder_and_not_the_page(leaver, shop, monkeypatch, caplog):
    monkeypatch.setattr(shop, "cart", lambda request: 1 / 0)
    assert _seen(leaver) == "[]"
    assert "Could not ask the shop for the cart" in caplog.text


def test_nothing_is_shown_while_personalisation_is_stopped(leaver):
    stop(by="ada", now=timezone.now())
    assert _seen(leaver) == "[]"


def test_template_without_a_request_shows_nothing(reminder):
    assert engines["django"].from_string(BODY).render() == "[]"


def test_wrong_tag_is_refused_when_the_template_is_read():
    with pytest.raises(TemplateSyntaxError, match="stands alone"):
        engines["django"].from_string('{% load microseg %}{% cart_reminder "x" %}')
