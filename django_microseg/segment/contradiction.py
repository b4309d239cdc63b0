"""Rules that can never be true, as far as that can be proven cheaply: "a and not a", "x >= 5 and x < 3", no text left.

A branch of the rule is followed with what it demands of each figure, fact and context; it is closed where two demands
leave no value. A rule is a contradiction if every branch closes. What cannot be proven within so many branches is not
claimed: a rule that somebody could fit is never called a contradiction. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from ..profile.traits.definition import Number
from .normal import normalise
from .rule import (
    Condition,
    ContextCondition,
    FactCondition,
    Group,
    Rule,
    TraitCondition,
    Value,
)

__all__ = ["clash_of"]

_MOST_BRANCHES = 500
_OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "==", "in": "not_in", "not_in": "in",
             "known": "unknown", "unknown": "known"}  # fmt: skip
#: Figures that are whole numbers and never below nothing; parts of a whole lie between 0 and 1.
_WHOLE = frozenset({"count", "distinct", "active_days", "active_weeks", "follows", "not_follows"})
_PARTS = frozenset({"share", "follows_share", "not_follows_share"})

Clash = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class _Demand:
    """That a condition is true, or that it is false."""

    condition: Condition
    is_wanted: bool

    @property
    def rule(self) -> Rule:
        return self.condition if self.is_wanted else Group("all", (self.condition,), is_negated=True)


class _Budget(Exception):
    """Too many branches to follow."""


def clash_of(rule: Rule) -> Clash | None:
    """The conditions that exclude each other, if the rule can never be true; empty if it says so itself."""
    try:
        return _close([(normalise(rule), True)], (), [_MOST_BRANCHES])
    except _Budget:
        return None


def _close(waiting: Sequence[tuple[Rule, bool]], demands: tuple[_Demand, ...], budget: list[int]) -> Clash | None:
    """The clash that closes this branch; None if it stays open. What must all hold waits."""
    budget[0] -= 1
    if budget[0] < 0:
        raise _Budget
    waiting, choices = list(waiting), []
    while waiting:
        rule, is_wanted = waiting.pop()
        if not isinstance(rule, Group):
            demand = _Demand(rule, is_wanted)
            clash = _clash(demand, demands)
            if clash is not None:
                return clash
            demands = (*demands, demand)
            continue
        is_wanted = is_wanted is not rule.is_negated
        inner = [(each, is_wanted) for each in rule.rules]
        if (rule.combinator == "all") is is_wanted:
            waiting.extend(reversed(inner))
        else:
            choices.append(inner)
    return _close_choices(choices, demands, budget)


def _close_choices(
    choices: list[list[tuple[Rule, bool]]], demands: tuple[_Demand, ...], budget: list[int]
) -> Clash | None:
    """A choice closes the branch if each of its ways does, with what else is still to choose."""
    if not choices:
        return None
    first, *rest = sorted(choices, key=len)
    found: Clash = ()
    for way in first:
        as_rules = [(Group("any", tuple(_signed(each) for each in choice)), True) for choice in rest]
        clash = _close([*as_rules, way], demands, budget)
        if clash is None:
            return None
        found = found or clash
    return found


def _signed(way: tuple[Rule, bool]) -> Rule:
    rule, is_wanted = way
    return rule if is_wanted else Group("all", (rule,), is_negated=True)


def _clash(new: _Demand, demands: tuple[_Demand, ...]) -> Clash | None:
    opposite = next((each for each in demands if each.condition == new.condition), None)
    if opposite is not None and opposite.is_wanted is not new.is_wanted:
        return opposite.rule, new.rule
    subject = _subject(new.condition)
    if subject is None:
        return None
    alike = [each for each in demands if _subject(each.condition) == subject]
    if not _leaves_nothing(new.condition, [*alike, new]):
        return None
    return tuple(dict.fromkeys(each.rule for each in (*alike, new)))


def _subject(condition: Condition) -> Hashable | None:
    """What is compared with a constant; None for what is not."""
    match condition:
        case TraitCondition() if _is_constant(condition.value):
            return condition.trait
        case FactCondition() | ContextCondition() if _is_constant(condition.value):
            return type(condition).__name__, condition.name
    return None


def _is_constant(value: object) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    return all(isinstance(each, Value) for each in values)


def _leaves_nothing(subject: Condition, demands: Sequence[_Demand]) -> bool:
    comparisons = [_comparison(each) for each in demands]
    operators = {operator for operator, _ in comparisons}
    if "unknown" in operators:
        return len(operators) > 1
    left = _Left.of(subject)
    for operator, values in comparisons:
        left.take(operator, values)
    return left.is_empty


def _comparison(demand: _Demand) -> tuple[str, tuple[Value, ...]]:
    condition = demand.condition
    operator, value = condition.operator, condition.value  # type: ignore[union-attr]
    values = value if isinstance(value, tuple) else (value,)
    return operator if demand.is_wanted else _OPPOSITE[operator], values


@dataclass(slots=True)
class _Left:
    """What values are left: a range of numbers, or the values named, less those excluded."""

    low: Number | None = None
    high: Number | None = None
    is_low_in: bool = True
    is_high_in: bool = True
    is_whole: bool = False
    named: tuple[Value, ...] | None = None
    excluded: tuple[Value, ...] = ()

    @classmethod
    def of(cls, condition: Condition) -> _Left:
        aggregate = condition.trait.aggregate if isinstance(condition, TraitCondition) else ""
        if aggregate in _WHOLE:
            return cls(low=0, is_whole=True)
        return cls(low=0, high=1) if aggregate in _PARTS else cls()

    def take(self, operator: str, values: tuple[Value, ...]) -> None:
        match operator:
            case ">=" | ">":
                self._raise(values[0], is_in=operator == ">=")
            case "<=" | "<":
                self._lower(values[0], is_in=operator == "<=")
            case "==" | "in":
                known = self.named
                self.named = (
                    values if known is None else tuple(v for v in known if any(_may_equal(v, w) for w in values))
                )
            case "!=" | "not_in":
                self.excluded += values

    def _raise(self, bound: Value, *, is_in: bool) -> None:
        if isinstance(bound, str):
            return
        if self.low is None or bound > self.low or (bound == self.low and not is_in):
            self.low, self.is_low_in = bound, is_in

    def _lower(self, bound: Value, *, is_in: bool) -> None:
        if isinstance(bound, str):
            return
        if self.high is None or bound < self.high or (bound == self.high and not is_in):
            self.high, self.is_high_in = bound, is_in

    @property
    def is_empty(self) -> bool:
        if self.named is not None:
            return not any(self._admits(value) for value in self.named)
        if self.low is None or self.high is None:
            return False
        if self.is_whole:
            return self._whole_left() == 0
        if self.low == self.high:
            return not (self.is_low_in and self.is_high_in) or self.low in self.excluded
        return self.low > self.high

    def _admits(self, value: Value) -> bool:
        if value in self.excluded:
            return False
        if isinstance(value, str):
            return True
        if self.is_whole and value.denominator != 1:
            return False
        above = self.low is None or value > self.low or (value == self.low and self.is_low_in)
        below = self.high is None or value < self.high or (value == self.high and self.is_high_in)
        return above and below

    def _whole_left(self) -> int:
        """How many whole numbers are left between the bounds."""
        if self.low is None or self.high is None:
            return 1
        first = -(-self.low // 1) + (0 if self.is_low_in or self.low.denominator != 1 else 1)
        last = self.high // 1 - (0 if self.is_high_in or self.high.denominator != 1 else 1)
        gone = {value for value in self.excluded if not isinstance(value, str) and value.denominator == 1}
        return max(0, int(last - first) + 1 - sum(first <= value <= last for value in gone))


def _may_equal(one: Value, other: Value) -> bool:
    """Capital letters may or may not count; so texts that differ in them alone may be equal."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one == other
