"""Two neighbouring conditions that are the ends of one range: ``28 <= age <= 32``."""

from __future__ import annotations

from fractions import Fraction

from ..profile.traits.definition import Trait
from .rule import ContextCondition, FactCondition, Rule, TraitCondition

__all__ = ["Comparable", "is_range"]

Comparable = TraitCondition | FactCondition | ContextCondition


def is_range(low: Rule, high: Rule) -> bool:
    """Whether the two are a lower and an upper bound, both plain numbers, of the same subject."""
    if not isinstance(low, Comparable) or not isinstance(high, Comparable):
        return False
    is_order = low.operator in (">=", ">") and high.operator in ("<=", "<")
    is_plain = isinstance(low.value, int | Fraction) and isinstance(high.value, int | Fraction)
    return is_order and is_plain and type(low) is type(high) and _subject(low) == _subject(high)


def _subject(condition: Comparable) -> Trait | str:
    return condition.trait if isinstance(condition, TraitCondition) else condition.name
