"""Figures in words: what a condition's trait, fact or context is, and what it should be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...profile.age import age_at, day_number
from ...profile.fact_catalogue import is_list_name
from ...profile.traits.definition import DAY, SHARES, TIME_SINCE, Trait
from ..emit import LAST_KNOWN, last_known, unit_of
from ..rule import (
    Condition,
    ContextCondition,
    CustomCondition,
    FactCondition,
    Operand,
    PopulationOperand,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
)
from ..runtime import fact_row
from .case import Case

__all__ = ["actual_of", "needed_of", "number_text", "raw_figure"]

_OPERATORS = {
    ">=": gettext_lazy("at least %s"),
    ">": gettext_lazy("more than %s"),
    "<=": gettext_lazy("at most %s"),
    "<": gettext_lazy("less than %s"),
    "==": "%s",
    "!=": gettext_lazy("not %s"),
    "in": gettext_lazy("one of %s"),
    "not_in": gettext_lazy("none of %s"),
    "known": gettext_lazy("known"),
    "unknown": gettext_lazy("unknown"),
}


def raw_figure(case: Case, trait: Trait, now: int) -> Fraction | str | None:
    """A trait's figure in its raw unit: minor units, thousandths, milliseconds, a count."""
    value = case.figure(trait, now)
    if value is None or isinstance(value, str):
        return value
    if trait.aggregate in TIME_SINCE:
        return Fraction(now - value)
    return Fraction(*value) if isinstance(value, tuple) else Fraction(value)


def actual_of(condition: Condition, case: Case, now: int) -> str:
    """What is, in the unit in which the rule is written."""
    if isinstance(condition, TraitCondition):
        return _trait_text(condition.trait, raw_figure(case, condition.trait, now), case)
    if isinstance(condition, FactCondition):
        return _fact_text(condition.name, case, now)
    if isinstance(condition, ContextCondition):
        return _context_text(condition.name, case, now)
    return ""


def needed_of(condition: Condition, case: Case, now: int) -> str:
    """What should be."""
    if isinstance(condition, SegmentCondition | CustomCondition):
        return _("to be a member") if isinstance(condition, SegmentCondition) else ""
    if isinstance(condition, FactCondition) and is_list_name(condition.name):
        return _("to have been in it then")
    phrase = str(_OPERATORS[condition.operator])
    if "%s" not in phrase:
        return phrase
    return phrase % _operand_text(condition, condition.value, case, now)


def _operand_text(condition: Condition, value: Operand, case: Case, now: int) -> str:
    trait = condition.trait if isinstance(condition, TraitCondition) else None
    if isinstance(value, TraitOperand) and trait is not None:
        other = raw_figure(case, value.trait, now)
        if other is None or isinstance(other, str):
            return _("something unknown")
        return _trait_text(trait, other * value.factor, case)
    if isinstance(value, PopulationOperand) and trait is not None:
        ratio = case.population.get(value.name)
        if ratio is None or not ratio[1]:
            return _("a figure of the shop that is not known yet")
        return _trait_text(trait, Fraction(*ratio) * value.factor, case)
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(_constant_text(each, trait) for each in values)


def _constant_text(value: Any, trait: Trait | None) -> str:
    if isinstance(value, str):
        return value
    text = number_text(Fraction(value))
    return _with_unit(text, Fraction(value), trait) if trait is not None else text


def _trait_text(trait: Trait, raw: Fraction | str | None, case: Case) -> str:
    if raw is None:
        return _("unknown")
    if isinstance(raw, str):
        return raw
    value = raw / unit_of(trait, case.minor_exponent)
    return _with_unit(number_text(value), value, trait)


def _with_unit(text: str, value: Fraction, trait: Trait) -> str:
    if trait.aggregate in SHARES:
        return f"{number_text(value * 100)} %"
    unit = DAY if trait.aggregate == "mean_gap" else TIME_SINCE.get(trait.aggregate)
    if unit is None:
        return text
    whole = max(0, int(value)) if value == int(value) else 2
    if unit == DAY:
        return ngettext("%s day", "%s days", whole) % text
    if unit == TIME_SINCE["hours_since"]:
        return ngettext("%s hour", "%s hours", whole) % text
    return ngettext("%s minute", "%s minutes", whole) % text


def number_text(value: Fraction) -> str:
    """At most two decimals; a figure that they cannot hold is marked as rounded."""
    hundredths = round(value * 100)
    text = f"{Decimal(hundredths) / 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if Fraction(hundredths, 100) == value else f"≈ {text}"


def _fact_text(name: str, case: Case, now: int) -> str:
    row = fact_row(dict(case.facts), "birthday" if name == "age" else name, now)
    if is_list_name(name):
        return _("was in it then") if row else _("was not in it then")
    if row is None:
        return _("unknown")
    if name == "age" and row[1] is not None:
        return str(age_at(row[1], day_number(now, case.zone)))
    return row[0] if row[0] is not None else number_text(Fraction(row[1] or 0, 1000))


def _context_text(name: str, case: Case, now: int) -> str:
    if case.context is not None:
        return str(case.context.get(name) or _("unknown"))
    known = case.figure(last_known(name), now) if name in LAST_KNOWN else None
    return known or _("known only during a visit")
