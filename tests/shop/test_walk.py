"""Walking a path: to one value, to many, to nothing; and never into what changes data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from django_microseg.shop.mapping.walk import first_at, values_at
from example_shop.shop.models import Brand, Order, Product
from tests.hosts.bazaar.models import Good


class Thing:
    """A row of a shop, as far as a walk can tell."""

    name = "Boot"
    nothing = None
    brand: Any = None
    extra = {"colour": {"en": "moss"}, "sizes": [8, None, 9]}
    is_deleted = False

    def __str__(self) -> str:
        return "A boot"

    def price(self) -> int:
        return 40

    def delete(self) -> str:
        self.is_deleted = True
        return "deleted"

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def maker(self) -> str:
        return str(self.brand.name)  # breaks, as such properties do, where there is no brand

    @property
    def related(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(key="a"), SimpleNamespace(key=None), SimpleNamespace(key="b")]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("name", ["Boot"]),
        ("name.upper", ["BOOT"]),
        ("price", [40]),
        ("__str__", ["A boot"]),
        ("extra.colour.en", ["moss"]),
        ("extra.colour.de", []),
        ("extra.sizes", [8, 9]),
        ("related.key", ["a", "b"]),
        ("nothing", []),
        ("nothing.further", []),
        ("maker", []),
        ("no_such", []),
        ("delete", []),
    ],
)
def test_values(path: str, found: list[Any]) -> None:
    thing = Thing()
    assert values_at(thing, path) == found
    assert first_at(thing, path) == (found[0] if found else None)
    assert not thing.is_deleted


def test_relation_that_is_empty_leads_nowhere() -> None:
    assert values_at(Order(), "user.email") == []
    assert values_at(Product(), "brand.name") == []
    assert values_at(Product(brand=Brand(name="Karstwell")), "brand.name") == ["Karstwell"]


def test_file_that_was_never_uploaded_has_no_address() -> None:
    assert values_at(Good(), "photo.url") == []
    assert values_at(Good(photo="lamp.png"), "photo.url") == ["/lamp.png"]
    assert isinstance(Good().photo, FieldFile)
    assert values_at(SimpleNamespace(file=ContentFile(b"x", name="x")), "file.name") == ["x"]


def test_what_breaks_in_another_way_is_told() -> None:
    def broken() -> int:
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        values_at(SimpleNamespace(broken=broken), "broken")


@pytest.mark.django_db
def test_relation_that_points_to_nothing() -> None:
    product = Product(brand_id=10**6)
    assert values_at(product, "brand.name") == []
