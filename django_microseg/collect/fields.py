"""Column types that mean the same on every engine.

Instants are whole milliseconds since 1970 and days are whole days since 1970, both stored as
integers: fold, scan and oracle then compare exactly, SQLite needs no text dates, and any SQL
engine that reads the table agrees. Keys use byte order, because collations differ by server.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.utils import timezone

__all__ = ["DayField", "InstantField", "KeyField", "from_ms", "to_day", "to_ms"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = _EPOCH.date()
_MILLISECOND = dt.timedelta(milliseconds=1)


def to_ms(moment: dt.datetime) -> int:
    """Whole milliseconds since 1970 of an aware datetime, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(instant: int) -> dt.datetime:
    """The aware UTC datetime of whole milliseconds since 1970."""
    return _EPOCH + dt.timedelta(milliseconds=instant)


def to_day(day: dt.date) -> int:
    """Whole days since 1970-01-01."""
    return (day - _EPOCH_DAY).days


class _IntegerStored(models.Field):  # type: ignore[type-arg]
    """Shared by the two: a Python date type outside, an integer inside."""

    empty_strings_allowed = False
    _plain_lookups = frozenset({"exact", "in", "gt", "gte", "lt", "lte", "range", "isnull"})

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(
            f"{self.name!r} is stored as an integer, so the lookup {lookup_name!r} does not work "
            f"on it. Compare with gte/lt and a {self._python_name} instead."
        )

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in self._plain_lookups else None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: Any = False) -> Any:  # noqa: FBT002 - Django's own signature
        return value if prepared else self.get_prep_value(value)

    _python_name = "value"


class InstantField(_IntegerStored, models.DateTimeField):  # type: ignore[type-arg]
    """A moment: aware datetime in Python, bigint milliseconds since 1970 in the table."""

    description = "Moment, stored as milliseconds since 1970"
    _python_name = "datetime"

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def to_python(self, value: Any) -> dt.datetime | None:
        if isinstance(value, int):
            return from_ms(value)
        parsed: dt.datetime | None = super().to_python(value)
        if parsed is not None and timezone.is_naive(parsed):
            parsed = timezone.make_aware(parsed)
        return parsed

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, int) or hasattr(value, "resolve_expression"):
            return value
        moment = self.to_python(value)
        return None if moment is None else to_ms(moment)


class DayField(_IntegerStored, models.DateField):  # type: ignore[type-arg]
    """A calendar day: date in Python, integer days since 1970 in the table."""

    description = "Day, stored as days since 1970"
    _python_name = "date"

    def get_internal_type(self) -> str:
        return "IntegerField"

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, int):
            return _EPOCH_DAY + dt.timedelta(days=value)
        parsed: dt.date | None = super().to_python(value)
        return parsed

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, int) or hasattr(value, "resolve_expression"):
            return value
        day = self.to_python(value)
        return None if day is None else to_day(day)


class KeyField(models.CharField):  # type: ignore[type-arg]
    """Text compared byte by byte, whatever the server's locale. Missing is the empty string."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
