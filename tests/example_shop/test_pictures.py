"""Every product has a picture of its own, and it is sound SVG without anything that runs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from example_shop.shop.catalogue import PRODUCTS
from example_shop.shop.pictures import DRAWINGS, LANDSCAPES, draw, landscape


@pytest.mark.parametrize("kind", sorted(DRAWINGS))
def test_each_silhouette_is_sound_and_in_its_colour(kind: str) -> None:
    picture = draw(kind, "lake", "canvas")
    assert {element.tag.rsplit("}")[-1] for element in ElementTree.fromstring(picture).iter()}.isdisjoint(
        {"script", "style", "image"}
    )
    assert picture != draw(kind, "rust", "canvas")


def test_no_two_kinds_look_the_same() -> None:
    assert len({draw(kind, "moss", "leather") for kind in DRAWINGS}) == len(DRAWINGS)


def test_products_of_one_kind_differ_by_colour_or_material() -> None:
    looks = [(product.drawing, product.material, product.colours[0]) for product in PRODUCTS]
    assert len(set(looks)) == 48


@pytest.mark.parametrize("name", sorted(LANDSCAPES))
def test_each_landscape_is_sound(name: str) -> None:
    assert ElementTree.fromstring(landscape(name)).get("viewBox") == "0 0 960 640"


@pytest.mark.usefixtures("catalogue")
def test_a_picture_is_served_as_svg_that_may_be_kept(client: Client) -> None:
    answer = client.get("/pictures/karstwell-malham.svg?colour=ink")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert answer.content.decode() == draw("boot", "ink", "leather")


@pytest.mark.usefixtures("catalogue")
def test_a_colour_that_the_product_has_not_is_drawn_in_its_first(client: Client) -> None:
    answer = client.get("/pictures/karstwell-malham.svg?colour=%22onload=")
    assert answer.content.decode() == draw("boot", "chestnut", "leather")


@pytest.mark.usefixtures("catalogue")
def test_a_picture_of_nothing_is_not_found(client: Client) -> None:
    assert client.get("/pictures/no-such-boot.svg").status_code == 404
    assert client.get("/pictures/landscape/moon.svg").status_code == 404
