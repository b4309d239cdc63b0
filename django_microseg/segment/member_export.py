"""The members of a segment as lines of CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from ..collect.importing.error_file import safe_cell
from .models import Membership

__all__ = ["member_lines"]

_HEADER = ("customer", "profile", "since")
_AT_ONCE = 2000


class _Line:
    """What a csv writer writes into: gives the line back."""

    def write(self, text: str) -> str:
        return text


def member_lines(rows: QuerySet[Membership]) -> Iterator[str]:
    """Customer key (empty for visitors without a name), profile key, and since when; whoever came first is first."""
    writer: Any = csv.writer(_Line())
    yield writer.writerow(_HEADER)
    found = rows.order_by("since", "pk").values_list("profile__customer_key", "profile__key", "since")
    for customer, key, since in found.iterator(chunk_size=_AT_ONCE):
        yield writer.writerow((safe_cell(customer or ""), key, since.isoformat()))
