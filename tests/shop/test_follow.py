"""Following a path on models: which relations it crosses and how the database spells it, without a query."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.test import override_settings

from django_microseg.shop.mapping.follow import LeadsNowhere, follow
from django_microseg.shop.mapping.reads import reading_along
from example_shop.shop.models import Cart, Order, Product
from tests.hosts.bazaar.models import Book, Good, Item, Maker, Mark, Purchase


@pytest.fixture(autouse=True, scope="module")
def _bazaar() -> Iterator[None]:
    """Django knows the ways back to a model only of apps that are installed."""
    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "tests.hosts.bazaar"]):
        yield


@pytest.mark.parametrize(
    ("model", "path", "crossed", "lookup", "target"),
    [
        (Product, "name", [], "name", None),
        (Product, "pk", [], "pk", None),
        (Product, "brand_id", [], "brand_id", None),
        (Product, "brand", ["brand"], "brand", "Brand"),
        (Product, "brand.name", ["brand"], "brand__name", None),
        (Product, "brand.pk", ["brand"], "brand__pk", None),
        (Product, "is_available", [], "", None),
        (Product, "get_absolute_url", [], "", None),
        (Product, "__str__", [], "", None),
        (Product, "attributes.0", [], "", None),
        (Product, "name.upper", [], "", None),
        (Product, "reviews", ["reviews*"], "reviews", "Review"),
        (Order, "user.customer.country", ["user", "customer"], "user__customer__country", None),
        (Order, "get_status_display", [], "", None),
        (Cart, "lines.product.brand.name", ["lines*", "product", "brand"], "lines__product__brand__name", None),
        (Purchase, "item_set.variant.good", ["item_set*", "variant", "good"], "item__variant__good", "Good"),
        (Good, "shelves.above.label", ["shelves*", "above"], "shelves__above__label", None),
        (Good, "marks.word", ["marks*"], "marks__word", None),
        (Good, "left", [], "", None),
        (Good, "book.author", ["book"], "book__author", None),
        (Good, "extra.any.thing", [], "", None),
        (Good, "photo.url", [], "", None),
        (Book, "pk", [], "pk", None),
        (Book, "label", [], "label", None),
        (Book, "good_ptr.label", ["good_ptr"], "good_ptr__label", None),
        (Mark, "thing.label", ["thing"], "", None),
        (Maker, "good_set.left", ["good_set*"], "", None),
    ],
)  # fmt: skip
def test_way(model: type[models.Model], path: str, crossed: list[str], lookup: str, target: str | None) -> None:
    way = follow(model, path)
    assert [each.attribute + "*" * each.is_many for each in way.relations] == crossed
    assert (way.lookup, way.target and way.target.__name__) == (lookup, target)
    assert way.is_many is any("*" in each for each in crossed)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("nmae", "shop.Product has no 'nmae'"),
        ("brand.nmae", "shop.Brand has no 'nmae'"),
        ("name.url", "'name' of shop.Product is a plain value and has no 'url'"),
        ("save", "'save' of shop.Product changes data"),
        ("", "shop.Product has no ''"),
        ("brand..name", "shop.Brand has no ''"),
        ("date_error_message", "'date_error_message' of shop.Product needs arguments"),
    ],
)
def test_way_that_leads_nowhere(path: str, problem: str) -> None:
    with pytest.raises(LeadsNowhere) as caught:
        follow(Product, path)
    assert str(caught.value) == problem


def test_column_that_the_shops_manager_adds_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LeadsNowhere):
        follow(User, "orders_placed")
    counted = User.objects.annotate(orders_placed=models.Count("orders"))
    monkeypatch.setattr(type(User._default_manager), "get_queryset", lambda self: counted)
    assert follow(User, "orders_placed").path == "orders_placed"


def test_relations_become_joins_and_prefetches() -> None:
    ways = [
        follow(Item, path).relations
        for path in ("variant.good.maker.label", "variant.good.shelves.above", "variant.good.shelves", "purchase")
    ]
    rows = reading_along(Item.objects.all(), ways)
    assert rows.query.select_related == {"purchase": {}, "variant": {"good": {"maker": {}}}}
    (shelves,) = rows._prefetch_related_lookups
    assert shelves.prefetch_to == "variant__good__shelves"
    assert shelves.queryset.query.select_related == {"above": {}}
    assert shelves.queryset.query.order_by == ("pk",)
