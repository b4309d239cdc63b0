"""Which adapter answers for the shop, and when another one takes over."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.current import current_shop
from django_microseg.shop.no_shop import NoShop
from example_shop.shop.models import Category


class OwnShop(ShopAdapter):
    """An adapter of a shop's own."""


def test_unset_is_a_shop_that_knows_nothing(settings: Any) -> None:
    settings.MICROSEG = {}
    shop = current_shop()
    assert isinstance(shop, NoShop)
    assert (shop.products(["boot"]), list(shop.orders()), shop.categories()) == ({}, [], ())
    assert (shop.product("boot"), shop.has_ordered(email="ann@example.com"), shop.url_of("cart")) == (None, None, "")


def test_shop_that_knows_nothing_still_names_things() -> None:
    assert NoShop().key_of("boots") == "boots"
    assert NoShop().key_of(Category(pk=7)) == "7"


def test_named_adapter_is_made_once(settings: Any) -> None:
    settings.MICROSEG = {"SHOP": "tests.shop.test_current.OwnShop"}
    assert type(current_shop()) is OwnShop
    assert current_shop() is current_shop()


def test_another_setting_brings_another_adapter(settings: Any) -> None:
    settings.MICROSEG = {"SHOP": "tests.shop.test_current.OwnShop"}
    before = current_shop()
    settings.MICROSEG = {}
    assert before is not current_shop()
    assert isinstance(current_shop(), NoShop)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("no.such.Shop", "cannot be imported"),
        ("tests.shop.test_current.NoAdapter", "cannot be imported"),
        ("tests.shop.test_current.pytest", "is no ShopAdapter"),
        ("django.http.HttpRequest", "is no ShopAdapter"),
    ],
)
def test_what_cannot_be_used_is_said(settings: Any, path: str, said: str) -> None:
    settings.MICROSEG = {"SHOP": path}
    with pytest.raises(ImproperlyConfigured, match=said):
        current_shop()
