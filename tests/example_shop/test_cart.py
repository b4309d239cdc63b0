"""The cart: adding, changing, limits of stock, and whose cart it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from example_shop.shop.carts import add_to_cart, cart_totals, change_quantity, lines_of
from example_shop.shop.models import Cart, CartLine

from .factories import CartFactory, CartLineFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


def _held(cart: Cart) -> list[tuple[str, int]]:
    return [(line.size, line.quantity) for line in cart.lines.all()]


def test_the_same_choice_twice_is_one_line() -> None:
    cart, boot = CartFactory(), ProductFactory()
    assert [add_to_cart(cart, boot, size="8", quantity=quantity) for quantity in (1, 2)] == [1, 2]
    assert _held(cart) == [("8", 3)]


def test_another_size_is_another_line() -> None:
    cart, boot = CartFactory(), ProductFactory()
    add_to_cart(cart, boot, size="8")
    add_to_cart(cart, boot, size="9", quantity=2)
    assert _held(cart) == [("8", 1), ("9", 2)]


def test_totals_of_a_mixed_cart() -> None:
    cart = CartFactory()
    add_to_cart(cart, ProductFactory(price=Decimal("18.50")), quantity=2)
    add_to_cart(cart, ProductFactory(price=Decimal("14.00")))
    totals = cart_totals(lines_of(cart))
    assert (totals.subtotal, totals.delivery, totals.total) == (Decimal("51.00"), Decimal("3.95"), Decimal("54.95"))


def test_no_more_than_the_stock_over_all_sizes() -> None:
    cart, boot = CartFactory(), ProductFactory(stock=3)
    assert [add_to_cart(cart, boot, size=size, quantity=2) for size in ("8", "9", "8")] == [2, 1, 0]


def test_no_more_than_ten_of_one_choice() -> None:
    assert add_to_cart(CartFactory(), ProductFactory(stock=50), quantity=40) == 10


def test_a_sold_out_product_is_not_added() -> None:
    cart = CartFactory()
    assert add_to_cart(cart, ProductFactory(stock=0)) == 0
    assert _held(cart) == []


@pytest.mark.parametrize(("asked", "change", "left"), [(5, 3, [5]), (1, -1, [1]), (2, 0, [2]), (0, -2, [])])
def test_changing_a_quantity_says_by_how_much(asked: int, change: int, left: list[int]) -> None:
    line = CartLineFactory(quantity=2)
    assert change_quantity(line, asked) == change
    assert [quantity for _, quantity in _held(line.cart)] == left


def test_adding_marks_the_cart_as_changed() -> None:
    cart = CartFactory()
    before = cart.updated_at
    add_to_cart(cart, ProductFactory())
    cart.refresh_from_db()
    assert cart.updated_at > before


def test_a_stranger_fills_a_cart_and_changes_it(client: Client) -> None:
    boot = ProductFactory(slug="malham", name="Malham")
    client.post("/cart/add/malham/", {"size": "8", "colour": "moss"})
    line = CartLine.objects.get()
    client.post(f"/cart/line/{line.pk}/", {"quantity": 3})
    page = client.get("/cart/")
    assert page.context["totals"].total == Decimal("120.00")
    client.post(f"/cart/line/{line.pk}/", {"quantity": 0})
    assert not CartLine.objects.exists()
    assert boot.stock == 20


def test_a_shoe_without_a_size_is_not_added_and_says_why(client: Client) -> None:
    ProductFactory(slug="malham")
    answer = client.post("/cart/add/malham/", {"colour": "moss"})
    assert (answer.status_code, CartLine.objects.count()) == (422, 0)
    assert "Please choose a size first." in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"size": "99"}, {"size": "8", "colour": "gold"}, {"size": "8", "quantity": "-1"}, {"size": "8", "quantity": "x"}],
)
def test_what_the_product_has_not_is_refused(client: Client, wrong: dict[str, str]) -> None:
    ProductFactory(slug="malham")
    assert client.post("/cart/add/malham/", wrong).status_code == 422


def test_nobody_changes_the_cart_of_somebody_else(client: Client) -> None:
    line = CartLineFactory(quantity=2)
    client.force_login(UserFactory())
    assert client.post(f"/cart/line/{line.pk}/", {"quantity": 0}).status_code == 404
    assert Client().post(f"/cart/line/{line.pk}/", {"quantity": 0}).status_code == 404
    line.refresh_from_db()
    assert line.quantity == 2


def test_a_cart_is_changed_by_post_alone_and_with_a_token() -> None:
    ProductFactory(slug="malham")
    assert Client().get("/cart/add/malham/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/cart/add/malham/", {"size": "8"}).status_code == 403


def _login(client: Client) -> Any:
    user = UserFactory(username="hannah")
    user.set_password("walking-boots-9")
    user.save()
    return user, lambda: client.post("/login/", {"username": "hannah", "password": "walking-boots-9"})


def test_a_cart_survives_the_login(client: Client) -> None:
    ProductFactory(slug="malham")
    user, login = _login(client)
    client.post("/cart/add/malham/", {"size": "8"})
    login()
    assert _held(Cart.objects.get(user=user)) == [("8", 1)]


def test_two_carts_become_one_at_login(client: Client) -> None:
    boot = ProductFactory(slug="malham")
    user, login = _login(client)
    CartLineFactory(cart__user=user, product=boot, size="8", colour="moss", quantity=2)
    client.post("/cart/add/malham/", {"size": "8", "colour": "moss"})
    login()
    assert _held(Cart.objects.get()) == [("8", 3)]


def test_after_the_logout_the_next_one_sees_an_empty_cart(client: Client) -> None:
    user, login = _login(client)
    CartLineFactory(cart__user=user)
    login()
    assert len(client.get("/cart/").context["lines"]) == 1
    client.post("/logout/")
    assert client.get("/cart/").context["lines"] == []


@pytest.mark.parametrize(
    ("quantity", "said"),
    [(1, "£20 more and delivery is free."), (2, "Delivery is free from £60: you are there.")],
)
def test_cart_and_checkout_say_how_far_it_is_to_free_delivery(client: Client, quantity: int, said: str) -> None:
    ProductFactory(slug="malham", price=Decimal("40.00"))
    client.post("/cart/add/malham/", {"size": "8", "quantity": quantity})
    assert said in client.get("/cart/").text
    assert said in client.get("/checkout/").text
