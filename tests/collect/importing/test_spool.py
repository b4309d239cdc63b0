"""The lines of one order come together, wherever they stood."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.collect.importing import spool
from django_microseg.collect.importing.spool import Spool


@pytest.fixture
def empty() -> Iterator[Spool]:
    made = Spool()
    yield made
    made.close()


def test_orders_go_by_their_first_row_and_lines_by_their_own(empty: Spool) -> None:
    for row, key in enumerate("abacb", start=1):
        empty.add(key, row, key.encode())
    assert list(empty.orders()) == [[(1, b"a"), (3, b"a")], [(2, b"b"), (5, b"b")], [(4, b"c")]]


def test_a_line_that_could_not_be_read_keeps_its_place(empty: Spool) -> None:
    empty.add("a", 1, None)
    assert list(empty.orders()) == [[(1, None)]]


def test_customers_are_counted_once(empty: Spool) -> None:
    for key in ("x", "y", "x"):
        empty.note_customer(key)
    assert empty.count_customers() == 2


@given(st.lists(st.integers(0, 6), max_size=60))
def test_nothing_is_lost_whatever_the_order(keys: list[int]) -> None:
    full = Spool()
    for row, key in enumerate(keys, start=1):
        full.add(f"k{key}", row, bytes([key]))
    groups = list(full.orders())
    full.close()
    assert sorted(line for group in groups for line in group) == [(n, bytes([key])) for n, key in enumerate(keys, 1)]
    assert all(len({line for _, line in group}) == 1 for group in groups)
    assert len(groups) == len(set(keys))


def test_batches_that_are_written_early_change_nothing(monkeypatch: pytest.MonkeyPatch, empty: Spool) -> None:
    monkeypatch.setattr(spool, "_BATCH", 2)
    for row, key in enumerate("abab", start=1):
        empty.add(key, row, b"")
    assert [len(lines) for lines in empty.orders()] == [2, 2]
