"""Filters and sorting of a category."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from example_shop.shop.models import Product
from example_shop.shop.shelf import Choice, facets_of, pick

from .factories import BrandFactory, ProductFactory

pytestmark = pytest.mark.django_db


def _shelf() -> list[Product]:
    fernhollow = BrandFactory(slug="fernhollow", name="Fernhollow")
    ProductFactory(name="Clay", price="30.00", attributes=["vegan"], position=1, launched_on="2025-03-01")
    ProductFactory(
        name="Ash",
        price="50.00",
        attributes=["vegan", "waterproof"],
        brand=fernhollow,
        position=2,
        launched_on="2025-01-01",
    )
    ProductFactory(
        name="Birch", price="40.00", attributes=["waterproof"], stock=0, position=3, launched_on="2025-02-01"
    )
    return list(Product.objects.select_related("brand"))


def _names(query: str) -> list[str]:
    return [product.name for product in pick(_shelf(), Choice.of(QueryDict(query)))]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Clay", "Ash", "Birch"]),
        ("attribute=vegan", ["Clay", "Ash"]),
        ("attribute=vegan&attribute=waterproof", ["Ash"]),
        ("attribute=wool", []),
        ("brand=fernhollow", ["Ash"]),
        ("brand=fernhollow&brand=karstwell", ["Clay", "Ash", "Birch"]),
        ("available=1", ["Clay", "Ash"]),
        ("attribute=waterproof&available=1", ["Ash"]),
        ("sort=price", ["Clay", "Birch", "Ash"]),
        ("sort=price-down", ["Ash", "Birch", "Clay"]),
        ("sort=newest", ["Clay", "Birch", "Ash"]),
        ("sort=name", ["Ash", "Birch", "Clay"]),
        ("sort=nonsense", ["Clay", "Ash", "Birch"]),
    ],
)
def test_what_is_asked_for_is_shown_in_the_order_asked_for(query: str, names: list[str]) -> None:
    assert _names(query) == names


def test_facets_count_the_whole_shelf_and_mark_the_choice() -> None:
    facets = facets_of(_shelf(), Choice.of(QueryDict("attribute=vegan")))
    assert [(facet.value, facet.count, facet.is_chosen) for facet in facets["attributes"]] == [
        ("vegan", 2, True),
        ("waterproof", 2, False),
    ]
    assert [(facet.name, facet.count) for facet in facets["brands"]] == [("Fernhollow", 1), ("Karstwell", 2)]


def test_the_page_shows_only_what_was_asked_for(client: Client) -> None:
    _shelf()
    page = client.get("/c/boots/?attribute=vegan&sort=name")
    assert [product.name for product in page.context["products"]] == ["Ash", "Clay"]
    assert "2 of 3 things" in page.text


def test_a_choice_that_nothing_fits_offers_the_way_back(client: Client) -> None:
    _shelf()
    assert "Nothing here is all of that at once" in client.get("/c/boots/?attribute=wool").text
