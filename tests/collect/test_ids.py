"""Ids of rows as addresses and forms name them."""

from __future__ import annotations

import pytest

from django_microseg.collect.ids import read_id


@pytest.mark.parametrize(("text", "found"), [("0", 0), ("7", 7), ("0042", 42), (str(2**63 - 1), 2**63 - 1)])
def test_id_that_a_table_could_have_given_is_read(text: str, found: int) -> None:
    assert read_id(text) == found


@pytest.mark.parametrize(
    "text", [None, "", " ", "x", "-1", "+1", "1.0", "1 ", "1\n", "1_0", "²", "٣", str(2**63), "9" * 30, "9" * 5000]
)
def test_what_no_table_could_have_given_is_no_id(text: str | None) -> None:
    assert read_id(text) is None
