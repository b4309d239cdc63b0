"""The account: registering, orders, cancelling, refunding, points and details."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from example_shop.shop.loyalty import standing_of
from example_shop.shop.models import CustomerProfile, Order, Product
from example_shop.shop.orders import cancel_order, may_cancel, may_refund, refund_order

from .factories import OrderFactory, OrderLineFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db

PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "cancel", "refund"),
    [
        (timedelta(0), True, False),
        (DAY - SECOND, True, False),
        (DAY, False, True),
        (60 * DAY - SECOND, False, True),
        (60 * DAY, False, False),
    ],
)
def test_an_order_is_cancelled_within_a_day_and_refunded_within_sixty(
    age: timedelta, *, cancel: bool, refund: bool
) -> None:
    order = OrderFactory(placed_at=PLACED)
    assert (may_cancel(order, PLACED + age), may_refund(order, PLACED + age)) == (cancel, refund)


def test_cancelling_gives_the_stock_back_once() -> None:
    order = OrderFactory(placed_at=PLACED)
    OrderLineFactory(order=order, product=ProductFactory(stock=5), quantity=2)
    assert [cancel_order(order, PLACED + SECOND), cancel_order(order, PLACED + SECOND)] == [True, False]
    assert (Order.objects.get().status, Product.objects.get().stock) == ("cancelled", 7)


def test_two_requests_with_the_same_order_cancel_it_once() -> None:
    order = OrderFactory(placed_at=PLACED)
    OrderLineFactory(order=order, product=ProductFactory(stock=5), quantity=2)
    same = Order.objects.get()
    assert [cancel_order(order, PLACED + SECOND), cancel_order(same, PLACED + SECOND)] == [True, False]
    assert Product.objects.get().stock == 7


def test_a_refund_of_a_product_that_is_gone_still_works() -> None:
    order = OrderFactory(placed_at=PLACED)
    OrderLineFactory(order=order)
    Product.objects.all().delete()
    assert refund_order(order, PLACED + 2 * DAY)


def test_a_customer_cancels_after_being_asked(client: Client) -> None:
    order = OrderFactory()
    client.force_login(order.user)
    path = f"/account/orders/{order.number}/cancel/"
    assert "This cannot be undone" in client.get(path).text
    assert Order.objects.get().status == "placed"
    client.post(path)
    assert Order.objects.get().status == "cancelled"


def test_a_customer_refunds_an_older_order(client: Client) -> None:
    order = OrderFactory(placed_at=timezone.now() - 3 * DAY)
    client.force_login(order.user)
    client.post(f"/account/orders/{order.number}/refund/")
    assert Order.objects.get().status == "refunded"


def test_an_order_too_old_stays_as_it_is_and_says_so(client: Client) -> None:
    order = OrderFactory(placed_at=timezone.now() - 61 * DAY)
    client.force_login(order.user)
    page = client.post(f"/account/orders/{order.number}/refund/", follow=True)
    assert Order.objects.get().status == "placed"
    assert "can no longer be changed" in page.text


@pytest.mark.parametrize("deed", ["", "cancel/", "refund/"])
def test_the_order_of_somebody_else_does_not_exist(client: Client, deed: str) -> None:
    order = OrderFactory()
    client.force_login(UserFactory())
    assert client.post(f"/account/orders/{order.number}/{deed}").status_code in (404, 405)
    assert client.get(f"/account/orders/{order.number}/{deed}").status_code == 404


def test_registering_opens_an_account_and_signs_in(client: Client) -> None:
    answer = client.post(
        "/register/",
        {
            "username": "ines",
            "email": "ines@example.com",
            "password1": "walking-boots-9",
            "password2": "walking-boots-9",
            "newsletter": "on",
        },
    )
    assert answer.headers["Location"] == "/account/"
    customer = CustomerProfile.objects.get(user=User.objects.get(username="ines", email="ines@example.com"))
    assert (customer.newsletter, customer.birthday) == (True, None)
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/"])
def test_registering_never_leads_away_from_the_shop(client: Client, next_page: str) -> None:
    form = {
        "username": "ines",
        "email": "i@example.com",
        "password1": "walking-boots-9",
        "password2": "walking-boots-9",
        "next": next_page,
    }
    assert client.post("/register/", form).headers["Location"] == "/account/"


def test_details_are_kept(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    client.post(
        "/account/details/", {"birthday": "1996-04-30", "gender": "female", "country": "GB", "newsletter": "on"}
    )
    customer = CustomerProfile.objects.get(user=user)
    assert (customer.birthday, customer.gender, customer.country, customer.newsletter) == (
        date(1996, 4, 30),
        "female",
        "GB",
        True,
    )


def test_a_birthday_to_come_is_refused(client: Client) -> None:
    client.force_login(UserFactory())
    page = client.post("/account/details/", {"birthday": f"{timezone.localdate() + DAY}"})
    assert "This day has not come yet." in page.text


def test_points_count_standing_orders_of_a_year() -> None:
    orders = [
        OrderFactory(subtotal=Decimal("150.99"), discount=Decimal("0.50"), placed_at=PLACED),
        OrderFactory(subtotal=Decimal("60.00"), placed_at=PLACED - 364 * DAY),
        OrderFactory(subtotal=Decimal("999.00"), placed_at=PLACED - 365 * DAY),
        OrderFactory(subtotal=Decimal("999.00"), placed_at=PLACED, status=Order.Status.REFUNDED),
    ]
    standing = standing_of(orders, PLACED)
    assert (standing.points, standing.tier.name, standing.missing_points) == (210, "Rambler", 290)


def test_nobody_starts_below_the_first_tier() -> None:
    assert standing_of([], PLACED).tier.name == "Stroller"


def test_the_account_shows_points_tier_and_what_may_be_remembered(client: Client) -> None:
    user = UserFactory()
    OrderFactory(user=user, placed_at=timezone.now() - DAY, subtotal=Decimal(1240), discount=Decimal(0))
    client.force_login(user)
    client.post("/microseg/consent/", {"personalisation": "yes", "measurement": "no", "advertising": "no"})
    page = client.get("/account/").text
    assert '<strong class="points">1,240</strong>' in page
    assert '<li aria-current="true"><strong>Fellwalker</strong>' in page
    assert "<dt>Choose what you see</dt><dd>yes</dd><dt>Count your visit</dt><dd>no</dd>" in page
