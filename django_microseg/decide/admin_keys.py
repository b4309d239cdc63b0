"""A form field for keys of the shop in an order: one line each, with suggestions where the shop has some.

Plain inputs and a datalist, so it needs no script; empty lines are left out, and more appear when
the form is shown again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from .models import validate_keys

__all__ = ["KeysField", "KeysWidget"]

_FEWEST_LINES, _SPARE_LINES = 4, 2


class KeysWidget(forms.Widget):
    """``suggestions`` are pairs of key and title."""

    template_name = "django_microseg/admin/keys.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions: tuple[tuple[str, str], ...] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [key for key in map(str.strip, data.getlist(name)) if key]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        keys = value or []
        spare = max(_FEWEST_LINES - len(keys), _SPARE_LINES)
        return {**context, "lines": [*keys, *[""] * spare], "suggestions": self.suggestions}

    def format_value(self, value: Any) -> Any:
        return value

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_1" if id_ else id_


class KeysField(forms.Field):
    """A list of different keys, in order."""

    widget = KeysWidget
    default_validators = [validate_keys]

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def suggest(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Offer these pairs of key and title while typing."""
        cast("KeysWidget", self.widget).suggestions = tuple(pairs)

    def to_python(self, value: Any) -> list[str]:
        return list(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])
