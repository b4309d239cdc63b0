"""Which texts can be keys of a field at all. The others are asked of no database: it might refuse the whole query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import Field, IntegerField

__all__ = ["may_be_sent", "usable_keys"]


def usable_keys(field: Field[Any, Any], keys: Iterable[str]) -> dict[str, Any]:
    """The keys that a row may have, each with the field's own value for it."""
    found = {}
    for key in keys:
        value = _value_of(field, key)
        if value is not None and str(value) == key:  # "007" is not the key of number 7
            found[key] = value
    return found


def may_be_sent(text: str) -> bool:
    """Neither zero characters nor halves of surrogate pairs reach a database."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _value_of(field: Field[Any, Any], key: Any) -> Any:
    if not isinstance(key, str) or not key or not may_be_sent(key):
        return None
    try:
        value = field.to_python(key)
    except (ValidationError, ValueError, TypeError):
        return None
    return value if _is_in_range(field, value) else None


def _is_in_range(field: Field[Any, Any], value: Any) -> bool:
    """A database takes no number that its column cannot hold."""
    while field.is_relation:
        field = field.target_field  # type: ignore[attr-defined]  # a primary key that is a parent's
    if not isinstance(field, IntegerField):
        return True
    low, high = connections[router.db_for_read(field.model)].ops.integer_field_range(field.get_internal_type())
    return bool(low <= value <= high)
