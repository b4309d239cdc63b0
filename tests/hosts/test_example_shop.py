"""The example shop keeps the contract with its mapping alone."""

from __future__ import annotations

from typing import Any

import pytest

from django_microseg.testing import AdapterContract
from example_shop.shop import carts, orders
from example_shop.shop.models import Cart, Order, Product
from tests.example_shop.factories import CategoryFactory, OrderFactory, OrderLineFactory, ProductFactory, UserFactory


@pytest.mark.django_db
class TestExampleShop(AdapterContract):
    def make_product(self, **asked: Any) -> Product:
        return ProductFactory(name=asked["title"], price=asked["price"], stock=asked["stock"])

    def sell_out(self, product: Product) -> None:
        Product.objects.filter(pk=product.pk).update(stock=0)

    def make_category(self, *, title: str) -> Any:
        return CategoryFactory(slug=title.replace(" ", "-").lower(), name=title)

    def make_user(self) -> Any:
        return UserFactory()

    def fill_cart(self, request: Any, lines: Any) -> None:
        for product, quantity in lines:
            carts.add_to_cart(carts.open_cart(request), product, quantity=quantity)

    def empty_cart(self, request: Any) -> None:
        cart = carts.cart_of(request)
        assert isinstance(cart, Cart)
        for line in cart.lines.all():
            carts.change_quantity(line, 0)

    def make_order(self, *, user: Any, email: str, placed_at: Any, lines: Any) -> Order:
        order = OrderFactory(user=user, email=email, placed_at=placed_at)
        for product, quantity in lines:
            OrderLineFactory(order=order, product=product, quantity=quantity)
        return order

    def cancel_order(self, order: Order) -> None:
        assert orders.cancel_order(order, order.placed_at)
