"""Carts of the example shop: whose they are, what lies in them, and that looking leaves no trace."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from django_microseg.shop.mapped import MappedAdapter
from django_microseg.shop.values import CartInfo, LineInfo, Money
from django_microseg.testing.browser import Browser
from example_shop.shop import carts
from example_shop.shop.models import Cart, Product
from tests.example_shop.factories import CartFactory, CartLineFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


def with_cart(*products: Product, quantity: int = 1) -> Browser:
    """A visitor who is not logged in and has put things into the cart."""
    browser = Browser()
    request = browser.request()
    for product in products:
        carts.add_to_cart(carts.open_cart(request), product, quantity=quantity)
    browser.keep(request)
    return browser


def test_cart_of_a_session_is_told_whole(shop: MappedAdapter) -> None:
    boot = ProductFactory(slug="boot", name="Boot", price=Decimal("40.00"))
    sock = ProductFactory(slug="sock", name="Sock", price=Decimal("9.50"))
    cart = shop.cart(with_cart(boot, sock, quantity=2).request())
    (stored,) = Cart.objects.all()
    assert cart == CartInfo(
        key=str(stored.pk),
        lines=(
            LineInfo("boot", 2, Money(Decimal("40.00"), "GBP"), "Boot", "/p/boot/", "/pictures/boot.svg"),
            LineInfo("sock", 2, Money(Decimal("9.50"), "GBP"), "Sock", "/p/sock/", "/pictures/sock.svg"),
        ),
        subtotal=Money(Decimal("99.00"), "GBP"),
        updated_at=stored.updated_at,
    )


def test_strangers_see_no_cart(shop: MappedAdapter) -> None:
    with_cart(ProductFactory())
    assert shop.cart(with_cart().request()) is None
    assert shop.cart(Browser().request()) is None


def test_cart_of_a_customer(shop: MappedAdapter) -> None:
    line = CartLineFactory(quantity=3)
    browser, other = Browser(), Browser()
    browser.log_in(line.cart.user)
    other.log_in(UserFactory())
    cart = shop.cart(browser.request())
    assert cart is not None
    assert (cart.customer_key, cart.pieces) == (str(line.cart.user.pk), 3)
    assert shop.cart(other.request()) is None


def test_whoever_is_not_logged_in_never_sees_a_customers_cart(shop: MappedAdapter) -> None:
    browser = with_cart(ProductFactory())
    assert shop.cart(browser.request()) is not None
    Cart.objects.update(user=UserFactory())
    assert shop.cart(browser.request()) is None


def test_empty_cart_is_none(shop: MappedAdapter) -> None:
    cart, browser = CartFactory(), Browser()
    browser.log_in(cart.user)
    assert shop.cart(browser.request()) is None


def test_visitor_without_a_session_is_left_alone(
    shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = Browser().request()
    with django_assert_num_queries(0):
        assert shop.cart(request) is None
    assert (request.session.accessed, request.session.modified, request.session.session_key) == (False, False, None)
    assert "_cached_user" not in request.__dict__


def test_looking_leaves_no_trace(shop: MappedAdapter) -> None:
    request = with_cart(ProductFactory()).request()
    before = (Cart.objects.count(), Session.objects.count())
    assert shop.cart(request) is not None
    assert request.session.modified is False
    assert (Cart.objects.count(), Session.objects.count()) == before


def test_session_that_is_over_has_no_cart(shop: MappedAdapter) -> None:
    browser = with_cart(ProductFactory())
    Session.objects.all().delete()
    request = browser.request()
    assert shop.cart(request) is None
    assert Session.objects.count() == 0


def test_user_whom_the_shop_knows_without_a_session(shop: MappedAdapter) -> None:
    line = CartLineFactory()
    request = RequestFactory().get("/")
    request.user = line.cart.user  # as a token of an API would put it there
    assert shop.cart(request) is not None
    request.user = AnonymousUser()
    assert shop.cart(request) is None


def test_request_without_session_and_user(shop: MappedAdapter) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "left-over"
    assert shop.cart(request) is None


@pytest.mark.parametrize("number", [1, 12])
def test_two_queries_whatever_the_number_of_lines(
    shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    line = CartLineFactory()
    for _ in range(number - 1):
        CartLineFactory(cart=line.cart)
    request = RequestFactory().get("/")
    request.user = line.cart.user
    with django_assert_num_queries(2):
        assert len(shop.cart(request).lines) == number  # type: ignore[union-attr]


def test_sold_out_product_is_known_as_such(shop: MappedAdapter) -> None:
    product = ProductFactory(stock=2)
    browser = with_cart(product)
    Product.objects.update(stock=0)
    cart = shop.cart(browser.request())
    assert cart is not None
    assert [line.is_available for line in cart.lines] == [False]


def mapped(**changes: Any) -> MappedAdapter:
    """The example shop's mapping with another cart section."""
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    mapping["cart"] |= changes
    return MappedAdapter(mapping)


def test_lines_that_hold_only_a_key_are_filled_from_the_products(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = with_cart(ProductFactory(slug="boot", name="Boot"), ProductFactory())
    shop = mapped(lines={"path": "lines", "product": "product.slug", "quantity": "quantity"})
    request = browser.request()
    request.session.get("warm")
    request.user.is_authenticated  # noqa: B018 - the shop's own page has read it before
    with django_assert_num_queries(3):
        cart = shop.cart(request)
    assert cart is not None
    assert cart.lines[0] == LineInfo(
        "boot", 1, Money(Decimal("40.00"), "GBP"), "Boot", "/p/boot/", "/pictures/boot.svg"
    )


def test_cart_under_the_sessions_own_key() -> None:
    browser = with_cart(ProductFactory())
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    del mapping["cart"]["session_name"]
    shop = MappedAdapter(mapping)
    assert shop.cart(browser.request()) is None
    Cart.objects.update(session_key=browser.request().session.session_key)
    assert shop.cart(browser.request()) is not None


def test_cart_whose_key_lies_in_the_session() -> None:
    browser, cart = with_cart(ProductFactory()), Cart.objects.get()
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    del mapping["cart"]["session_field"]
    shop = MappedAdapter(mapping)
    for value, is_found in ((cart.pk, True), ({"no": "key"}, False), ("x", False), (cart.pk + 1, False)):
        request = browser.request()
        request.session["shop_cart"] = value
        assert (shop.cart(request) is not None) is is_found


def test_subtotal_is_the_shops_own_if_it_has_one() -> None:
    browser = with_cart(ProductFactory(price=Decimal("40.00")))
    assert mapped(subtotal="pk").cart(browser.request()).subtotal == Money(  # type: ignore[union-attr]
        Decimal(Cart.objects.get().pk), "GBP"
    )


def test_subtotal_over_several_currencies_is_not_known(shop: MappedAdapter) -> None:
    browser = with_cart(ProductFactory(), ProductFactory(currency="EUR"))
    assert shop.cart(browser.request()).subtotal is None  # type: ignore[union-attr]
