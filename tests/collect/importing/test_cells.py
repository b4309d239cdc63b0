"""Single cells: what CSV and Parquet hold comes out the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from django_microseg.collect.importing.cells import BadCell, read_number, read_text, read_time, read_whole


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (" a ", "a"), (17850.0, "17850"), (float("nan"), ""), (2.5, "2.5"), (7, "7")]
)
def test_texts(value: Any, text: str) -> None:
    assert read_text(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [(2.55, Decimal("2.55")), ("2.55", Decimal("2.55")), (0.001, Decimal("0.001")), (6, Decimal(6)),
     ("", None), (None, None), (float("nan"), None), (Decimal("1.10"), Decimal("1.10"))],
)  # fmt: skip
def test_numbers_are_exact(value: Any, number: Decimal | None) -> None:
    assert read_number(value, "price") == number


@pytest.mark.parametrize("value", ["4,50", "1e3", "NaN", "Infinity", float("inf"), "twelve", Decimal("NaN"), True])
def test_what_is_no_number_is_told_with_its_column(value: Any) -> None:
    with pytest.raises(BadCell, match=r"^price is no number"):
        read_number(value, "price")


def test_whole_numbers() -> None:
    assert [read_whole(value, "n") for value in (6, "6", 6.0, "", None)] == [6, 6, 6, None, None]
    with pytest.raises(BadCell, match="no whole number"):
        read_whole("1.5", "n")


@pytest.mark.parametrize(
    ("value", "formats", "moment"),
    [
        ("2010-12-01 08:26", (), dt.datetime(2010, 12, 1, 8, 26)),
        ("2010-12-01", (), dt.datetime(2010, 12, 1)),
        ("12/1/2010 8:26", ("%m/%d/%Y %H:%M",), dt.datetime(2010, 12, 1, 8, 26)),
        (dt.date(2010, 12, 1), (), dt.datetime(2010, 12, 1)),
        ("2010-12-01T08:26Z", (), dt.datetime(2010, 12, 1, 8, 26, tzinfo=dt.UTC)),
        ("", (), None),
    ],
)
def test_times(value: Any, formats: tuple[str, ...], moment: dt.datetime | None) -> None:
    assert read_time(value, "when", *formats) == moment


def test_what_is_no_time_is_told_with_the_formats_that_would_do() -> None:
    with pytest.raises(BadCell, match=r"or as %d\.%m\.%Y"):
        read_time("soon", "when", "%d.%m.%Y")
