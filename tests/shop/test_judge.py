"""Mappings that cannot be used: what is wrong is said with its place, and with what to write instead."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings as example
from django.core.exceptions import ImproperlyConfigured

from django_microseg.shop.mapped import MappedAdapter
from django_microseg.shop.mapping.judge import judge
from django_microseg.shop.mapping.judge_addresses import judge_addresses
from django_microseg.shop.mapping.problem import Problem, Wrong

GONE = object()


def mapping(**changes: Any) -> dict[str, Any]:
    """The example shop's, with some places (``order__status``) given another value, or ``GONE``."""
    made: dict[str, Any] = deepcopy(example.MICROSEG["SHOP"])
    for place, value in changes.items():
        *sections, name = place.split("__")
        inner = made
        for section in sections:
            inner = inner[section]
        if value is GONE:
            del inner[name]
        else:
            inner[name] = value
    return made


def test_mapping_of_the_example_shop_is_right() -> None:
    assert judge(mapping()) == []
    assert list(judge_addresses(mapping())) == []


@pytest.mark.parametrize(
    ("changes", "wrong", "where", "advice"),
    [
        ({"prodct": {}}, Wrong.UNKNOWN, "prodct", "Did you mean 'product'?"),
        ({"x": {}}, Wrong.UNKNOWN, "x", "Known here: product, category, cart, order, urls, amounts."),
        ({"product__titel": "name"}, Wrong.UNKNOWN, "product.titel", "Did you mean 'title'?"),
        ({"cart__lines__qty": "quantity"}, Wrong.UNKNOWN, "cart.lines.qty", "Known here: path, product, "),
        ({"urls__basket": "shop:cart"}, Wrong.UNKNOWN, "urls.basket", "Known here: cart, checkout."),
        ({"product": "shop.Product"}, Wrong.UNFIT, "product", "Write a dict of paths."),
        ({"product__model": "shop.Prodct"}, Wrong.NO_MODEL, "product.model", "Did you mean 'shop.Product'?"),
        ({"product__model": "Product"}, Wrong.NO_MODEL, "product.model", ""),
        ({"product__model": 5}, Wrong.NO_MODEL, "product.model", ""),
        ({"product__model": GONE}, Wrong.MISSING, "product.model", "Give a model as app_label.Model."),
        ({"product__title": "nmae"}, Wrong.NOWHERE, "product.title", "Did you mean 'name'?"),
        ({"product__brand": "brand.nmae"}, Wrong.NOWHERE, "product.brand", "Did you mean 'name'?"),
        ({"product__brand": "brand__name"}, Wrong.NOWHERE, "product.brand", "Write 'brand.name': paths have dots."),
        ({"product__title": "name.url"}, Wrong.NOWHERE, "product.title", ""),
        ({"product__title": "delete"}, Wrong.NOWHERE, "product.title", "Name something that only reads."),
        ({"product__title": "get_next_by_launched_on"}, None, "", ""),
        ({"product__title": "refresh_from_db"}, None, "", ""),
        ({"product__title": "serializable_value"}, Wrong.NOWHERE, "product.title", "Name a method without arguments."),
        ({"product__title": ["name"]}, Wrong.UNFIT, "product.title", "Give a path such as brand.name."),
        ({"product__title": ""}, Wrong.UNFIT, "product.title", "Give a path such as brand.name."),
        ({"product__key": "is_available"}, Wrong.UNFIT, "product.key", "Give a path of fields alone"),
        ({"product__key": "reviews.pk"}, Wrong.UNFIT, "product.key", "Give a path of fields alone"),
        ({"product__key": "brand"}, Wrong.UNFIT, "product.key", "Go on to one of its fields, such as 'brand.pk'."),
        ({"product__key": "name"}, Wrong.AMBIGUOUS, "product.key", "Name a unique field."),
        ({"product__key": "brand.slug"}, Wrong.AMBIGUOUS, "product.key", "Name a unique field."),
        ({"product__only": {"nmae": 1}}, Wrong.UNFIT, "product.only", "Give lookups as QuerySet.filter() takes them."),
        ({"product__only": {"stock": "x"}}, Wrong.UNFIT, "product.only", "Give lookups"),
        ({"product__only": ["stock"]}, Wrong.UNFIT, "product.only", "Give a dict of lookups"),
        ({"product__only": {"stock__gt": 0, "brand__name": "Karstwell"}}, None, "", ""),
        ({"product__also_reads": ["name"]}, Wrong.UNFIT, "product.also_reads", "Give a list of paths of relations."),
        ({"product__also_reads": "brand"}, Wrong.UNFIT, "product.also_reads", "Give a list of paths of relations."),
        ({"product__also_reads": ["brand", "reviews"]}, None, "", ""),
        ({"product__url": {"args": ["slug"]}}, Wrong.UNFIT, "product.url", "Give a path such as get_absolute_url, or"),
        ({"product__url": {"name": "shop:product", "args": "slug"}}, Wrong.UNFIT, "product.url", "Give a path such"),
        ({"product__url": {"name": "shop:product", "with": []}}, Wrong.UNFIT, "product.url", "Give a path such"),
        ({"product__url": {"name": "x", "kwargs": {"slug": "slg"}}}, Wrong.NOWHERE, "product.url", "Did you mean"),
        ({"product__category": "category.pk"}, None, "", ""),
        ({"product__category": "category"}, None, "", ""),
        ({"product__category": "brand"}, Wrong.UNFIT, "product.category", "Go on to the field that names it"),
        ({"category": GONE, "product__category": "category"}, Wrong.UNFIT, "product.category", "Go on to the field"),
        ({"category__parent": "products"}, Wrong.UNFIT, "category.parent", "Go on to the field"),
        ({"cart__lines": GONE}, Wrong.MISSING, "cart.lines", "Give a dict of the lines."),
        ({"cart__lines": "lines"}, Wrong.UNFIT, "cart.lines", "Give a dict of the lines."),
        ({"cart__lines__path": "lnes"}, Wrong.NOWHERE, "cart.lines.path", "Did you mean 'lines'?"),
        ({"cart__lines__path": 5}, Wrong.UNFIT, "cart.lines.path", ""),
        ({"cart__lines__product": "prduct"}, Wrong.NOWHERE, "cart.lines.product", "Did you mean 'product'?"),
        ({"cart__lines__product": GONE}, Wrong.MISSING, "cart.lines.product", "Give a path such as brand.name."),
        ({"cart__lines__product": "product.brand"}, Wrong.UNFIT, "cart.lines.product", "Lead from the line to the"),
        ({"cart__user": GONE}, None, "", ""),
        ({"cart__session_name": 5}, Wrong.UNFIT, "cart.session_name", "Give a text."),
        ({"cart__user": "lines"}, Wrong.UNFIT, "cart.user", "Give a path of fields alone"),
        ({"order__placed_at": GONE}, Wrong.MISSING, "order.placed_at", "Give a path of fields alone"),
        ({"order__user": "lines.product"}, Wrong.UNFIT, "order.user", "Give a path of fields alone"),
        ({"order__counted": ["placed"]}, Wrong.UNFIT, "order.counted", "Leave one of them out."),
        ({"order__not_counted": "cancelled"}, Wrong.UNFIT, "order.not_counted", "Give a list of values of the status."),
        ({"order__not_counted": GONE}, Wrong.MISSING, "order.status", "Give not_counted, such as"),
        ({"order__status": GONE}, Wrong.MISSING, "order.status", "Give the status."),
        ({"order__user": GONE, "order__email": GONE}, Wrong.MISSING, "order", "Give user, email or both."),
        ({"urls": []}, Wrong.UNFIT, "urls", "Write a dict of url names."),
        ({"urls__cart": 5}, Wrong.UNFIT, "urls.cart", "Give a url name, or an address."),
        ({"amounts": "cents"}, Wrong.UNFIT, "amounts", "Give one of units, minor."),
    ],
)
def test_problem_is_named(changes: dict[str, Any], wrong: Wrong | None, where: str, advice: str) -> None:
    found = judge(mapping(**changes))
    assert [(each.wrong, each.where) for each in found] == ([] if wrong is None else [(wrong, where)])
    assert [each for each in found if not each.advice.startswith(advice)] == []


