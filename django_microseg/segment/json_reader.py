"""Reads the JSON form of a rule, strictly: unknown keys, floats and oversize are refused by path."""

from __future__ import annotations

from typing import Any

from ..profile.traits.definition import ALL_TIME, After, Number, Stream, Test, Trait, Window
from .aggregates import AGGREGATES, OPERATORS
from .errors import RuleFormError
from .json_shapes import (
    kind_of,
    read_choice,
    read_lengths,
    read_list,
    read_name,
    read_number,
    read_object,
    read_parameter,
    read_value,
    read_word,
)
from .limits import MAX_LIST
from .names import FUNCTIONS
from .normal import normalise
from .rule import (
    MAX_CONDITIONS,
    MAX_DEPTH,
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
    conditions_of,
)

__all__ = ["TEST_OPS", "VERSION", "read_rule_form"]

VERSION = 1
TEST_OPS = frozenset({"eq", "ne", "in", "not_in", "between", "ge", "le"})

_SUBJECTS = ("trait", "fact", "context", "segment", "custom")


def read_rule_form(data: Any, *, path: str = "$") -> Rule:
    """The rule that a JSON form stands for, in normal form; `RuleFormError` tells what is wrong where."""
    form = read_object(data, path, required=("version", "rule"))
    if form["version"] != VERSION or isinstance(form["version"], bool):
        raise RuleFormError(
            f"The rule has version {form['version']!r}, but only version {VERSION} can be read.",
            path=f"{path}.version",
            suggestion="Upgrade django_microseg, or save the rule anew.",
        )
    rule = _rule(form["rule"], f"{path}.rule", depth=0)
    count = sum(1 for _ in conditions_of(rule))
    if count > MAX_CONDITIONS:
        raise RuleFormError(
            f"The rule has {count} conditions, more than {MAX_CONDITIONS}.",
            path=f"{path}.rule",
            suggestion="Split it into segments that use each other.",
        )
    return normalise(rule)


# -- rules


def _rule(data: Any, path: str, *, depth: int) -> Rule:
    if isinstance(data, dict) and "combinator" in data:
        return _group(data, path, depth=depth + 1)
    return _condition(data, path)


def _group(data: Any, path: str, *, depth: int) -> Group:
    if depth > MAX_DEPTH:
        raise RuleFormError(f"Groups lie more than {MAX_DEPTH} deep inside each other.", path=path)
    form = read_object(data, path, required=("combinator", "rules"), optional=("not",))
    combinator = read_choice(form["combinator"], frozenset({"all", "any"}), f"{path}.combinator", "combinator")
    is_negated = form.get("not", False)
    if not isinstance(is_negated, bool):
        raise RuleFormError(f"Here stands {kind_of(is_negated)} where true or false is needed.", path=f"{path}.not")
    rules = read_list(
        form["rules"], f"{path}.rules", lambda item, at: _rule(item, at, depth=depth), limit=MAX_CONDITIONS
    )
    return Group(combinator, rules, is_negated)


def _condition(data: Any, path: str) -> Condition:
    subjects = [key for key in _SUBJECTS if key in data] if isinstance(data, dict) else []
    if len(subjects) != 1:
        hint = f"Give a group (combinator, rules) or a condition with one of: {', '.join(_SUBJECTS)}."
        raise RuleFormError("This is neither a group nor a condition.", path=path, suggestion=hint)
    subject = subjects[0]
    if subject == "segment":
        return SegmentCondition(read_name(read_object(data, path, required=("segment",))["segment"], f"{path}.segment"))
    if subject == "custom":
        return _custom(data, path)
    return _comparison(data, path, subject)


def _custom(data: Any, path: str) -> CustomCondition:
    form = read_object(data, path, required=("custom",), optional=("parameters",))
    kind = read_word(form["custom"], f"{path}.custom")
    if kind in FUNCTIONS:
        raise RuleFormError(f"{kind!r} is a function of rules, not a condition of its own.", path=f"{path}.custom")
    given, here = form.get("parameters", {}), f"{path}.parameters"
    if not isinstance(given, dict) or len(given) > MAX_LIST:
        raise RuleFormError(f"Parameters are an object of at most {MAX_LIST} entries.", path=here)
    parameters = [(read_word(name, here), read_parameter(value, f"{here}.{name}")) for name, value in given.items()]
    return CustomCondition(kind, tuple(parameters))


