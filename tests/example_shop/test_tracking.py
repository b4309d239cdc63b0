"""What the shop tells the personalisation app: the right event, once, with the figures of the catalogue."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from example_shop.shop.models import CartLine, Order

from .factories import OrderFactory, OrderLineFactory, ProductFactory, UserFactory
from .test_checkout import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offers")]

Told = list[tuple[str, dict[str, Any]]]
D = Decimal


@pytest.fixture(autouse=True)
def malham() -> None:
    ProductFactory(slug="malham", sku="BO-201", name="Malham", attributes=["eco-friendly"])


def _names(told: Told) -> list[str]:
    return [name for name, _ in told]


def test_a_product_page_tells_all_about_the_product(client: Client, told: Told) -> None:
    client.get("/p/malham/")
    assert told == [
        (
            "product_viewed",
            {
                "product_id": "malham",
                "sku": "BO-201",
                "name": "Malham",
                "category": "boots",
                "brand": "Karstwell",
                "price": D("40.00"),
                "attributes": ["eco-friendly"],
                "currency": "GBP",
            },
        )
    ]


def test_a_recommendation_that_was_followed_is_told_too(client: Client, told: Told) -> None:
    client.get("/p/malham/?from=goes-well-with")
    assert _names(told) == ["recommendation_clicked", "product_viewed"]


def test_a_category_tells_what_it_showed(client: Client, told: Told) -> None:
    client.get("/c/boots/?attribute=eco-friendly")
    assert [(name, facts["category"], [one["product_id"] for one in facts["products"]]) for name, facts in told] == [
        ("product_list_viewed", "boots", ["malham"])
    ]


def test_a_search_tells_its_words_and_an_empty_one_nothing(client: Client, told: Told) -> None:
    client.get("/search/?q=")
    client.get("/search/?q=+dry+boots+")
    assert told == [("products_searched", {"query": "dry boots"})]


def test_home_and_plain_pages_are_left_to_the_middleware(client: Client, told: Told) -> None:
    assert [client.get(path).status_code for path in ("/", "/about/", "/privacy/", "/preferences/", "/cart/")] == [
        200
    ] * 5
    assert told == []


def test_the_cart_tells_additions_and_removals_by_their_difference(client: Client, told: Told) -> None:
    client.post("/cart/add/malham/", {"size": "8", "quantity": 2})
    path = f"/cart/line/{CartLine.objects.get().pk}/"
    for quantity in (5, 5, 4, 0):
        client.post(path, {"quantity": quantity})
    assert [(name, facts["quantity"]) for name, facts in told] == [
        ("product_added", 2),
        ("product_added", 3),
        ("product_removed", 1),
        ("product_removed", 4),
    ]


def test_what_could_not_be_added_is_not_told(client: Client, told: Told) -> None:
    ProductFactory(slug="gone", stock=0)
    client.post("/cart/add/gone/", {"size": "8"})
    client.post("/cart/add/malham/", {"size": "wrong"})
    assert told == []


def test_the_way_to_an_order_is_told_step_by_step(client: Client, told: Told) -> None:
    client.post("/cart/add/malham/", {"size": "8", "quantity": 2})
    client.get("/cart/")
    client.get("/checkout/")
    client.post("/checkout/", ADDRESS | {"coupon": "welcome10", "action": "coupon"})
    client.post("/checkout/", ADDRESS | {"coupon": "WELCOME10", "action": "order"})
    assert _names(told) == ["product_added", "cart_viewed", "checkout_started", "coupon_applied", "order_completed"]
    assert told[3][1] | {"cart_id": ""} == {
        "cart_id": "",
        "coupon": "WELCOME10",
        "coupon_name": "Ten per cent off your first order",
        "discount": D("8.00"),
        "currency": "GBP",
    }


def test_an_order_is_told_with_its_lines_and_money(client: Client, told: Told) -> None:
    client.post("/cart/add/malham/", {"size": "8", "quantity": 1})
    client.post("/checkout/", ADDRESS | {"coupon": "WELCOME10", "action": "order"})
    line = {
        "product_id": "malham",
        "name": "Malham",
        "category": "boots",
        "brand": "Karstwell",
        "price": D("40.00"),
        "quantity": 1,
    }
    assert told[-1] == (
        "order_completed",
        {
            "order_id": Order.objects.get().number,
            "subtotal": D("40.00"),
            "discount": D("4.00"),
            "shipping": D("3.95"),
            "total": D("39.95"),
            "revenue": D("36.00"),
            "coupon": "WELCOME10",
            "currency": "GBP",
            "products": [line],
        },
    )


@pytest.mark.parametrize(("deed", "days", "event"), [("cancel", 0, "order_cancelled"), ("refund", 2, "order_refunded")])
def test_undoing_an_order_is_told_once(client: Client, told: Told, deed: str, days: int, event: str) -> None:
    order = OrderFactory(placed_at=timezone.now() - timedelta(days=days))
    OrderLineFactory(order=order)
    client.force_login(order.user)
    for _ in range(2):
        client.post(f"/account/orders/{order.number}/{deed}/")
    assert [(name, facts["order_id"], facts["revenue"]) for name, facts in told] == [(event, order.number, D("40.00"))]


def test_a_new_account_is_told(client: Client, told: Told) -> None:
    form = {
        "username": "ines",
        "email": "i@example.com",
        "password1": "walking-boots-9",
        "password2": "walking-boots-9",
    }
    client.post("/register/", form)
    assert told == [("customer_identified", {"method": "registration"})]


def test_a_review_is_told(client: Client, told: Told) -> None:
    client.force_login(UserFactory(first_name="Ines"))
    client.post("/p/malham/review/", {"rating": "4", "text": "Dry so far."})
    assert [(name, facts["product_id"], facts["rating"], facts["review_body"]) for name, facts in told] == [
        ("product_reviewed", "malham", 4, "Dry so far.")
    ]
