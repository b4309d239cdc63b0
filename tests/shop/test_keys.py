"""Which texts can be keys: a field's own spelling of its own values, and nothing that a database would refuse."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.shop.mapping.keys import may_be_sent, usable_keys
from example_shop.shop.models import Order, Product
from tests.hosts.bazaar.models import Book, Good

PK, SLUG, UUID, PARENT = (model._meta.get_field(name) for model, name in (
    (Product, "id"), (Product, "slug"), (Good, "id"), (Book, "good_ptr"),
))  # fmt: skip
ONE = "5f0c2a3e-5d5e-4d5b-9a53-0d5f7d1b2c3d"


@pytest.mark.parametrize(
    ("field", "key", "value"),
    [
        (PK, "7", 7),
        (PK, "-7", -7),
        (PK, "07", None),
        (PK, "7.0", None),
        (PK, "\u0667", None),
        (PK, "9223372036854775807", 2**63 - 1),
        (PK, "9223372036854775808", None),
        (SLUG, "moor-boot", "moor-boot"),
        (SLUG, "", None),
        (SLUG, "a\x00b", None),
        (SLUG, "\udc00", None),
        (SLUG, "x" * 400, "x" * 400),
        (UUID, ONE, uuid.UUID(ONE)),
        (UUID, ONE.upper(), None),
        (UUID, ONE.replace("-", ""), None),
        (PARENT, ONE, uuid.UUID(ONE)),
        (PARENT, "7", None),
    ],
)
def test_key(field: Any, key: str, value: Any) -> None:
    assert usable_keys(field, [key]) == ({} if value is None else {key: value})


def test_what_is_no_text_is_no_key() -> None:
    keys: list[Any] = [7, None, b"7", ["7"]]
    assert usable_keys(PK, keys) == {}


@pytest.mark.django_db
@given(
    st.lists(st.text(st.characters(exclude_categories=())), max_size=5),
    st.sampled_from([PK, SLUG, UUID, PARENT, Order._meta.get_field("placed_at")]),
)
def test_no_database_refuses_what_is_left(keys: list[str], field: Any) -> None:
    usable = usable_keys(field, keys)
    assert set(usable) <= set(keys)
    if field.model not in (Good, Book):
        assert list(field.model.objects.filter(**{f"{field.name}__in": list(usable.values())})) == []


@given(st.text(st.characters(exclude_categories=())))
def test_what_may_be_sent_can_be_encoded(text: str) -> None:
    can = "\x00" not in text and text.encode("utf-8", "ignore").decode() == text
    assert may_be_sent(text) is can


def test_fields_are_those_that_are_meant() -> None:
    assert isinstance(PK, models.BigAutoField)
    assert isinstance(PARENT, models.OneToOneField)
