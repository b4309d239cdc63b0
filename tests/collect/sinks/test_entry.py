"""An event reads from the line as it was put there, whatever good Python values it holds."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.collect.incoming import WaitedEvent
from django_microseg.collect.reasons import Rejected
from django_microseg.collect.sinks.entry import Unreadable, Unwritable, dump, load
from django_microseg.collect.validate import judge
from tests.collect.making import HOUR, NOON, NOW, event, order, terms

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
_LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-1000, 1000, places=2),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.times(),
    st.uuids(),
    _TEXT,
    st.sets(_TEXT, max_size=1),  # a set is stored in any order
)
_VALUE = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3), max_leaves=8
)


@given(properties=st.dictionaries(_TEXT, _VALUE, max_size=5), at=st.one_of(st.none(), st.just(NOW - HOUR), _TEXT))
def test_what_was_judged_good_is_judged_the_same_after_it_has_waited(properties: dict[str, Any], at: Any) -> None:
    item = event("product_viewed", {"product_id": "p-1", **properties}, message_id="", occurred_at=at)
    on_arrival = terms(source="shop", basis="contract")
    try:
        before = judge(item, on_arrival)
    except Rejected:
        return
    line = dump(item, on_arrival)
    entry = load(line)
    after = judge(entry.item, terms(source="shop", basis="contract", received_at=NOON + 7_200_000))
    assert line.isascii()
    assert (entry.source, entry.basis, entry.is_public) == ("shop", "contract", False)
    assert (after.person, vars(after.draft)) == (before.person, vars(before.draft))


def test_lines_of_an_order_wait_with_it() -> None:
    item = order("A", Decimal("12.50"), products=[{"product_id": "p-1", "price": Decimal("12.50"), "quantity": 1}])
    after = judge(load(dump(item, terms())).item, terms())
    assert [(line.product_key, line.value_minor) for line in after.lines] == [("p-1", 1250)]


def test_values_come_back_as_what_they_were() -> None:
    given_ = {
        "price": Decimal("9.90"),
        "at": NOW,
        "day": NOW.date(),
        "hour": dt.time(20, 1),
        "key": UUID(int=7),
        "tags": {"b", "a"},
        "sizes": [1, 2.5, None, True],
    }
    item = load(dump(event(properties=given_), terms(is_public=True))).item
    assert item.properties == given_
    assert isinstance(item, WaitedEvent)
    assert (item.arrived_at, item.occurred_at) == (NOON, NOW - HOUR)


@pytest.mark.parametrize("value", [object(), float("nan"), 10**5000], ids=["object", "nan", "long number"])
def test_what_could_not_be_read_again_is_not_written(value: object) -> None:
    with pytest.raises(Unwritable):
        dump(event(properties={"x": value}), terms())


GOOD = json.loads(dump(event(), terms()))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no json",
        "null",
        "[]",
        "{}",
        json.dumps([2, *GOOD[1:]]),
        json.dumps([*GOOD[:4], "noon", GOOD[5]]),
        json.dumps([*GOOD[:5], {"no_such_field": 1}]),
        json.dumps([*GOOD[:5], {}]),
        json.dumps([*GOOD[:5], {"name": {"\x00no_such_tag": 1}}]),
        json.dumps([*GOOD[:5], {"name": {"\x00date": "yesterday"}}]),
        json.dumps([*GOOD[:5], {"name": {"\x00decimal": "ten"}}]),
        json.dumps([*GOOD[:5], {"name": "x", "arrived_at": 1}]),
        "[" * 100_000,
        b"\xff\xfe",
    ],
    ids=range(15),
)
def test_anything_else_is_called_unreadable(line: str | bytes) -> None:
    with pytest.raises(Unreadable):
        load(line)
