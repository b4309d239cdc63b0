"""Conditions as source text: when is one true, when is it false, and when may time change it?

The text holds only numbers and names of our own making; texts that a person typed are passed as
constants. "True" and "false" are asked for separately, so that missing values (neither) need no
third value at run time: negation is pushed down to the conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from ..profile.traits.columns import column_of
from ..profile.traits.definition import (
    DAY,
    SHARES,
    TEXT_AGGREGATES,
    TIME_SINCE,
    Number,
    Stream,
    Trait,
)
from ..profile.traits.match import scale_of
from ..profile.traits.plan import Plan, Store, recent_for, stores_for
from ..profile.traits.read import low_of, read_expression
from .rule import (
    Condition,
    ContextCondition,
    FactCondition,
    Operand,
    PopulationOperand,
    TraitCondition,
    TraitOperand,
)

__all__ = ["LAST_KNOWN", "Emitter", "condition_stores", "condition_traits", "last_known"]

#: Context that stands at its last known value where there is no request.
LAST_KNOWN = frozenset({"device", "channel", "campaign", "country", "region", "language"})
#: Aggregates that are known even of nothing.
_COUNTS = frozenset({"count", "sum", "distinct", "active_days", "active_weeks", "follows", "not_follows"})
_RATIOS = SHARES | {"avg", "mean_gap"}
_OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "==",
             "in": "not_in", "not_in": "in", "known": "unknown", "unknown": "known"}  # fmt: skip


def last_known(name: str) -> Trait:
    """The trait that a piece of context stands at in the population."""
    return Trait("last", Stream("any"), field=name)


def is_plain_count(condition: Condition) -> bool:
    """Whether "at least k events" answers it, for which a few timestamps are enough."""
    return (
        isinstance(condition, TraitCondition)
        and condition.trait.aggregate in ("count", "follows", "not_follows")
        and condition.trait.window.newest == 0
        and isinstance(condition.value, int | Fraction)
    )


def depths_of(operator: str, value: Number) -> tuple[int, ...]:
    """The k of each "at least k" that a comparison of a count with a number comes down to."""
    low, high = ceil(value), floor(value)
    return {
        ">=": (low,), "<": (low,), ">": (high + 1,), "<=": (high + 1,),
        "==": (low, high + 1), "!=": (low, high + 1),
    }[operator]  # fmt: skip


def condition_traits(condition: Condition) -> tuple[Trait, ...]:
    """The traits that a condition asks for, its own first."""
    if isinstance(condition, TraitCondition):
        other = (condition.value.trait,) if isinstance(condition.value, TraitOperand) else ()
        return (condition.trait, *other)
    if isinstance(condition, ContextCondition) and condition.name in LAST_KNOWN:
        return (last_known(condition.name),)
    return ()


def condition_stores(condition: Condition) -> tuple[Store, ...]:
    """The stores that a condition needs in the state."""
    if is_plain_count(condition):
        assert isinstance(condition, TraitCondition)
        depths = depths_of(condition.operator, condition.value)  # type: ignore[arg-type]
        return (recent_for(condition.trait, max(1, *depths, 0)),)
    return tuple(store for trait in condition_traits(condition) for store in stores_for(trait))


def unit_of(trait: Trait, minor_exponent: int) -> int:
    """By what a number compared with the trait is multiplied to be in the figure's unit."""
    if trait.aggregate in TIME_SINCE:
        return TIME_SINCE[trait.aggregate]
    if trait.aggregate == "mean_gap":
        return DAY
    if trait.aggregate in ("sum", "avg", "min", "max") and trait.field is not None:
        return scale_of(column_of(trait.field), minor_exponent)
    return 1


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure in the generated code: numerator and denominator texts, and when it is known."""

    numerator: str
    denominator: str = "1"
    known: str = ""
    slope: int = 0  # by how much the numerator grows with ``now``
    start: str = ""  # the numerator without that growth


@dataclass
class Emitter:
    """Collects the variables that conditions share, and the constants they compare with.

    ``plan`` None reads figures from a row ``V`` of trait values (the scan) instead of a state.
    """

    traits: Mapping[Trait, int]
    plan: Plan | None
    minor_exponent: int
    variables: dict[str, str] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)

    # -- variables and constants

    def variable(self, expression: str) -> str:
        """A variable that holds an expression, computed once per call."""
        return self.variables.setdefault(expression, f"v{len(self.variables)}")

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def trait(self, trait: Trait) -> str:
        if self.plan is None:
            return f"V[{self.traits[trait]}]"
        return self.variable(read_expression(trait, self.plan))

    def store(self, store: Store) -> str:
        assert self.plan is not None
        return self.variable(f"S[{self.plan.position(store)}]")

    # -- conditions

    def emit(self, condition: Condition, *, wanted: bool) -> str:
        """Source of "the condition is true" (or, with ``wanted`` False, "is false")."""
        if isinstance(condition, TraitCondition):
            return self._trait_condition(condition, wanted=wanted)
        if isinstance(condition, FactCondition):
            return self._fact_condition(condition, wanted=wanted)
        if isinstance(condition, ContextCondition):
            value = self._context(condition.name)
            return self._plain(value, condition, wanted=wanted, scale=1)
        raise TypeError(f"{type(condition).__name__} has no source text of its own")

    def _trait_condition(self, condition: TraitCondition, *, wanted: bool) -> str:
        trait, operator = condition.trait, _operator(condition.operator, wanted=wanted)
        if operator in ("known", "unknown"):
            return self._known(trait, operator)
        if trait.aggregate in TEXT_AGGREGATES:
            column = column_of(trait.field or "")
            folds = column is None or column.kind != "key"
            return self._text(self.trait(trait), operator, condition.value, folds=folds)
        if is_plain_count(condition):
            return self._plain_count(trait, operator, condition.value)
        left = self.figure(trait)
        right = self._operand(condition.value, trait)
        return _compare(left, operator, right)

    def _known(self, trait: Trait, operator: str) -> str:
        if trait.aggregate in _COUNTS:
            return "True" if operator == "known" else "False"
        return f"{self.trait(trait)} is {'not ' if operator == 'known' else ''}None"

    def _plain_count(self, trait: Trait, operator: str, value: Operand) -> str:
        depths = depths_of(operator, value)  # type: ignore[arg-type]
        reached = [self._at_least(trait, depth) for depth in depths]
        if operator in (">=", ">"):
            return reached[0]
        if operator in ("<", "<="):
            return f"not ({reached[0]})"
        both = f"({reached[0]}) and not ({reached[1]})"
        return both if operator == "==" else f"not ({both})"

    def _at_least(self, trait: Trait, depth: int) -> str:
        if depth <= 0:
            return "True"
        if self.plan is None:
            return f"V[{self.traits[trait]}] >= {depth}"
        times = self.store(recent_for(trait, depth))
        enough = f"len({times}) >= {depth}"
        if trait.window.oldest is None and trait.window.since is None:
            return enough
        return f"{enough} and {times}[-{depth}] > {self.variable(low_of(trait, self.plan))}"

    def figure(self, trait: Trait) -> _Figure:
        """The trait's figure as a ratio in source text."""
        name = self.trait(trait)
        known = "" if trait.aggregate in _COUNTS else f"{name} is not None"
        if trait.aggregate in _RATIOS:
            return _Figure(f"{name}[0]", f"{name}[1]", known, 0, f"{name}[0]")
        if trait.aggregate in TIME_SINCE:
            return _Figure(f"(now - {name})", "1", known, 1, f"-{name}")
        return _Figure(name, "1", known, 0, name)

    def _operand(self, value: Operand, trait: Trait) -> _Figure:
        if isinstance(value, TraitOperand):
            return _scaled(self.figure(value.trait), Fraction(value.factor))
        if isinstance(value, PopulationOperand):
            name = self.variable(f"P.get({self.constant_of_name(value.name)})")
            known = f"{name} is not None and {name}[1] > 0"
            figure = _Figure(f"{name}[0]", f"{name}[1]", known, 0, f"{name}[0]")
            return _scaled(figure, Fraction(value.factor))
        exact = Fraction(value) * unit_of(trait, self.minor_exponent)  # type: ignore[arg-type]
        number = str(exact.numerator)
        return _Figure(number, str(exact.denominator), "", 0, number)

    def constant_of_name(self, name: str) -> str:
        """A constant for a name, the same one each time, so that variables stay shared."""
        for known, value in self.constants.items():
            if value == name and isinstance(value, str):
                return known
        return self.constant(name)

    def _fact_condition(self, condition: FactCondition, *, wanted: bool) -> str:
        if condition.name == "age":
            return self._plain(self.variable("age_of(F, now)"), condition, wanted=wanted, scale=1)
        row = self.variable(f"fact_row(F, {self.constant_of_name(condition.name)}, now)")
        operator = _operator(condition.operator, wanted=wanted)
        if operator in ("known", "unknown"):
            return f"{row} is {'not ' if operator == 'known' else ''}None"
        part = self.variable(f"None if {row} is None else {row}[{_slot(condition.value)}]")
        return self._plain(part, condition, wanted=wanted, scale=1000)

    def _context(self, name: str) -> str:
        given = f"X.get({self.constant_of_name(name)})"
        if name in LAST_KNOWN:
            return self.variable(f"{self.trait(last_known(name))} if X is None else {given}")
        return self.variable(f"None if X is None else {given}")

    def _plain(self, value: str, condition: FactCondition | ContextCondition, *, wanted: bool, scale: int) -> str:
        operator = _operator(condition.operator, wanted=wanted)
        if operator in ("known", "unknown"):
            return f"{value} is {'not ' if operator == 'known' else ''}None"
        if _slot(condition.value) == 0:
            return self._text(value, operator, condition.value, folds=True)
        if isinstance(condition.value, tuple):
            numbers = frozenset(Fraction(v) * scale for v in condition.value)
            inside = "in" if operator == "in" else "not in"
            return f"{value} is not None and {value} {inside} {self.constant(numbers)}"
        exact = Fraction(condition.value) * scale  # type: ignore[arg-type]
        right = _Figure(str(exact.numerator), str(exact.denominator))
        return _compare(_Figure(value, "1", f"{value} is not None"), operator, right)

    def _text(self, value: str, operator: str, operand: Operand, *, folds: bool) -> str:
        texts = operand if isinstance(operand, tuple) else (operand,)
        allowed = frozenset(str(t).casefold() if folds else str(t) for t in texts)
        inside = "in" if operator in ("==", "in") else "not in"
        return f"{value} is not None and {value} {inside} {self.constant(allowed)}"

    # -- time

    def breaks(self, condition: Condition) -> list[str]:
        """Statements that append the instants at which time alone may change the condition."""
        if isinstance(condition, TraitCondition):
            return self._trait_breaks(condition)
        if isinstance(condition, FactCondition):
            return self._fact_breaks(condition)
        traits = condition_traits(condition)
        return [line for trait in traits for line in self.window_breaks(trait)]

    def _fact_breaks(self, condition: FactCondition) -> list[str]:
        name = "birthday" if condition.name == "age" else condition.name
        lines = [f"near_facts(out, F, {self.constant_of_name(name)}, now)"]
        if condition.name == "age" and condition.operator not in ("known", "unknown"):
            given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
            years = {y for v in given for y in (ceil(v), floor(v) + 1)}  # type: ignore[arg-type]
            lines.append(f"near_age(out, F, {self.constant(tuple(sorted(years)))}, now)")
        return lines

    def _trait_breaks(self, condition: TraitCondition) -> list[str]:
        trait = condition.trait
        if is_plain_count(condition):
            if trait.window.oldest is None:
                return []
            depths = depths_of(condition.operator, condition.value)  # type: ignore[arg-type]
            return [
                f"near_recent(out, {self.store(recent_for(trait, depth))}, {depth}, {trait.window.oldest}, now)"
                for depth in depths
                if depth > 0
            ]
        traits = condition_traits(condition)
        lines = [line for each in traits for line in self.window_breaks(each)]
        if any(each.aggregate in TIME_SINCE for each in traits) and condition.value != ():
            lines += self._crossing(condition)
        return lines

    def window_breaks(self, trait: Trait) -> list[str]:
        """When events enter or leave the trait's window."""
        window = trait.window
        if not window.newest and window.oldest is None:
            return []
        lines = []
        for store in stores_for(trait):
            name = self.store(store)
            ends = f"{window.newest}, {window.oldest}, now)"
            if store.kind == "recent" and store.stream == trait.stream and store.depth == 1:
                lines.append(f"near_times(out, {name}, {ends}")
            elif store.kind == "log":
                lines.append(f"near_times(out, {name}[0], {ends}")
            elif store.kind == "lastby":
                lines.append(f"near_lastby(out, {name}, {window.oldest}, now)")
        return lines

    def _crossing(self, condition: TraitCondition) -> list[str]:
        left = self.figure(condition.trait)
        right = self._operand(condition.value, condition.trait)
        known = " and ".join(part for part in (left.known, right.known) if part) or "True"
        start = f"{left.start} * {right.denominator} - ({right.start}) * {left.denominator}"
        slope = f"{left.slope} * {right.denominator} - {right.slope} * {left.denominator}"
        return [f"if {known}: near_cross(out, {start}, {slope}, now)"]


def _operator(operator: str, *, wanted: bool) -> str:
    return operator if wanted else _OPPOSITE[operator]


def _slot(value: Operand) -> int:
    """Where a fact's row keeps what the value is compared with: 0 text, 1 number."""
    sample = value[0] if isinstance(value, tuple) and value else value
    return 0 if isinstance(sample, str) else 1


def _scaled(figure: _Figure, factor: Fraction) -> _Figure:
    up, down = factor.numerator, factor.denominator
    return _Figure(
        f"{figure.numerator} * {up}",
        f"{figure.denominator} * {down}",
        figure.known,
        figure.slope * up,
        f"{figure.start} * {up}",
    )


def _compare(left: _Figure, operator: str, right: _Figure) -> str:
    """``a/b op c/d`` without division: ``a * d op c * b``, as all denominators are positive."""
    one = left.numerator if right.denominator == "1" else f"{left.numerator} * {right.denominator}"
    two = right.numerator if left.denominator == "1" else f"{right.numerator} * {left.denominator}"
    parts = [part for part in (left.known, right.known) if part]
    return " and ".join([*parts, f"{one} {operator} {two}"])
