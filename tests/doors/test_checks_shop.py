"""System checks of the seam to the shop: what cannot be used is named before any visitor meets it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings as example
from django.core.checks import CheckMessage
from pytest_django import DjangoAssertNumQueries

from django_microseg.checks.shop import check_shop
from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.mapped import MappedAdapter

MAPPING = deepcopy(example.MICROSEG["SHOP"])


class HalfShop(ShopAdapter):
    """Forgets two of the three."""

    def products(self, keys: Any) -> Any:
        return {}


class WholeShop(HalfShop):
    def orders(self, **asked: Any) -> Iterator[Any]:
        return iter(())

    def key_of(self, thing: Any) -> str:
        return str(thing)


class WronglyMapped(MappedAdapter):
    mapping = {"goods": {}}


class RightlyMapped(MappedAdapter):
    mapping = MAPPING


@pytest.fixture(autouse=True)
def _urls_of_the_shop(settings: Any) -> None:
    settings.ROOT_URLCONF = "example_shop.urls"


def found(settings: Any, shop: Any) -> list[CheckMessage]:
    settings.MICROSEG = {"SHOP": shop}
    return check_shop(None)


def ids(messages: list[CheckMessage]) -> list[str]:
    return [str(each.id).partition(".")[2] for each in messages]


@pytest.mark.parametrize(
    ("shop", "expected"),
    [
        (None, []),
        (MAPPING, []),
        ({}, []),
        ("no.such.Shop", ["E100"]),
        ("django.http.HttpRequest", ["E100"]),
        (f"{__name__}.HalfShop", ["E101"]),
        (f"{__name__}.WholeShop", []),
        (f"{__name__}.WronglyMapped", ["E102"]),
        (f"{__name__}.RightlyMapped", []),
        ({"goods": {}}, ["E102"]),
        ({"product": {"model": "shop.Produkt"}}, ["E103"]),
        ({"product": {"model": "shop.Product", "brand": "brand.nmae"}}, ["E104"]),
        ({"product": {"title": "name"}}, ["E105"]),
        ({"product": {"model": "shop.Product", "brand": 7}}, ["E106"]),
        ({"product": {"model": "shop.Product", "key": "name"}}, ["W107"]),
        ({"urls": {"cart": "no-such-url"}}, ["W108"]),
        ({"product": {"model": "shop.Product", "image": {"name": "shop:pic", "args": ["slug"]}}}, ["W108"]),
    ],
)
def test_what_is_wrong_with_the_shop_is_named(settings: Any, shop: Any, expected: list[str]) -> None:
    assert ids(found(settings, shop)) == expected


def test_a_mapping_is_judged_without_a_query(
    settings: Any, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert found(settings, MAPPING) == []


def test_hint_says_what_to_write(settings: Any) -> None:
    (message,) = found(settings, {"product": {"model": "shop.Product", "brand": "brand.nmae"}})
    assert message.msg == "The mapping of the shop: product.brand is 'brand.nmae', but shop.Brand has no 'nmae'."
    assert str(message.hint).startswith("Did you mean 'name'? A path is made of fields,")


def test_missing_methods_are_named(settings: Any) -> None:
    (message,) = found(settings, f"{__name__}.HalfShop")
    assert message.msg.endswith("HalfShop', which lacks the required orders, key_of.")


@pytest.mark.parametrize("own", ["EUR", {"SHOP": MAPPING, "CURENCY": "EUR"}, {"SHOP": 5}])
def test_settings_that_cannot_be_read_are_the_business_of_another_check(settings: Any, own: Any) -> None:
    settings.MICROSEG = own
    assert check_shop(None) == []
