"""From cart to order: guests and customers, coupons, stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from example_shop.shop.models import Cart, Order, Product

from .factories import CartLineFactory, OrderFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = {
    "email": "hannah@example.com",
    "full_name": "Hannah Wren",
    "address": "4 Bank Street",
    "town": "Hebden Bridge",
    "postcode": "HX7 8AA",
    "country": "GB",
}
D = Decimal


@pytest.fixture
def filled(client: Client) -> Client:
    """A stranger with two boots of 40 pounds in the cart."""
    ProductFactory(slug="malham", name="Malham")
    client.post("/cart/add/malham/", {"size": "8", "quantity": 2})
    return client


def _submit(client: Client, action: str = "order", **more: str) -> Any:
    return client.post("/checkout/", ADDRESS | {"coupon": "", "action": action} | more)


def _amounts(order: Order) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return order.subtotal, order.discount, order.delivery, order.total


def test_a_guest_orders(filled: Client) -> None:
    answer = _submit(filled)
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/thank-you/{order.number}/"
    assert (order.user, order.email, order.status, order.coupon, order.currency) == (
        None,
        "hannah@example.com",
        "placed",
        "",
        "GBP",
    )
    assert _amounts(order) == (D("80.00"), D("0.00"), D("0.00"), D("80.00"))
    assert [(line.name, line.size, line.quantity, line.price) for line in order.lines.all()] == [
        ("Malham", "8", 2, D("40.00"))
    ]


def test_an_order_empties_the_cart_and_takes_the_stock(filled: Client) -> None:
    _submit(filled)
    assert (Cart.objects.count(), Product.objects.get().stock) == (0, 18)


def test_the_guest_sees_the_thank_you_and_nobody_else_does(filled: Client) -> None:
    path = _submit(filled).headers["Location"]
    assert filled.get(path).status_code == 200
    assert Client().get(path).status_code == 404


def test_a_customer_orders_into_the_account() -> None:
    client, user = Client(), UserFactory()
    client.force_login(user)
    CartLineFactory(cart__user=user)
    _submit(client)
    assert Order.objects.get().user == user


def test_welcome10_takes_ten_per_cent(filled: Client) -> None:
    _submit(filled, coupon="welcome10")
    order = Order.objects.get()
    assert (order.coupon, *_amounts(order)) == ("WELCOME10", D("80.00"), D("8.00"), D("0.00"), D("72.00"))


def test_applying_a_coupon_shows_the_new_total_and_keeps_what_was_typed(filled: Client) -> None:
    page = _submit(filled, "coupon", coupon="WELCOME10", email="", town="Keswick")
    assert (page.status_code, page.context["totals"].total) == (200, D("72.00"))
    assert 'value="Keswick"' in page.text
    assert "This field is required" not in page.text


def test_an_applied_coupon_is_still_there_on_the_next_visit(filled: Client) -> None:
    _submit(filled, "coupon", coupon="WELCOME10")
    assert filled.get("/checkout/").context["totals"].discount == D("8.00")


def test_enter_applies_a_fresh_coupon_and_orders_nothing(filled: Client) -> None:
    page = _submit(filled, "enter", coupon="WELCOME10")
    assert (page.status_code, Order.objects.count(), page.context["totals"].discount) == (200, 0, D("8.00"))
    assert _submit(filled, "enter", coupon="WELCOME10").status_code == 302


def test_an_unknown_coupon_is_refused_and_nothing_ordered(filled: Client) -> None:
    page = _submit(filled, coupon="NOPE")
    assert (page.status_code, Order.objects.count()) == (422, 0)
    assert "We know no coupon NOPE" in page.text


def test_welcome10_is_refused_for_a_second_order_of_the_same_address(filled: Client) -> None:
    OrderFactory(user=None, email="Hannah@example.com")
    assert "is for a first order" in _submit(filled, coupon="WELCOME10").text


def test_welcome10_is_given_again_when_the_first_order_was_cancelled(filled: Client) -> None:
    OrderFactory(user=None, email="hannah@example.com", status=Order.Status.CANCELLED)
    assert _submit(filled, coupon="WELCOME10").status_code == 302


def test_thanks5_is_for_any_order(filled: Client) -> None:
    OrderFactory(user=None, email="hannah@example.com")
    _submit(filled, coupon="THANKS5")
    assert Order.objects.get(coupon="THANKS5").discount == D("4.00")


def test_a_missing_address_orders_nothing(filled: Client) -> None:
    page = _submit(filled, town="", email="no mail")
    assert (page.status_code, Order.objects.count()) == (422, 0)
    assert [field.name for field in page.context["wrong"]] == ["email", "town"]
    assert "We need a town." in page.text


def test_stock_that_went_meanwhile_orders_nothing(filled: Client) -> None:
    Product.objects.update(stock=1)
    answer = _submit(filled)
    assert (answer.headers["Location"], Order.objects.count(), Product.objects.get().stock) == ("/cart/", 0, 1)
    assert "was bought by someone else" in filled.get("/cart/").text


def test_the_same_order_sent_twice_is_placed_once(filled: Client) -> None:
    assert _submit(filled).status_code == 302
    assert _submit(filled).headers["Location"] == "/cart/"
    assert Order.objects.count() == 1


def test_an_empty_cart_leads_back(client: Client) -> None:
    assert client.get("/checkout/").headers["Location"] == "/cart/"


def test_a_customer_finds_the_last_address_filled_in() -> None:
    client, user = Client(), UserFactory()
    client.force_login(user)
    OrderFactory(user=user, town="Keswick")
    CartLineFactory(cart__user=user)
    assert 'value="Keswick"' in client.get("/checkout/").text
