"""Products and categories of the example shop, read by paths alone."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from django_microseg.shop.mapped import MappedAdapter, UnknownThing
from django_microseg.shop.values import CategoryInfo, Money, ProductInfo
from example_shop.shop.models import Brand, Product
from tests.example_shop.factories import BrandFactory, CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def mapped(section: str, **changes: Any) -> MappedAdapter:
    """The example shop's mapping with other paths in one section."""
    mapping = deepcopy(settings.MICROSEG["SHOP"])
    mapping[section] |= changes
    return MappedAdapter(mapping)


def test_product_is_told_whole(shop: MappedAdapter) -> None:
    ProductFactory(slug="moor-boot", name="Moor Boot", price=Decimal("129.50"), stock=3)
    assert shop.product("moor-boot") == ProductInfo(
        key="moor-boot",
        title="Moor Boot",
        url="/p/moor-boot/",
        category_keys=("boots",),
        brand="Karstwell",
        price=Money(Decimal("129.50"), "GBP"),
        is_available=True,
        stock=3,
        image_url="/pictures/moor-boot.svg",
    )


def test_product_in_one_query(shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        ProductFactory(slug=f"p{number}", brand=BrandFactory(slug=f"b{number}"))
    with django_assert_num_queries(1):
        assert len(shop.products([f"p{number}" for number in range(25)])) == 20


def test_no_keys_ask_nothing(shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert shop.products([]) == {}
        assert shop.products(["", "\x00", "\ud800"]) == {}


@pytest.mark.parametrize(("stock", "is_available"), [(0, False), (1, True)])
def test_stock_says_whether_it_is_available(shop: MappedAdapter, stock: int, is_available: bool) -> None:
    product = ProductFactory(stock=stock)
    assert shop.products([product.slug])[product.slug].is_available is is_available


@pytest.mark.parametrize(("name", "stock", "is_available"), [("To order", 0, True), ("Été", 20, False)])
def test_what_the_shop_says_of_availability_comes_before_the_stock(name: str, stock: int, is_available: bool) -> None:
    product = ProductFactory(name=name, stock=stock)
    shop = mapped("product", available="name.isascii")
    assert shop.products([product.slug])[product.slug].is_available is is_available


@pytest.mark.parametrize("key", ["7", "007", "+7", "7.0", " 7", "9" * 30, "-1", "seven", "\u0667"])
def test_key_that_is_a_number_is_only_its_own_text(key: str) -> None:
    ProductFactory(pk=7)
    found = mapped("product", key="pk").products([key, "70"])
    assert list(found) == (["7"] if key == "7" else [])


def test_products_that_are_no_products(shop: MappedAdapter) -> None:
    ProductFactory(slug="draft", launched_on="2030-01-01")
    ProductFactory(slug="boot", launched_on="2020-01-01")
    published = mapped("product", only={"launched_on__lt": "2025-01-01"})
    assert set(shop.products(["draft", "boot"])) == {"draft", "boot"}
    assert set(published.products(["draft", "boot"])) == {"boot"}


def test_amounts_in_minor_units_become_units() -> None:
    product = ProductFactory(price=Decimal("1299"), currency="JPY", stock=1299)
    mapping = {**deepcopy(settings.MICROSEG["SHOP"]), "amounts": "minor"}
    assert MappedAdapter(mapping).products([product.slug])[product.slug].price == Money(Decimal("1299"), "JPY")
    Product.objects.update(currency="GBP")
    assert MappedAdapter(mapping).products([product.slug])[product.slug].price == Money(Decimal("12.99"), "GBP")


def test_section_that_is_left_out_is_not_known() -> None:
    shop = MappedAdapter({})
    assert (shop.products(["a"]), shop.categories(), list(shop.orders()), shop.has_ordered(email="a@b.c")) == (
        {}, (), [], None,
    )  # fmt: skip
    assert (shop.url_of("cart"), shop.sample(3)) == ("", ())


def test_categories_in_the_order_of_the_shop(
    shop: MappedAdapter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    CategoryFactory(slug="tents", name="Tents", position=2)
    CategoryFactory(slug="boots", name="Boots", position=1)
    with django_assert_num_queries(1):
        assert shop.categories() == (
            CategoryInfo("boots", "Boots", "/c/boots/"),
            CategoryInfo("tents", "Tents", "/c/tents/"),
        )


def test_category_that_is_a_whole_row_has_its_key() -> None:
    product = ProductFactory()
    assert mapped("product", category="category").product(product.slug).category_keys == ("boots",)  # type: ignore[union-attr]


def test_things_have_keys(shop: MappedAdapter) -> None:
    assert shop.key_of(ProductFactory(slug="boot")) == "boot"
    assert shop.key_of(CategoryFactory(slug="tents")) == "tents"
    assert shop.key_of("anything") == "anything"


@pytest.mark.parametrize("thing", [Brand(pk=1), 7, None])
def test_thing_without_a_section_has_no_key(shop: MappedAdapter, thing: object) -> None:
    with pytest.raises(UnknownThing, match="has no section"):
        shop.key_of(thing)


def test_sample_is_a_few(shop: MappedAdapter) -> None:
    ProductFactory.create_batch(3)
    assert len(shop.sample(2)) == 2


def test_addresses_of_pages(shop: MappedAdapter) -> None:
    assert [shop.url_of(page) for page in ("cart", "checkout", "moon")] == ["/cart/", "/checkout/", ""]


def test_addresses_may_be_written_out_and_wrong_names_are_empty() -> None:
    shop = MappedAdapter({"urls": {"cart": "/basket/", "checkout": "no-such-url"}})
    assert [shop.url_of(page) for page in ("cart", "checkout")] == ["/basket/", ""]


def test_address_that_cannot_be_made_is_empty() -> None:
    product = ProductFactory(name="A name with spaces")
    shop = mapped("product", image={"name": "shop:picture", "kwargs": {"slug": "name"}})
    assert shop.product(product.slug).image_url == ""  # type: ignore[union-attr]
