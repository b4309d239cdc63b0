"""Pages of a list that stay put while rows come and go: each begins after the last row of the one before.

A cursor holds the values that rows are ordered by, of the last row that was shown. It is no secret and is not believed:
whatever it says, it only chooses where to go on.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from django_microseg.http.problem import Problem
from django_microseg.segment.names import is_clean_text

from .failure import at_fault

__all__ = ["MOST_ROWS", "ROWS", "Page", "page_of"]

ROWS, MOST_ROWS = 50, 200
_Row = TypeVar("_Row", bound=Model)
_LONGEST = 2000
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Some rows, and the address of those that follow; None after the last."""

    rows: list[_Row]
    next: str | None

    def answer(self, make: Callable[[_Row], dict[str, Any]]) -> dict[str, Any]:
        return {"results": [make(row) for row in self.rows], "next": self.next}


def page_of(
    rows: QuerySet[_Row], request: Request, *, order: Sequence[str], size: int = ROWS, cursor: str = ""
) -> Page[_Row]:
    """One page. The last field of ``order`` tells any two rows apart; none of them is ever empty. One query."""
    if cursor:
        rows = _after(rows, order, cursor)
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    shown = found[:size]
    return Page(shown, _address(request, _write(shown[-1], order)))


def _after(rows: QuerySet[_Row], order: Sequence[str], cursor: str) -> QuerySet[_Row]:
    values = _read(cursor, len(order))
    wanted, equal = Q(), Q()
    for field, value in zip(order, values, strict=True):
        name, comes_after = field.removeprefix("-"), "lt" if field.startswith("-") else "gt"
        wanted |= equal & Q(**{f"{name}__{comes_after}": value})
        equal &= Q(**{name: value})
    try:
        return rows.filter(wanted)
    except (ValueError, TypeError, OverflowError, ValidationError):
        raise _bad() from None


def _write(row: Model, order: Sequence[str]) -> str:
    values = [getattr(row, field.removeprefix("-")) for field in order]
    said = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _read(cursor: str, count: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:_LONGEST] + "=" * (-len(cursor[:_LONGEST]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise _bad() from None
    if not isinstance(values, list) or len(values) != count or not all(map(_is_plain, values)):
        raise _bad()
    return values


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return is_clean_text(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _bad() -> Problem:
    return at_fault("?cursor", "invalid", "Follow next as it is given, or begin without a cursor.")


def _address(request: Request, cursor: str) -> str:
    parameters = request.query_params.copy()
    parameters["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
