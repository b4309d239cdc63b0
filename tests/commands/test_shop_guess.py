"""A guess of the mapping: right for a shop with the usual names, usable as it stands, and never made of nothing."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as example
from django.contrib.auth.models import User

from django_microseg.management import shop_guess
from django_microseg.management.shop_guess import as_python, guess_mapping
from django_microseg.shop.mapped import MappedAdapter
from django_microseg.shop.mapping.judge import judge
from example_shop.shop.models import Category, Order, Product, Review
from tests.example_shop.factories import OrderLineFactory
from tests.hosts.bazaar.models import ALL, Purchase


def test_example_shop_is_guessed_but_for_what_no_name_tells() -> None:
    known = example.MICROSEG["SHOP"]
    guess = guess_mapping(apps.get_models())
    assert guess["order"] == known["order"] | {
        "lines": {"path": "lines", "product": "product", "quantity": "quantity", "price": "price"}
    }
    assert guess["product"] == {key: path for key, path in known["product"].items() if key != "image"} | {
        "category": "category"
    }
    assert guess["cart"] == {key: path for key, path in known["cart"].items() if key != "session_name"}
    assert (guess["category"], guess["urls"]) == (known["category"], known["urls"])


@pytest.mark.django_db
def test_guess_works_as_it_stands() -> None:
    line = OrderLineFactory()
    shop = MappedAdapter(ast.literal_eval(as_python(guess_mapping(apps.get_models()))))
    assert shop.product(line.product.slug) is not None
    assert shop.has_ordered(email=line.order.email) is True


def test_nothing_is_guessed_of_models_that_are_no_shop() -> None:
    assert guess_mapping([User, Review]) == {}


def test_section_of_which_too_little_is_found_is_left_out() -> None:
    guess = guess_mapping([Product, Category, *ALL])
    assert sorted(guess) == ["category", "product", "urls"]
    assert judge({name: guess[name] for name in ("product", "category")}) == []


def test_orders_without_a_product_have_no_lines() -> None:
    guess = guess_mapping([Order])
    assert "lines" not in guess["order"]
    assert guess["order"]["not_counted"] == ["cancelled", "refunded"]


def test_user_is_found_by_way_of_the_customer() -> None:
    assert dict(shop_guess._owner("order", Purchase)) == {"user": "client.user"}


@pytest.mark.parametrize("value", ['it\'s "so"', ["a", 1, True, None], {"a": {"b": ["c'd"]}, "é": "ü"}])
def test_python_reads_what_is_written(value: Any) -> None:
    assert ast.literal_eval(as_python(value)) == value
