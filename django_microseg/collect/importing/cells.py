"""Single cells of a file: from what CSV and Parquet hold to texts, numbers and times. Pure.

CSV has text alone, Parquet has types; both come out the same. A cell that cannot be read raises
`BadCell` with its column; the value itself is never repeated, because it may be personal.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

__all__ = ["BadCell", "read_number", "read_text", "read_time", "read_whole"]

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)


class BadCell(ValueError):
    """A cell that cannot be read, and what should stand there."""

    def __init__(self, column: str, detail: str) -> None:
        super().__init__(f"{column} {detail}")
        self.column = column


def read_text(value: Any) -> str:
    """Text without spaces around; a whole number that was stored as a float has no ``.0``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value.is_integer():
            return str(int(value))
    return str(value)


def read_number(value: Any, column: str) -> Decimal | None:
    """An exact number; None for an empty cell."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        value = repr(value) if math.isfinite(value) else ""
        number = Decimal(value) if value else Decimal("nan")
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        text = read_text(value)
        if not text:
            return None
        number = Decimal(text) if _NUMBER.fullmatch(text) else Decimal("nan")
    if not number.is_finite():
        raise BadCell(column, "is no number: write it like 1234.50.")
    return number


def read_whole(value: Any, column: str) -> int | None:
    """A whole number; None for an empty cell."""
    if type(value) is int:
        return value
    number = read_number(value, column)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise BadCell(column, "is no whole number.")
    return int(number)


def read_time(value: Any, column: str, *formats: str) -> dt.datetime | None:
    """A time; None for an empty cell. ISO 8601 always, else the first of the formats that fits.

    Without a zone it stays without one: the shop's time.
    """
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the shop's time
    text = read_text(value)
    if not text:
        return None
    for read in (dt.datetime.fromisoformat, *(_by(form) for form in formats)):
        try:
            return read(text)
        except ValueError:
            continue
    raise BadCell(column, f"is no time: write it like 2026-03-31T20:01:00{_or(formats)}.")


def _by(form: str) -> Callable[[str], dt.datetime]:
    return lambda text: dt.datetime.strptime(text, form)  # noqa: DTZ007 - the shop's time


def _or(formats: tuple[str, ...]) -> str:
    return f", or as {', '.join(formats)}" if formats else ""
