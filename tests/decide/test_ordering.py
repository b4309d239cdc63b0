"""What is named comes first, the rest stays, and nothing is ever lost, added or doubled."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.decide.ordering import key_reader, put_first
from django_microseg.shop.values import CategoryInfo, ProductInfo

KEYS = st.sampled_from(["boots", "socks", "tents", "lamps", "packs"])


@given(st.lists(KEYS), st.lists(KEYS, unique=True))
def test_order_is_a_rearrangement_with_the_named_first_and_the_rest_as_it_was(keys, first):
    things = [(key, place) for place, key in enumerate(keys)]
    ordered = put_first(things, first, key_of=lambda thing: thing[0])
    named = [thing for key in first for thing in things if thing[0] == key]
    assert ordered == [*named, *[thing for thing in things if thing[0] not in first]]


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3), unique=True))
def test_every_thing_is_there_as_often_as_before(things, first):
    assert sorted(put_first(things, first, key_of=str)) == sorted(things)


@given(st.lists(KEYS), st.lists(KEYS, unique=True))
def test_ordering_what_is_in_order_changes_nothing(things, first):
    once = put_first(things, first, key_of=str)
    assert put_first(once, first, key_of=str) == once


def test_key_that_nothing_has_is_passed_over():
    assert put_first(["a", "b"], ["gone", "b"], key_of=str) == ["b", "a"]


@dataclass
class Tile:
    category: dict[str, str]


@pytest.mark.parametrize(
    ("thing", "path", "key"),
    [
        ("boots", "", "boots"),
        ({"key": "boots"}, "", "boots"),
        (CategoryInfo("boots", "Boots"), "", "boots"),
        (ProductInfo("boot-1", "Boot"), "", "boot-1"),
        ({"category": {"slug": "boots"}}, "category.slug", "boots"),
        (Tile({"slug": "boots"}), "category.slug", "boots"),
        ({"category": CategoryInfo("boots", "Boots")}, "category", "boots"),
    ],
)
def test_key_of_everything_that_a_shop_may_hand_over(thing, path, key):
    assert key_reader(path)(thing) == key


@pytest.mark.parametrize(("thing", "path"), [({"slug": "boots"}, ""), ({"slug": "boots"}, "category.slug"), (7, "x")])
def test_thing_without_a_key_is_a_fault(thing, path):
    with pytest.raises((KeyError, AttributeError)):
        key_reader(path)(thing)