def test_cart_must_belong_to_somebody() -> None:
    changes = {f"cart__{name}": GONE for name in ("user", "session_name", "session_field")}
    assert [(each.wrong, each.where) for each in judge(mapping(**changes))] == [(Wrong.MISSING, "cart")]


def test_order_must_be_found_by_the_key_of_its_customer(settings: Any) -> None:
    settings.MICROSEG = settings.MICROSEG | {"CUSTOMER_KEY": "shop.customers.number_of"}
    assert [(each.wrong, each.where) for each in judge(mapping())] == [(Wrong.UNFIT, "order.user")]
    assert judge(mapping(order__user="user.username")) == []


def test_whole_rows_must_be_users() -> None:
    (found,) = judge(mapping(order__user="user.customer"))
    assert found.text == "leads to shop.CustomerProfile, which is not the user model"
    assert judge(mapping(order__user="user.customer.user")) == []


def test_all_problems_are_told_at_once() -> None:
    found = judge(mapping(product__titel="name", category__title="nmae", order__placed_at=GONE))
    assert [each.where for each in found] == ["product.titel", "category.title", "order.placed_at"]


def test_what_is_no_dict_is_no_mapping() -> None:
    assert judge(["product"]) == [Problem(Wrong.UNFIT, "", "the mapping is no dict", "Write a dict of sections.")]


def test_mapping_that_cannot_be_used_is_refused() -> None:
    said = r"product\.title is 'nmae', but shop\.Product has no 'nmae'\. Did you mean 'name'\? See docs/shop\.md\."
    with pytest.raises(ImproperlyConfigured, match=said):
        MappedAdapter(mapping(product__title="nmae"))


def test_key_that_is_not_unique_is_no_reason_to_refuse() -> None:
    MappedAdapter(mapping(product__key="name"))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"urls__cart": "shop:basket"}, "urls.cart"),
        ({"urls__cart": "shop:product"}, "urls.cart"),
        ({"product__image": {"name": "shop:pic", "args": ["slug"]}}, "product.image"),
        ({"urls__cart": "/basket/"}, None),
        ({"urls__cart": "https://pay.example.com/"}, None),
    ],
)
def test_address_that_the_shop_does_not_have(changes: dict[str, Any], where: str | None) -> None:
    found = list(judge_addresses(mapping(**changes)))
    assert [(each.wrong, each.where) for each in found] == ([(Wrong.NO_ADDRESS, where)] if where else [])
