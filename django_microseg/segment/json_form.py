"""A rule as versioned JSON: what the table stores, the admin's builder edits and the API exchanges.

``to_json`` writes the normal form of a rule; ``from_json`` reads and returns it. Nothing in it is a
float: whole numbers are JSON integers, others ``{"number": "0.8"}``. What is read is checked for shape
and size here, and for meaning by `validate`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..profile.traits.definition import ALL_TIME, After, Stream, Test, Trait, Window
from .aggregates import AGGREGATES
from .exact import decimal_text, tidy, to_units
from .json_reader import VERSION, read_rule_form
from .normal import normalise
from .rule import (
    Condition,
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    Operand,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
)

__all__ = ["VERSION", "from_json", "to_json", "value_to_json"]

from_json = read_rule_form


def to_json(rule: Rule) -> dict[str, Any]:
    """The versioned JSON of a rule's normal form."""
    return {"version": VERSION, "rule": _rule(normalise(rule))}


def _rule(rule: Rule) -> dict[str, Any]:
    if isinstance(rule, Group):
        rules = [_rule(inner) for inner in rule.rules]
        return {"combinator": rule.combinator, "not": rule.is_negated, "rules": rules}
    return _condition(rule)


def _condition(condition: Condition) -> dict[str, Any]:
    match condition:
        case SegmentCondition():
            return {"segment": condition.slug}
        case CustomCondition():
            parameters = {name: value_to_json(value) for name, value in condition.parameters}
            return {"custom": condition.kind, "parameters": parameters}
        case TraitCondition():
            subject: dict[str, Any] = {"trait": _trait(condition.trait)}
        case FactCondition():
            subject = {"fact": condition.name}
        case ContextCondition():
            subject = {"context": condition.name}
    value = {} if condition.operator in ("known", "unknown") else {"value": _operand(condition.value)}
    return {**subject, "operator": condition.operator, **value}


def _operand(value: Operand) -> Any:
    match value:
        case TraitOperand():
            return {"trait": _trait(value.trait), **_factor(value.factor)}
        case PopulationOperand():
            return {"shop": value.name, **_factor(value.factor)}
    return value_to_json(value)


def _factor(factor: Any) -> dict[str, Any]:
    return {} if factor == 1 else {"factor": value_to_json(factor)}


def value_to_json(value: Any) -> Any:
    """A constant as JSON. Lists stay lists; whoever holds a float is refused."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        number = tidy(value)
        return number if isinstance(number, int) else {"number": decimal_text(number)}
    if isinstance(value, tuple | list):
        return [value_to_json(each) for each in value]
    raise TypeError(f"a rule cannot hold {type(value).__name__}. Use text, exact numbers or tuples of them.")


def _trait(trait: Trait) -> dict[str, Any]:
    after = trait.stream.after
    if (after is not None) is not AGGREGATES[trait.aggregate].takes_after:
        raise ValueError(f"{trait.aggregate} and its stream disagree on what comes before")
    form: dict[str, Any] = {"aggregate": trait.aggregate, "event": trait.stream.event}
    if trait.field is not None:
        form["field"] = trait.field
    form |= _tests("where", trait.stream.where) | _tests("of", trait.part)
    if after is not None:
        form["after"] = _after(after)
    if trait.window != ALL_TIME:
        form["window"] = _window(trait.window)
    return form


def _tests(key: str, tests: tuple[Test, ...]) -> dict[str, Any]:
    forms = [{"field": t.field, "op": t.op, "values": value_to_json(t.values)} for t in tests]
    return {key: forms} if forms else {}


def _after(after: After) -> dict[str, Any]:
    unit, (number,) = to_units(after.within)
    return {"event": after.event, **_tests("where", after.where), "within": {unit: number}}


def _window(window: Window) -> dict[str, Any]:
    if window.since is not None:
        return {"since": _stream(window.since)}
    if window.oldest is None:
        raise ValueError("a window that ends in the past needs a start. Give it an oldest bound.")
    if window.newest == 0:
        unit, (number,) = to_units(window.oldest)
        return {unit: number}
    unit, numbers = to_units(window.newest, window.oldest)
    return {unit: list(numbers)}


def _stream(stream: Stream) -> dict[str, Any]:
    return {"event": stream.event, **_tests("where", stream.where)}
