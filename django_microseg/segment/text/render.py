"""From a rule's tree to its text: the one line that `parse` reads back into the same tree."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ...profile.traits.definition import After, Number, Stream, Test, Trait, Window
from ..exact import decimal_text, to_units
from ..normal import normalise
from ..ranges import Comparable, is_range
from ..rule import (
    Condition,
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

__all__ = ["render", "render_trait", "render_value"]

_WORDS = {"in": "in", "not_in": "not in"}
_TESTS = {
    "ne": "ne", "in": "one_of", "not_in": "none_of", "between": "between", "ge": "at_least", "le": "at_most",
}  # fmt: skip


def render(rule: Rule) -> str:
    """The text of a rule's normal form."""
    rule = normalise(rule)
    return _group(rule) if isinstance(rule, Group) else _condition(rule)


def _group(group: Group) -> str:
    if not group.rules:
        return "everyone()" if group.combinator == "all" else "nobody()"
    parts = list(_parts(group))
    text = (" and " if group.combinator == "all" else " or ").join(parts)
    if not group.is_negated:
        return text
    is_call = len(group.rules) == 1 and not isinstance(group.rules[0], Group) and text.endswith(")") and _is_call(group)
    return f"not {text}" if is_call else f"not ({text})"


def _is_call(group: Group) -> bool:
    """Whether the only condition of a group is written as a call, so that it needs no brackets."""
    (only,) = group.rules
    if isinstance(only, SegmentCondition | CustomCondition):
        return True
    return not isinstance(only, Group) and only.operator in ("known", "unknown")


def _parts(group: Group) -> Iterator[str]:
    """The rules inside a group; two bounds of one subject become ``28 <= age <= 32``."""
    rules = list(group.rules)
    while rules:
        rule = rules.pop(0)
        if group.combinator == "all" and rules and is_range(rule, rules[0]):
            yield _range(rule, rules.pop(0))
        elif isinstance(rule, Group):
            text = _group(rule)
            needs_brackets = len(rule.rules) > 1 and not rule.is_negated and not _is_one_range(rule)
            yield f"({text})" if needs_brackets else text
        else:
            yield _condition(rule)


def _is_one_range(group: Group) -> bool:
    return group.combinator == "all" and len(group.rules) == 2 and is_range(*group.rules)


def _range(low: Any, high: Any) -> str:
    mirrored = "<=" if low.operator == ">=" else "<"
    return f"{_operand(low.value)} {mirrored} {_subject(low)} {high.operator} {_operand(high.value)}"


def _condition(condition: Condition) -> str:
    match condition:
        case SegmentCondition():
            return f"segment({_quote(condition.slug)})"
        case CustomCondition():
            named = (f"{name}={render_value(value)}" for name, value in condition.parameters)
            return f"{condition.kind}({', '.join(named)})"
    if condition.operator in ("known", "unknown"):
        return f"{condition.operator}({_subject(condition)})"
    operator = _WORDS.get(condition.operator, condition.operator)
    return f"{_subject(condition)} {operator} {_operand(condition.value)}"


def _subject(condition: Comparable) -> str:
    if isinstance(condition, TraitCondition):
        return render_trait(condition.trait)
    return condition.name if isinstance(condition, FactCondition) else f"context.{condition.name}"


def _operand(value: Operand) -> str:
    if isinstance(value, TraitOperand):
        return _scaled(value.factor, render_trait(value.trait))
    if isinstance(value, PopulationOperand):
        return _scaled(value.factor, f"shop({_quote(value.name)})")
    return render_value(value)


def _scaled(factor: Number, figure: str) -> str:
    return figure if factor == 1 else f"{decimal_text(factor)} * {figure}"


def render_value(value: Any) -> str:
    """A constant: a text in quotes, an exact number, True, False, None, or a list of them."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, int | Fraction):
        return decimal_text(value)
    if isinstance(value, tuple | list):
        inner = ", ".join(map(render_value, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    raise TypeError(f"a rule cannot hold {type(value).__name__}. Use text, exact numbers or tuples of them.")


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def render_trait(trait: Trait) -> str:
    """A figure over past events."""
    arguments = [_quote(trait.stream.event)]
    if trait.field is not None:
        arguments.append(_quote(trait.field))
    arguments += _where(trait.stream.where)
    if trait.part:
        arguments += [f"of={where}" for where in _where(trait.part)]
    if trait.stream.after is not None:
        arguments += _after(trait.stream.after)
    arguments += _window(trait.window)
    return f"{trait.aggregate}({', '.join(arguments)})"


def _where(tests: tuple[Test, ...]) -> list[str]:
    return [f"where({', '.join(map(_test, tests))})"] if tests else []


def _test(test: Test) -> str:
    if test.op == "eq":
        return f"{test.field}={render_value(test.values[0])}"
    if test.op == "ne" and test.values == ("",):
        return f"{test.field}=known()"
    return f"{test.field}={_TESTS[test.op]}({', '.join(map(render_value, test.values))})"


def _stream(event: str, tests: tuple[Test, ...]) -> str:
    return f"event({', '.join([_quote(event), *_where(tests)])})" if tests else _quote(event)


def _after(after: After) -> list[str]:
    unit, (number,) = to_units(after.within)
    return [f"after={_stream(after.event, after.where)}", f"within_{unit}={number}"]


def _window(window: Window) -> list[str]:
    if window.since is not None:
        return [f"since={_since(window.since)}"]
    if window.oldest is None:
        return []
    if window.newest == 0:
        unit, (number,) = to_units(window.oldest)
        return [f"{unit}={number}"]
    unit, (newest, oldest) = to_units(window.newest, window.oldest)
    return [f"{unit}=({newest}, {oldest})"]


def _since(stream: Stream) -> str:
    return _stream(stream.event, stream.where)