def _comparison(data: Any, path: str, subject: str) -> Condition:
    is_presence = data.get("operator") in ("known", "unknown")
    form = read_object(data, path, required=(subject, "operator", *(() if is_presence else ("value",))))
    operator = read_choice(form["operator"], OPERATORS, f"{path}.operator", "operator")
    value: Operand = () if is_presence else _operand(form["value"], f"{path}.value")
    if isinstance(value, tuple) is not (is_presence or operator in ("in", "not_in")):
        raise RuleFormError(
            f"The operator {operator!r} and its value do not fit together.",
            path=f"{path}.value",
            suggestion="`in` and `not_in` take a list, the others a single value.",
        )
    here = f"{path}.{subject}"
    if subject == "trait":
        return TraitCondition(_trait(form[subject], here), operator, value)
    make = FactCondition if subject == "fact" else ContextCondition
    return make(read_word(form[subject], here), operator, value)


# -- operands


def _operand(data: Any, path: str) -> Operand:
    if isinstance(data, list):
        return read_list(data, path, read_value)
    if not isinstance(data, dict) or "number" in data:
        return read_value(data, path)
    if "shop" in data:
        form = read_object(data, path, required=("shop",), optional=("factor",))
        return PopulationOperand(read_name(form["shop"], f"{path}.shop"), _factor(form, path))
    form = read_object(data, path, required=("trait",), optional=("factor",))
    return TraitOperand(_trait(form["trait"], f"{path}.trait"), _factor(form, path))


def _factor(form: dict[str, Any], path: str) -> Number:
    return read_number(form["factor"], f"{path}.factor") if "factor" in form else 1


# -- traits


def _trait(data: Any, path: str) -> Trait:
    form = read_object(
        data, path, required=("aggregate", "event"), optional=("field", "where", "of", "after", "window")
    )
    aggregate = AGGREGATES[read_choice(form["aggregate"], AGGREGATES, f"{path}.aggregate", "aggregate")]
    wanted = {"field": bool(aggregate.field), "of": aggregate.takes_part, "after": aggregate.takes_after}
    for key, is_wanted in wanted.items():
        if (key in form) is not is_wanted:
            needs = "needs" if is_wanted else "does not take"
            raise RuleFormError(f"{aggregate.name} {needs} the key {key!r}.", path=path)
    after = _after(form["after"], f"{path}.after", is_negated=aggregate.is_negated) if "after" in form else None
    field = read_word(form["field"], f"{path}.field") if "field" in form else None
    window = _window(form["window"], f"{path}.window") if "window" in form else ALL_TIME
    stream = Stream(read_name(form["event"], f"{path}.event"), _tests(form, "where", path), after)
    return Trait(aggregate.name, stream, window, field, _tests(form, "of", path))


def _tests(form: dict[str, Any], key: str, path: str) -> tuple[Test, ...]:
    return read_list(form.get(key, []), f"{path}.{key}", _test)


def _test(data: Any, path: str) -> Test:
    form = read_object(data, path, required=("field", "op", "values"))
    op = read_choice(form["op"], TEST_OPS, f"{path}.op", "test")
    values = read_list(form["values"], f"{path}.values", read_value)
    count = {"in": None, "not_in": None, "between": 2}.get(op, 1)
    if not values or (count is not None and len(values) != count):
        raise RuleFormError(f"The test {op!r} takes {count or 'some'} values.", path=f"{path}.values")
    return Test(read_word(form["field"], f"{path}.field"), op, values)


def _after(data: Any, path: str, *, is_negated: bool) -> After:
    form = read_object(data, path, required=("event", "within"), optional=("where",))
    lengths = read_lengths(form["within"], f"{path}.within")
    if len(lengths) != 1:
        raise RuleFormError("One length of time is needed, not two.", path=f"{path}.within")
    return After(read_name(form["event"], f"{path}.event"), _tests(form, "where", path), lengths[0], is_negated)


def _window(data: Any, path: str) -> Window:
    if isinstance(data, dict) and "since" in data:
        here = f"{path}.since"
        form = read_object(
            read_object(data, path, required=("since",))["since"], here, required=("event",), optional=("where",)
        )
        return Window(since=Stream(read_name(form["event"], f"{here}.event"), _tests(form, "where", here)))
    lengths = read_lengths(data, path)
    return Window(*lengths) if len(lengths) == 2 else Window(0, lengths[0])
