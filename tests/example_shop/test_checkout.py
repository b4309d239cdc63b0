"""From cart to order: guests and customers, coupons, stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from django_microseg.api import Refusal
from django_microseg.testing import override_segments
from example_shop.shop import discounts
from example_shop.shop.models import Cart, Order, Product

from .factories import CartLineFactory, OrderFactory, ProductFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offers")]

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
    assert "We know no code NOPE" in page.text


def test_welcome10_is_refused_for_a_second_order_of_the_same_address(filled: Client) -> None:
    OrderFactory(user=None, email="Hannah@example.com")
    assert "is for a first order" in _submit(filled, coupon="WELCOME10").text


def test_welcome10_is_given_again_when_the_first_order_was_cancelled(filled: Client) -> None:
    OrderFactory(user=None, email="hannah@example.com", status=Order.Status.CANCELLED)
    assert _submit(filled, coupon="WELCOME10").status_code == 302


def test_welcome10_is_given_once_and_anew_after_a_cancellation() -> None:
    client, user = Client(), UserFactory()
    client.force_login(user)
    ProductFactory(slug="malham")
    numbers = []
    for coupon in ("WELCOME10", "WELCOME10"):
        client.post("/cart/add/malham/", {"size": "8", "quantity": 2})
        assert _submit(client, coupon=coupon).status_code == 302
        numbers.append(Order.objects.latest("pk").number)
        client.post(f"/account/orders/{numbers[-1]}/cancel/")
    assert list(Order.objects.values_list("discount", "status")) == [(D("8.00"), "cancelled")] * 2


def test_welcome10_is_not_given_to_a_second_browser_with_the_same_address(filled: Client) -> None:
    _submit(filled, coupon="WELCOME10")
    other = Client()
    other.post("/cart/add/malham/", {"size": "8", "quantity": 2})
    page = _submit(other, coupon="WELCOME10", email="Hannah+again@Example.com")
    assert (page.status_code, Order.objects.count()) == (422, 1)
    assert "has been used already" in page.text


def test_thanks5_is_for_any_order_and_once(filled: Client) -> None:
    OrderFactory(user=None, email="hannah@example.com")
    assert "Next time, THANKS5" not in filled.get(_submit(filled, coupon="THANKS5").headers["Location"]).text
    assert Order.objects.get(coupon="THANKS5").discount == D("4.00")


def test_whoever_has_not_used_thanks5_is_told_of_it(filled: Client) -> None:
    assert "Next time, THANKS5 takes five per cent off." in filled.get(_submit(filled).headers["Location"]).text


@pytest.mark.parametrize(("segments", "total"), [(["regular-buyers"], "75.00"), ([], "80.00")])
def test_regular_customers_get_five_pounds_off_without_a_code_and_others_do_not(
    filled: Client, segments: list[str], total: str
) -> None:
    with override_segments(*segments):
        assert filled.get("/cart/").context["totals"].total == D(total)
        assert filled.get("/checkout/").context["totals"].total == D(total)
        _submit(filled)
    order = Order.objects.get()
    assert (order.coupon, order.total, order.discount) == ("", D(total), D("80.00") - D(total))


def test_a_code_that_gives_less_than_the_visitor_has_anyway_stays_theirs(filled: Client) -> None:
    with override_segments("vip"):
        page = _submit(filled, "coupon", coupon="THANKS5")
        assert "You get more off without the code THANKS5." in page.text
        _submit(filled, coupon="THANKS5")
    assert Order.objects.values("discount", "coupon").get() == {"discount": D("5.00"), "coupon": ""}


def test_a_code_that_was_applied_shows_in_the_cart(filled: Client) -> None:
    _submit(filled, "coupon", coupon="WELCOME10")
    page = filled.get("/cart/")
    assert (page.context["totals"].total, "Ten per cent off your first order" in page.text) == (D("72.00"), True)


def test_an_offer_that_ended_meanwhile_is_said_before_anything_is_ordered(filled: Client) -> None:
    with override_segments("vip"):
        assert filled.get("/checkout/").context["totals"].total == D("75.00")
    page = _submit(filled, shown_total="75.00")
    assert (page.status_code, Order.objects.count()) == (422, 0)
    assert "The total has changed since you saw it." in page.text
    assert _submit(filled, shown_total="80.00").status_code == 302


@pytest.mark.parametrize("shown", ["100.00", "nonsense", "NaN", "", "-Infinity2"])
def test_a_total_that_the_shop_never_showed_stops_nobody(filled: Client, shown: str) -> None:
    assert _submit(filled, shown_total=shown).status_code == 302
    assert Order.objects.get().total == D("80.00")


def test_a_discount_that_another_order_was_quicker_to_claim_orders_nothing(
    filled: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = discounts.Discounts("GBP", refusal=Refusal.USED)
    monkeypatch.setattr(discounts, "claim_discounts", lambda request, **order: nothing)
    answer = _submit(filled, coupon="WELCOME10")
    assert (answer.headers["Location"], Order.objects.count(), Cart.objects.count()) == ("/checkout/", 0, 1)
    assert "has just been used by another order of yours" in filled.get("/checkout/").text


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
