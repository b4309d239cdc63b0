"""A form field of plain rows: selects and inputs, some of them empty, so that it needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from .rows import Row

__all__ = ["Column", "RowsField", "RowsWidget"]

_FEWEST = 2
_LONGEST = 200

#: Pairs of value and label, or of a group's label and such pairs.
Choices = Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a row says. ``choices`` make it a select; ``is_kept`` is what an empty row may say, too."""

    name: str
    label: Any
    choices: Choices = ()
    hint: str = ""
    is_number: bool = False
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    column: Column
    value: str

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The choices in groups, and what stands there already though it is no choice any more."""
        groups = [
            (str(label), list(inner)) if isinstance(inner, list | tuple) else ("", [(label, inner)])
            for label, inner in self.column.choices
        ]
        known = {value for _, choices in groups for value, _ in choices}
        return groups if not self.value or self.value in known else [("", [(self.value, self.value)]), *groups]


class RowsWidget(forms.Widget):
    """``row_errors`` are by number of the row from 0 on; ``spare`` is how many empty rows follow."""

    template_name = "django_microseg/admin/rows.html"

    def __init__(self, columns: Sequence[Column] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = tuple(columns)
        self.spare = 1
        self.row_errors: dict[int, str] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """The rows that say anything, in order."""
        texts = [[str(text).strip() for text in data.getlist(f"{name}-{each.name}")] for each in self.columns]
        rows = [
            {each.name: text for each, text in zip(self.columns, cells, strict=True) if text}
            for cells in zip(*texts, strict=False)
        ]
        kept = {each.name for each in self.columns if each.is_kept}
        return [row for row in rows if row.keys() - kept]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{each.name}" in data for each in self.columns)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows: list[Mapping[str, str]] = list(value or [])
        rows += [{}] * max(_FEWEST - len(rows), self.spare)
        shown = [
            {
                "cells": [_Cell(each, row.get(each.name, "")) for each in self.columns],
                "error": self.row_errors.get(place),
            }
            for place, row in enumerate(rows)
        ]
        return {**context, "rows": shown}

    def format_value(self, value: Any) -> Any:
        return value

    def id_for_label(self, id_: str) -> str:
        return ""


class RowsField(forms.Field):
    """A list of rows; what is wrong with them is judged by the form."""

    widget = RowsWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> list[Row]:
        return [{name: text[:_LONGEST] for name, text in row.items()} for row in value or []]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])
