"""The reference for the compiled rules: the same rules over the same state as a tree of closures.

This is how one would write it without a compiler: each condition a function, each group an
``all`` or ``any`` of functions, figures read by the same helpers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django_microseg.profile.traits import values
from django_microseg.profile.traits.definition import TIME_SINCE, Trait
from django_microseg.profile.traits.fold import NEVER
from django_microseg.profile.traits.plan import Plan, Store, is_refundable, recent_for, stores_for
from django_microseg.segment.emit import depths_of, is_plain_count, unit_of
from django_microseg.segment.rule import Group, PopulationOperand, Rule, TraitCondition, TraitOperand
from django_microseg.segment.ruleset import Ruleset

__all__ = ["closures_of"]

Truth = Callable[[Any, int, Any], bool | None]
Read = Callable[[Any, int], Any]
_COMPARISONS = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def closures_of(ruleset: Ruleset) -> Callable[[Any, int, Any], int]:
    """A function (records, now, population) with the bits of `Ruleset.members`."""
    maker = _Maker(ruleset.plan, ruleset.minor_exponent)
    rules = [(1 << at, maker.rule(each.rule)) for at, each in enumerate(ruleset.definitions)]

    def members(records: Any, now: int, population: Any) -> int:
        bits = 0
        for bit, rule in rules:
            if rule(records, now, population) is True:
                bits |= bit
        return bits

    return members


class _Maker:
    def __init__(self, plan: Plan, minor_exponent: int) -> None:
        self._plan = plan
        self._minor_exponent = minor_exponent

    def rule(self, rule: Rule) -> Truth:
        if isinstance(rule, Group):
            return _group(rule, [self.rule(inner) for inner in rule.rules])
        assert isinstance(rule, TraitCondition), "the benchmark's rules ask for traits alone"
        return self._plain_count(rule) if is_plain_count(rule) else self._comparison(rule)

    def _plain_count(self, condition: TraitCondition) -> Truth:
        window = condition.trait.window
        at = self._plan.position(recent_for(condition.trait, 1))
        low = self._low(condition.trait)
        depths = depths_of(condition.operator, condition.value)  # type: ignore[arg-type]

        def reached(records: Any, now: int, depth: int) -> bool:
            times = records[at]
            if depth <= 0 or len(times) < depth:
                return depth <= 0
            return (window.oldest is None and window.since is None) or times[-depth] > low(records, now)

        def truth(records: Any, now: int, population: Any) -> bool:
            first = reached(records, now, depths[0])
            if condition.operator in (">=", ">"):
                return first
            if condition.operator in ("<", "<="):
                return not first
            both = first and not reached(records, now, depths[1])
            return both if condition.operator == "==" else not both

        return truth

    def _comparison(self, condition: TraitCondition) -> Truth:
        left, compare = self._figure(condition.trait), _COMPARISONS[condition.operator]
        right = self._operand(condition)

        def truth(records: Any, now: int, population: Any) -> bool | None:
            one, other = left(records, now), right(records, now, population)
            if one is None or other is None:
                return None
            return bool(compare(one[0] * other[1], other[0] * one[1]))

        return truth

    def _operand(self, condition: TraitCondition) -> Callable[[Any, int, Any], Any]:
        value = condition.value
        if isinstance(value, TraitOperand):
            read, factor = self._figure(value.trait), Fraction(value.factor)
            return lambda records, now, population: _times(read(records, now), factor)
        if isinstance(value, PopulationOperand):
            name, factor = value.name, Fraction(value.factor)
            return lambda records, now, population: _times(population.get(name), factor)
        exact = Fraction(value) * unit_of(condition.trait, self._minor_exponent)  # type: ignore[arg-type]
        constant = (exact.numerator, exact.denominator)
        return lambda records, now, population: constant

    def _figure(self, trait: Trait) -> Read:
        read = self._read(trait)

        def figure(records: Any, now: int) -> Any:
            value = read(records, now)
            if value is None or isinstance(value, tuple):
                return value
            return (now - value, 1) if trait.aggregate in TIME_SINCE else (value, 1)

        return figure

    def _low(self, trait: Trait) -> Read:
        window = trait.window
        if window.since is not None:
            at = self._plan.position(Store("recent", window.since))
            oldest = window.oldest
            return lambda records, now: max(values.since_of(records[at]), NEVER if oldest is None else now - oldest)
        if window.oldest is None:
            return lambda records, now: NEVER
        return lambda records, now: now - window.oldest  # type: ignore[operator]

    def _read(self, trait: Trait) -> Read:
        stores, low, newest = stores_for(trait), self._low(trait), trait.window.newest
        at, kind, aggregate = self._plan.position(stores[0]), stores[0].kind, trait.aggregate
        if aggregate in TIME_SINCE:
            return lambda records, now: values.recent_last_time(records[at], low(records, now))
        if kind == "lastby":
            return lambda records, now: values.lastby_count(records[at], low(records, now))
        if kind == "tally":
            return lambda records, now: values.keys_count(records[at])
        name = {"mean_gap": "gap", "distinct": "distinct", "active_days": "distinct"}.get(aggregate, aggregate)
        function = getattr(values, f"{kind}_{name}")
        if aggregate.endswith("share"):
            whole = self._plan.position(stores[1])
            if kind == "total":
                return lambda records, now: function(records[at], records[whole])
            return lambda records, now: function(records[at], records[whole], low(records, now), now - newest)
        if kind == "total":
            return lambda records, now: function(records[at])
        if is_refundable(trait):
            refunds = self._plan.position(stores[1])
            return lambda records, now: function(records[at], low(records, now), now - newest, records[refunds])
        return lambda records, now: function(records[at], low(records, now), now - newest)


def _group(group: Group, parts: list[Truth]) -> Truth:
    decisive = group.combinator == "any"

    def truth(records: Any, now: int, population: Any) -> bool | None:
        is_unknown = False
        for part in parts:
            found = part(records, now, population)
            if found is decisive:
                return decisive is not group.is_negated
            is_unknown = is_unknown or found is None
        return None if is_unknown else decisive is group.is_negated

    return truth


def _times(ratio: Any, factor: Fraction) -> Any:
    return None if ratio is None else (ratio[0] * factor.numerator, ratio[1] * factor.denominator)
