"""A condition made one step easier: one order fewer, a day more, ten of a hundred off an amount.

Comes in: a condition, and whether the rule wants it true or false. Goes out: the easier condition, or None where there
is no next step. Only thresholds move, never windows or filters, so the easier condition asks for the same figures.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ..profile.traits.columns import column_of
from ..profile.traits.definition import SHARES, TIME_SINCE, Number, Trait
from .exact import tidy
from .limits import MAX_DECIMALS, MAX_NUMBER
from .rule import Condition, FactCondition, PopulationOperand, TraitCondition, TraitOperand

__all__ = ["eased"]

#: Aggregates whose figure is a number of things; fewer than one of them is no threshold.
_WHOLE = frozenset({"count", "distinct", "active_days", "active_weeks", "follows", "not_follows"})
_TENTH = Fraction(1, 10)
_SHARE_STEP = Fraction(1, 20)
_FALLS = frozenset({">=", ">"})
_RISES = frozenset({"<=", "<"})


def eased(condition: Condition, *, wanted: bool, decimals: int) -> Condition | None:
    """``decimals`` is how many the shop's currency has."""
    if not isinstance(condition, TraitCondition | FactCondition):
        return None
    value = condition.value
    if condition.operator == "==" and value == 0 and wanted and _is_whole(condition):
        return replace(condition, operator="<=", value=1)
    if condition.operator not in _FALLS | _RISES:
        return None
    up = (condition.operator in _RISES) is wanted
    if isinstance(value, TraitOperand | PopulationOperand):
        factor = _moved_by_a_tenth(value.factor, MAX_DECIMALS, up=up)
        return None if factor is None else replace(condition, value=replace(value, factor=factor))
    if not isinstance(value, int | Fraction):
        return None
    moved = _moved(condition, value, decimals, up=up)
    return None if moved is None else replace(condition, value=moved)


def _moved(condition: TraitCondition | FactCondition, value: Number, decimals: int, *, up: bool) -> Number | None:
    if isinstance(condition, FactCondition):
        # Other facts may be dates written as numbers, which have no tenth.
        return _moved_by(value, 1, up=up) if condition.name == "age" else None
    aggregate = condition.trait.aggregate
    if aggregate in SHARES:
        moved = _moved_by(value, _SHARE_STEP, up=up)
        return moved if moved is not None and moved <= 1 else None
    if _is_whole(condition):
        # "at least 0" and "not fewer than 0" would be everybody: that is leaving the condition out.
        least = 1 if condition.operator in (">=", "<") else 0
        moved = _moved_by(value, 1, up=up)
        return moved if moved is not None and moved >= least else None
    if aggregate in TIME_SINCE or aggregate == "mean_gap":
        return _moved_by(value, 1, up=up)
    return _moved_by_a_tenth(value, decimals if _is_money(condition.trait) else MAX_DECIMALS, up=up)


def _is_whole(condition: TraitCondition | FactCondition) -> bool:
    if isinstance(condition, FactCondition):
        return False
    trait = condition.trait
    return trait.aggregate in _WHOLE or (trait.aggregate == "sum" and trait.field == "quantity")


def _is_money(trait: Trait) -> bool:
    column = column_of(trait.field or "")
    return column is not None and column.kind == "money"


def _moved_by(value: Number, step: Number, *, up: bool) -> Number | None:
    moved = tidy(Fraction(value) + (step if up else -step))
    return moved if 0 <= moved <= MAX_NUMBER else None


def _moved_by_a_tenth(value: Number, decimals: int, *, up: bool) -> Number | None:
    """Rounded to what can be written; None where that is no step."""
    exact = Fraction(value) * (1 + _TENTH if up else 1 - _TENTH)
    moved = tidy(Fraction(round(exact * 10**decimals), 10**decimals))
    return moved if moved != value and 0 < moved <= MAX_NUMBER else None
