"""The shop in memory keeps the contract, and stands in for the real one as long as it is asked to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from django_microseg.shop.current import current_shop
from django_microseg.shop.values import Money
from django_microseg.testing import Browser, MemoryShop, use_shop
from example_shop.shop.models import Category
from tests.shop.in_memory import InMemory


@pytest.mark.django_db
class TestMemoryShop(InMemory):
    @pytest.fixture(autouse=True)
    def _new_shop(self) -> None:
        self.shop = MemoryShop(currency="GBP")


@pytest.mark.django_db
class TestShopWithoutCartsAndOrders(TestMemoryShop):
    """What a shop has not got, it does not tell of."""

    has_categories = has_carts = has_orders = False


def test_it_stands_in_until_it_is_released(settings: Any) -> None:
    settings.MICROSEG = {}
    before = current_shop()
    with use_shop(MemoryShop()) as shop, use_shop(MemoryShop()) as inner:
        assert current_shop() is inner is not shop
    assert current_shop() is before


def test_it_is_released_by_an_error() -> None:
    before = current_shop()
    with pytest.raises(ZeroDivisionError), use_shop(MemoryShop()):
        raise ZeroDivisionError
    assert current_shop() is before


def test_cart_is_told_with_what_the_shop_knows_now(db: None, django_user_model: Any) -> None:
    shop, browser = MemoryShop(currency="GBP"), Browser()
    user = django_user_model.objects.create(username="ann")
    browser.log_in(user)
    shop.add_product("boot", title="Boot", price="40.00", stock=1)
    shop.put_cart(("boot", 2), customer_key=str(user.pk))
    shop.set_stock("boot", 0)
    cart = shop.cart(browser.request())
    assert cart is not None
    assert (cart.subtotal, cart.lines[0].is_available) == (Money(Decimal("80.00"), "GBP"), False)


def test_line_of_a_product_that_went_stays(db: None) -> None:
    shop = MemoryShop()
    shop.add_product("boot", title="Boot", price=40)
    shop.add_order("o1", ("boot", 1), email="ann@example.com")
    shop.remove_product("boot")
    (order,) = shop.orders()
    assert (order.lines[0].title, order.total) == ("Boot", Money(Decimal(40), "EUR"))
    assert shop.product("boot") is None


def test_things_are_named_by_their_primary_key_or_as_the_test_says() -> None:
    assert MemoryShop().key_of(Category(pk=7, slug="boots")) == "7"
    assert MemoryShop(key_of=lambda thing: thing.slug).key_of(Category(pk=7, slug="boots")) == "boots"
    shop = MemoryShop()
    assert shop.key_of(shop.add_category("boots")) == "boots"
