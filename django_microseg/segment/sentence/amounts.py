"""Comparisons in words: "at least 5 times", "between 10 and 20 GBP", "“a” or “b”"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...profile.traits.definition import Number
from ..exact import decimal_text, to_units
from ..rule import Operand, PopulationOperand, TraitOperand

__all__ = ["Comparison", "choice_of", "duration", "frequency", "plain", "quantity", "units_of"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a subject is compared with. ``upper`` makes it a range, both ends included."""

    operator: str
    value: Operand
    upper: Number | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it is compared with another figure, not with a constant."""
        return isinstance(self.value, TraitOperand | PopulationOperand)


def quantity(comparison: Comparison, show: Callable[[Any], str]) -> str:
    """ "at least 5", "between 10 and 20": the amount of a comparison, its values by ``show``."""
    if isinstance(comparison.value, tuple):
        return choice_of(comparison.operator, tuple(map(show, comparison.value)))
    shown = {"value": show(comparison.value)}
    if comparison.upper is not None:
        return _("between %(value)s and %(upper)s") % {**shown, "upper": show(comparison.upper)}
    return {
        ">=": _("at least %(value)s"),
        ">": _("more than %(value)s"),
        "<=": _("at most %(value)s"),
        "<": _("less than %(value)s"),
        "==": _("exactly %(value)s"),
        "!=": _("not exactly %(value)s"),
    }[comparison.operator] % shown


def frequency(comparison: Comparison, show: Callable[[Any], str]) -> str:
    """ "at least 5 times", "exactly once"."""
    if comparison.is_figure:
        return _("(how often: %(amount)s)") % {"amount": quantity(comparison, show)}
    if comparison.value == 1 and comparison.upper is None:
        return {
            ">=": _("at least once"), ">": _("more than once"), "<=": _("at most once"),
            "==": _("exactly once"), "!=": _("not exactly once"), "<": _("less than once"),
        }[comparison.operator]  # fmt: skip
    amount = quantity(comparison, plain)
    if comparison.operator == "<":
        amount = _("fewer than %(value)s") % {"value": plain(comparison.value)}
    many = comparison.upper if comparison.upper is not None else comparison.value
    return ngettext("%(amount)s time", "%(amount)s times", _count(many)) % {"amount": amount}


def choice_of(operator: str, values: tuple[str, ...]) -> str:
    """“a” or “b”; of the operators that refuse: something other than “a”."""
    joined = values[0]
    if len(values) > 1:
        joined = _("%(first)s or %(last)s") % {"first": ", ".join(values[:-1]), "last": values[-1]}
    if operator in ("!=", "not_in", "ne"):
        return _("something other than %(values)s") % {"values": joined}
    return joined


def plain(value: Any) -> str:
    """A number as it is, a text in quotes."""
    return _("“%(text)s”") % {"text": value} if isinstance(value, str) else decimal_text(value)


def duration(milliseconds: int) -> str:
    """ "7 days", "90 minutes": the largest unit that fits."""
    unit, (number,) = to_units(milliseconds)
    return units_of(unit, number)


def units_of(unit: str, number: Number) -> str:
    """ "1 day", "2.5 hours"."""
    shown = {"number": decimal_text(number)}
    count = _count(number)
    if unit == "minutes":
        return ngettext("%(number)s minute", "%(number)s minutes", count) % shown
    if unit == "hours":
        return ngettext("%(number)s hour", "%(number)s hours", count) % shown
    return ngettext("%(number)s day", "%(number)s days", count) % shown


def _count(value: Any) -> int:
    """The number that chooses the plural form; parts of one take the plural."""
    return value if isinstance(value, int) else 2
