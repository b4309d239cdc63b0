"""The bazaar keeps the contract twice: described by paths, and with an adapter written by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.mapped import MappedAdapter
from django_microseg.shop.mapping.judge import judge
from django_microseg.shop.values import CategoryInfo, LineInfo, Money, ProductInfo
from django_microseg.testing import AdapterContract, Browser
from tests.hosts.bazaar.adapter import BazaarShop
from tests.hosts.bazaar.mapping import MAPPING
from tests.hosts.bazaar.models import Book, Client, Good, Item, Maker, Mark, Purchase, Shelf, Variant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bazaar")]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def client(number: str) -> Client:
    return Client.objects.create(user=User.objects.create(username=number), number=number)


def good(label: str = "Lamp", *, cents: int | None = 1299, left: tuple[int, ...] = (3,), **fields: Any) -> Good:
    made = Good.objects.create(label=label, cents=cents, **fields)
    Variant.objects.bulk_create(Variant(good=made, left=number) for number in left)
    return made


def put(purchase: Purchase, thing: Good, count: Decimal | int = 1, cents: int = 1299) -> None:
    Item.objects.create(purchase=purchase, variant=thing.variants.first(), count=count, cents=cents)


class Bazaar(AdapterContract):
    def make_product(self, *, title: str, price: Decimal, stock: int) -> Good:
        return good(title, cents=int(price * 100), left=(stock, 0))

    def sell_out(self, product: Good) -> None:
        product.variants.update(left=0)

    def make_category(self, *, title: str) -> Shelf:
        return Shelf.objects.create(label=title, above=Shelf.objects.first())

    def make_user(self) -> User:
        return client(f"C-{Client.objects.count()}").user

    def fill_cart(self, request: Any, lines: Any) -> None:
        owner: dict[str, Any] = {"client": Client.objects.filter(user_id=request.user.pk).first()}
        if owner["client"] is None:
            request.session["basket"] = True
            request.session.save()
            owner["session"] = request.session.session_key
        purchase, _ = Purchase.objects.get_or_create(placed=None, **owner)
        for product, quantity in lines:
            put(purchase, product, quantity)

    def empty_cart(self, request: Any) -> None:
        Item.objects.all().delete()

    def make_order(self, *, user: Any, email: str, placed_at: Any, lines: Any) -> Purchase:
        buyer = None if user is None else Client.objects.get(user=user)
        purchase = Purchase.objects.create(client=buyer, mail=email, placed=placed_at)
        for product, quantity in lines:
            put(purchase, product, quantity)
        return purchase

    def cancel_order(self, order: Purchase) -> None:
        Purchase.objects.filter(pk=order.pk).update(is_void=True)


class TestMappedBazaar(Bazaar):
    def adapter(self) -> ShopAdapter:
        return MappedAdapter(MAPPING)


class TestHandWrittenBazaar(Bazaar):
    def adapter(self) -> ShopAdapter:
        return BazaarShop()


@pytest.fixture
def shop() -> MappedAdapter:
    return MappedAdapter(MAPPING)


def test_mapping_has_no_fault() -> None:
    assert judge(MAPPING) == []


def test_product_with_variants_shelves_and_cents(shop: MappedAdapter) -> None:
    light, home = (Shelf.objects.create(label=label) for label in ("Light", "Home"))
    lamp = good(left=(2, 3), maker=Maker.objects.create(label="Lumen"), photo="lamp.png")
    lamp.shelves.set([light, home])
    assert shop.product(str(lamp.pk)) == ProductInfo(
        key=str(lamp.pk),
        title="Lamp",
        category_keys=(str(light.pk), str(home.pk)),
        brand="Lumen",
        price=Money(Decimal("12.99"), "EUR"),
        stock=5,
        image_url="/lamp.png",
    )


def test_product_of_which_nothing_is_known(shop: MappedAdapter) -> None:
    bare = good("", cents=None, left=())
    assert shop.product(str(bare.pk)) == ProductInfo(str(bare.pk), "", is_available=False, stock=0)


def test_hidden_product_is_none(shop: MappedAdapter) -> None:
    assert shop.product(str(good(is_hidden=True).pk)) is None


@pytest.mark.parametrize("number", [1, 9])
def test_products_with_shelves_and_variants_in_three_queries(
    shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    goods = [good(maker=Maker.objects.create(label=f"M{at}")) for at in range(number)]
    with django_assert_num_queries(3):
        assert len(shop.products([str(each.pk) for each in goods])) == number


def test_shelf_below_another(shop: MappedAdapter) -> None:
    home = Shelf.objects.create(label="Home")
    light = Shelf.objects.create(label="Light", above=home)
    assert shop.categories() == (
        CategoryInfo(str(home.pk), "Home"),
        CategoryInfo(str(light.pk), "Light", parent_key=str(home.pk)),
    )


def test_basket_is_the_purchase_that_was_touched_last(shop: MappedAdapter) -> None:
    buyer = client("C-1")
    newer, older = (Purchase.objects.create(client=buyer) for _ in range(2))
    Purchase.objects.filter(pk=older.pk).update(touched=NOON)
    Purchase.objects.filter(pk=newer.pk).update(touched=NOON + dt.timedelta(hours=1))
    for purchase in (newer, older):
        put(purchase, good())
    request = RequestFactory().get("/")
    request.user = buyer.user
    cart = shop.cart(request)
    assert cart is not None
    assert (cart.key, cart.customer_key) == (str(newer.pk), "C-1")


def test_basket_that_was_placed_is_a_basket_no_more(shop: MappedAdapter) -> None:
    buyer = client("C-1")
    put(Purchase.objects.create(client=buyer, placed=NOON), good())
    request = RequestFactory().get("/")
    request.user = buyer.user
    assert shop.cart(request) is None
    assert shop.has_ordered(customer_key="C-1") is True


def test_line_by_weight_counts_as_a_piece_and_a_line_of_nothing_as_none(shop: MappedAdapter) -> None:
    lamp = good()
    purchase = Purchase.objects.create(mail="ann@example.com", placed=NOON)
    put(purchase, lamp, Decimal("0.5"), 400)
    put(purchase, lamp, 0)
    (order,) = shop.orders()
    assert order.lines == (LineInfo(str(lamp.pk), 1, Money(Decimal("4.00"), "EUR")),)


def test_line_whose_variant_went_is_left_out_of_the_basket_alone(shop: MappedAdapter) -> None:
    buyer, lamp = client("C-1"), good()
    basket, placed = Purchase.objects.create(client=buyer), Purchase.objects.create(client=buyer, placed=NOON)
    for purchase in (basket, placed):
        put(purchase, lamp)
    lamp.delete()
    request = RequestFactory().get("/")
    request.user = buyer.user
    assert shop.cart(request) is None
    assert [order.lines[0].product_key for order in shop.orders()] == [""]


def test_product_that_is_a_child_of_another_table() -> None:
    book = Book.objects.create(label="Atlas", author="Ann", extra={"print": {"edition": "2nd"}})
    shop = MappedAdapter({"product": {"model": "bazaar.Book", "title": "author", "brand": "extra.print.edition"}})
    found = shop.products([str(book.pk), "no-uuid", "0"])
    assert found == {str(book.pk): ProductInfo(str(book.pk), "Ann", brand="2nd")}
    assert shop.key_of(book) == str(book.pk)


def test_marks_on_anything_are_read_along(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ContentType.objects.clear_cache()  # it may remember rows of tests that were rolled back
    lamp = good()
    for word in ("new", "sale"):
        Mark.objects.create(word=word, thing=lamp)
    product = MappedAdapter({"product": {"model": "bazaar.Good", "category": "marks.word"}})
    with django_assert_num_queries(2):
        assert product.product(str(lamp.pk)).category_keys == ("new", "sale")  # type: ignore[union-attr]
    marks = MappedAdapter({"product": {"model": "bazaar.Mark", "title": "word", "brand": "thing.label"}})
    ContentType.objects.clear_cache()
    with django_assert_num_queries(3):  # the marks, the kind of thing, and the things
        assert {each.brand for each in marks.sample(5)} == {"Lamp"}


def test_lines_that_are_no_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    lamp, buyer = good("Lamp"), client("C-1")
    jotted = [{"id": str(lamp.pk), "n": 2}, {"id": "gone", "n": 1}, {"id": str(lamp.pk), "n": 0}, {"n": 1}]
    Purchase.objects.create(client=buyer, jotted=jotted)
    lines = {"path": "jotted", "product": "id", "quantity": "n", "also_reads": ["whatever"]}
    mapping = {**MAPPING, "cart": {**MAPPING["cart"], "lines": lines}}
    assert judge(mapping) == []
    shop, request = MappedAdapter(mapping), RequestFactory().get("/")
    request.user = buyer.user
    with django_assert_num_queries(5):  # the customer's number, the cart, and three for products
        cart = shop.cart(request)
    assert cart is not None
    assert [(line.title, line.quantity) for line in cart.lines] == [("Lamp", 2), ("", 1)]
    assert cart.subtotal is None


def test_order_without_lines_and_with_a_time_that_is_none() -> None:
    Purchase.objects.create(mail="ann@example.com", placed=NOON)
    order = {key: path for key, path in MAPPING["order"].items() if key != "lines"}
    assert [each.lines for each in MappedAdapter({**MAPPING, "order": order}).orders()] == [()]
    assert list(MappedAdapter({**MAPPING, "order": {**order, "placed_at": "mail"}}).orders()) == []


def test_cart_of_customers_whose_key_it_holds() -> None:
    """The owner's field is no relation, and nobody's is empty."""
    buyer = client("C-1")
    mapping = {**MAPPING, "cart": {**MAPPING["cart"], "user": "mail"}}
    shop = MappedAdapter(mapping)
    put(Purchase.objects.create(mail="C-1"), good())
    put(Purchase.objects.create(mail=""), good())
    staff = User.objects.create(username="staff")
    found = []
    for user in (buyer.user, client("C-2").user, staff):
        request = RequestFactory().get("/")
        request.user = user
        cart = shop.cart(request)
        found.append(None if cart is None else cart.customer_key)
    assert found == ["C-1", None, None]


def test_guest_is_shown_the_cart_of_the_session_but_no_customers() -> None:
    shop = MappedAdapter({**MAPPING, "cart": {**MAPPING["cart"], "user": "mail"}})
    browser = Browser()
    request = browser.request()
    request.session["basket"] = True
    browser.keep(request)
    purchase = Purchase.objects.create(session=request.session.session_key, mail="")
    put(purchase, good())
    assert shop.cart(browser.request()) is not None
    Purchase.objects.update(mail="C-1")
    assert shop.cart(browser.request()) is None
