"""Orders of the example shop: which are there, whose they are, and which count."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from django_microseg.shop.mapped import MappedAdapter
from django_microseg.shop.values import LineInfo, Money, OrderInfo
from example_shop.shop.models import Order, Product
from tests.example_shop.factories import OrderFactory, OrderLineFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def customer_number(user: Any) -> str:
    return str(user.username)


def mapped(**changes: Any) -> MappedAdapter:
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    mapping["order"] |= changes
    return MappedAdapter(mapping)


def keys(orders: Any) -> list[str]:
    return [order.key for order in orders]


def test_order_is_told_whole(shop: MappedAdapter) -> None:
    user = UserFactory(email="Ann@Example.com")
    order = OrderFactory(number="M1", user=user, placed_at=NOON, coupon="SPRING", total=Decimal("83.95"))
    OrderLineFactory(order=order, product=ProductFactory(slug="boot"), name="Boot")
    assert list(shop.orders()) == [
        OrderInfo(
            key="M1",
            placed_at=NOON,
            counts=True,
            customer_key=str(user.pk),
            email="Ann@Example.com",
            lines=(LineInfo("boot", 2, Money(Decimal("40.00"), "GBP"), "Boot"),),
            total=Money(Decimal("83.95"), "GBP"),
            coupon="SPRING",
        )
    ]


def test_line_stays_when_its_product_goes(shop: MappedAdapter) -> None:
    OrderLineFactory(product=ProductFactory(slug="boot"))
    Product.objects.all().delete()
    (order,) = shop.orders()
    assert [line.product_key for line in order.lines] == ["boot"]


def test_line_whose_product_is_a_row_that_went() -> None:
    OrderLineFactory(name="Boot")
    Product.objects.all().delete()
    lines = {"path": "lines", "product": "product", "title": "name", "quantity": "quantity"}
    (order,) = mapped(lines=lines).orders()
    assert order.lines == (LineInfo("", 2, None, "Boot"),)


def test_oldest_first_and_since(shop: MappedAdapter) -> None:
    for number, days in (("M2", 2), ("M1", 1), ("M3", 3)):
        OrderFactory(number=number, placed_at=NOON + days * DAY)
    assert keys(shop.orders()) == ["M1", "M2", "M3"]
    assert keys(shop.orders(since=NOON + 2 * DAY)) == ["M2", "M3"]


def test_by_keys(shop: MappedAdapter) -> None:
    OrderFactory(number="M1")
    OrderFactory(number="M2")
    assert keys(shop.orders(keys=["M2", "M9", "\x00"])) == ["M2"]
    assert keys(shop.orders(keys=[])) == []


def test_of_a_customer_or_an_address(shop: MappedAdapter) -> None:
    user = UserFactory()
    OrderFactory(number="M1", user=user, placed_at=NOON)
    OrderFactory(number="M2", user=None, email="ann@example.com", placed_at=NOON + DAY)
    OrderFactory(number="M3", placed_at=NOON + 2 * DAY)
    key = str(user.pk)
    assert keys(shop.orders(customer_key=key)) == ["M1"]
    assert keys(shop.orders(email=" ANN@example.com ")) == ["M2"]
    assert keys(shop.orders(customer_key=key, email="ann@example.com")) == ["M1", "M2"]
    assert keys(shop.orders(customer_key=key, email="ann@example.com", keys=["M2", "M3"])) == ["M2"]


@pytest.mark.parametrize("number", [1, 12])
def test_two_queries_whatever_the_number(
    shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        OrderLineFactory()
    with django_assert_num_queries(2):
        assert len(list(shop.orders())) == number


@pytest.mark.parametrize(
    ("email", "has"),
    [
        ("ann@example.com", True),
        ("Ann@Example.COM", True),
        (" ann@example.com", True),
        ("ann_@example.com", False),
        ("a%@example.com", False),
        ("an@example.com", False),
    ],
)
def test_guest_has_ordered_by_the_address(
    shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries, email: str, has: bool
) -> None:
    OrderFactory(user=None, email="Ann@example.com")
    with django_assert_num_queries(1):
        assert shop.has_ordered(email=email) is has


@pytest.mark.parametrize("email", ["ann@example.com\x00", "ann\ud800@example.com"])
def test_address_that_no_database_takes_has_no_order(shop: MappedAdapter, email: str) -> None:
    OrderFactory(user=None, email="ann@example.com")
    assert shop.has_ordered(email=email) is False
    assert list(shop.orders(email=email)) == []


def test_customer_has_ordered(shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    order, other = OrderFactory(), UserFactory()
    with django_assert_num_queries(1):
        assert shop.has_ordered(customer_key=str(order.user.pk)) is True
    with django_assert_num_queries(1):
        assert shop.has_ordered(customer_key=str(other.pk), email="other@example.com") is False
    assert shop.has_ordered(customer_key="no number") is False


def test_nobody_has_not_ordered(shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    OrderFactory(user=None, email="")
    with django_assert_num_queries(0):
        assert shop.has_ordered() is False


@pytest.mark.parametrize("status", [Order.Status.CANCELLED, Order.Status.REFUNDED])
def test_order_that_does_not_stand_does_not_count(shop: MappedAdapter, status: str) -> None:
    order = OrderFactory(status=status)
    key = str(order.user.pk)
    assert [each.counts for each in shop.orders()] == [False]
    assert shop.has_ordered(customer_key=key, email=order.email) is False
    OrderFactory(user=order.user)
    assert shop.has_ordered(customer_key=key) is True


def test_statuses_that_count_may_be_named_instead() -> None:
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    del mapping["order"]["not_counted"]
    mapping["order"]["counted"] = ["placed"]
    shop, order = MappedAdapter(mapping), OrderFactory()
    assert shop.has_ordered(email=order.email) is True
    Order.objects.update(status="cancelled")
    assert shop.has_ordered(email=order.email) is False
    assert [each.counts for each in shop.orders()] == [False]


def test_without_a_status_every_order_counts() -> None:
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    del mapping["order"]["not_counted"], mapping["order"]["status"]
    shop, order = MappedAdapter(mapping), OrderFactory(status="cancelled")
    assert shop.has_ordered(email=order.email) is True
    assert [each.counts for each in shop.orders()] == [True]


def test_what_cannot_be_looked_up_is_not_known() -> None:
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    del mapping["order"]["user"]
    shop, order = MappedAdapter(mapping), OrderFactory()
    assert shop.has_ordered(customer_key=str(order.user.pk)) is None
    assert shop.has_ordered(customer_key=str(order.user.pk), email=order.email) is True
    assert list(shop.orders(customer_key=str(order.user.pk))) == []


def test_customer_is_named_as_the_shop_names_customers(settings: Any) -> None:
    order = OrderFactory(user=UserFactory(username="C-17"))
    settings.MICROSEG = settings.MICROSEG | {"CUSTOMER_KEY": f"{__name__}.customer_number"}
    shop = mapped(user="user.username")
    assert [each.customer_key for each in shop.orders()] == ["C-17"]
    assert shop.has_ordered(customer_key="C-17") is True
    assert shop.has_ordered(customer_key=str(order.user.pk)) is False
