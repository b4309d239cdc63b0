"""The printed catalogue is whole, and loading it twice changes nothing."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from example_shop.shop.catalogue import BRANDS, CATEGORIES, PRODUCTS, REVIEWS
from example_shop.shop.models import Category, Product, Review
from example_shop.shop.pictures import COLOURS, DRAWINGS
from example_shop.shop.seasons import COMPLEMENTS, SEASONS, TILES

SLUGS = {product.slug for product in PRODUCTS}


def test_there_are_forty_eight_products_with_slugs_and_numbers_of_their_own() -> None:
    assert len(PRODUCTS) == len(SLUGS) == len({product.sku for product in PRODUCTS}) == 48


def test_every_product_stands_on_a_shelf_that_exists_and_can_be_drawn() -> None:
    assert {product.category for product in PRODUCTS} == {category.slug for category in CATEGORIES}
    assert {product.brand for product in PRODUCTS} == {brand.slug for brand in BRANDS}
    assert {product.drawing for product in PRODUCTS} == set(DRAWINGS)
    assert {colour for product in PRODUCTS for colour in product.colours} <= set(COLOURS)


def test_what_pages_pick_by_hand_is_in_the_catalogue() -> None:
    picked = {slug for season in SEASONS.values() for slug in season.products}
    picked |= {slug for slugs in COMPLEMENTS.values() for slug in slugs} | {slug for slug, _ in TILES.values()}
    assert picked | {review.product for review in REVIEWS} <= SLUGS
    assert set(COMPLEMENTS) == set(TILES) == {category.slug for category in CATEGORIES}


def test_all_eco_friendly_footwear_says_so() -> None:
    shelf = [product for product in PRODUCTS if product.category == "eco-footwear"]
    assert len(shelf) == 7
    assert all("eco-friendly" in product.attributes for product in shelf)


@pytest.mark.django_db
def test_loading_twice_keeps_one_of_each_and_the_stock_that_was_sold() -> None:
    call_command("shop_catalogue", verbosity=0)
    Product.objects.filter(slug="tarnway-catbells").update(stock=3, name="Old name")
    call_command("shop_catalogue", verbosity=0)
    assert (Category.objects.count(), Product.objects.count(), Review.objects.count()) == (8, 48, 44)
    catbells = Product.objects.get(slug="tarnway-catbells")
    assert (catbells.name, catbells.stock) == ("Catbells", 3)
