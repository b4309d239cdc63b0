"""Condition types that a shop adds: ``bought_category(category="boots", at_least=3)``.

A type is a small class with typed parameters that expands to a rule of the built-in conditions, so
that fold, scan, explain and preview work for it without knowing it. Registered at import time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

from .errors import InvalidRule
from .names import FUNCTIONS, did_you_mean, is_name
from .rule import MAX_CONDITIONS, CustomCondition, Group, Rule, conditions_of

__all__ = [
    "REQUIRED",
    "BrokenCondition",
    "ConditionType",
    "Parameter",
    "UnknownCondition",
    "condition_types",
    "expand_custom",
    "find_parameter_errors",
    "register_condition",
    "unregister_condition",
]

#: Types may expand to types; so deep at most.
_MAX_EXPANSIONS = 8
_MAX_EXPANDED = 10 * MAX_CONDITIONS


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a condition type, and so a field of its form.

    ``kind``: ``text``, ``whole``, ``number``, ``flag``, ``texts`` (a list), or, with a picker in the
    form, ``event`` and ``segment``. ``choices`` limits texts.
    """

    name: str
    kind: str = "text"
    label: str = ""
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()

    def fits(self, value: Any) -> bool:
        """Whether a value is of the parameter's kind and among its choices."""
        if self.kind == "flag":
            return isinstance(value, bool)
        if self.kind in ("whole", "number"):
            allowed = int if self.kind == "whole" else int | Fraction
            return isinstance(value, allowed) and not isinstance(value, bool)
        texts = value if self.kind == "texts" and isinstance(value, tuple) else (value,)
        return all(isinstance(text, str) and (not self.choices or text in self.choices) for text in texts)


class ConditionType(ABC):
    """Derive from it, register it, and rules can use it by its name."""

    kind: str = ""
    label: ClassVar[str] = ""
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    @abstractmethod
    def expand(self, parameters: Mapping[str, Any]) -> Rule:
        """The rule that the condition stands for. Every parameter is there and of its kind."""

    def validate(self, parameters: Mapping[str, Any]) -> Iterable[str]:
        """What is wrong with parameters of the right kinds, one sentence each."""
        return ()

    def describe(self, parameters: Mapping[str, Any]) -> str:
        """The condition in words, as it follows "somebody who …"."""
        shown = ", ".join(f"{name} {value}" for name, value in parameters.items())
        return f"{self.label or self.kind} ({shown})" if shown else self.label or self.kind


class UnknownCondition(InvalidRule):
    """A rule uses a condition type that this process does not know; the segment has no members."""

    def __init__(self, kind: str, message: str = "", suggestion: str = "") -> None:
        message = message or f"There is no condition {kind}()."
        suggestion = suggestion or "Install the app that registers it, or take it out of the rule."
        super().__init__(message, suggestion)
        self.kind = kind


class BrokenCondition(UnknownCondition):
    """A condition type that is known but does not expand; treated like an unknown one."""


_types: dict[str, ConditionType] = {}
_Type = TypeVar("_Type", bound=type[ConditionType])


def register_condition(kind: str) -> Callable[[_Type], _Type]:
    """Class decorator that makes a condition type known under a name."""

    def register(cls: _Type) -> _Type:
        problem = _problem_of(kind, cls)
        if problem:
            raise ValueError(f"The condition {kind!r} cannot be registered: {problem}")
        instance = cls()
        instance.kind = kind
        _types[kind] = instance
        return cls

    return register


def _problem_of(kind: str, cls: type[ConditionType]) -> str:
    if not is_name(kind):
        return "use small letters, digits and single underscores, and no word of Python."
    if kind in FUNCTIONS:
        return "rules have a function of this name. Choose another one."
    if kind in _types and type(_types[kind]).__qualname__ != cls.__qualname__:
        return f"{type(_types[kind]).__qualname__} already has this name. Choose another one."
    odd = [parameter.name for parameter in cls.parameters if not is_name(parameter.name)]
    return f"its parameter {odd[0]!r} is no name that can be written in a rule." if odd else ""


def unregister_condition(kind: str) -> None:
    """Forget a condition type."""
    _types.pop(kind, None)


def condition_types() -> Mapping[str, ConditionType]:
    """The condition types known now, by name."""
    return dict(_types)


def find_parameter_errors(condition: CustomCondition, condition_type: ConditionType) -> list[tuple[str, str, str]]:
    """What is wrong with the parameters: (parameter or ``""``, message, suggestion)."""
    known = {parameter.name: parameter for parameter in condition_type.parameters}
    given = dict(condition.parameters)
    errors = [
        (name, f"{condition.kind}() has no parameter {name}.", did_you_mean(name, known, quote="`"))
        for name in given
        if name not in known
    ]
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is REQUIRED:
            errors.append(("", f"{condition.kind}() needs the parameter {name}.", f"Write {name}=…"))
        elif name in given and not parameter.fits(value):
            wanted = f"one of: {', '.join(parameter.choices)}" if parameter.choices else _KINDS[parameter.kind]
            errors.append((name, f"The parameter {name} does not fit.", f"Give {wanted}."))
    if not errors:
        errors += [("", message, "") for message in condition_type.validate(_complete(condition, condition_type))]
    return errors


_KINDS = {
    "text": "a text", "whole": "a whole number", "number": "a number", "flag": "True or False",
    "texts": "a list of texts", "event": "the name of an event", "segment": "the slug of a segment",
}  # fmt: skip


def _complete(condition: CustomCondition, condition_type: ConditionType) -> dict[str, Any]:
    defaults = {each.name: each.default for each in condition_type.parameters}
    return {**defaults, **dict(condition.parameters)}


def expand_custom(rule: Rule, types: Mapping[str, ConditionType] | None = None) -> Rule:
    """The rule with every condition of a registered type written out.

    Raises `UnknownCondition` (or its `BrokenCondition`) if one of them cannot be.
    """
    expanded = _expand(rule, _types if types is None else types, level=0)
    count = sum(1 for _ in conditions_of(expanded))
    if count > _MAX_EXPANDED:
        kind = next(c.kind for c in conditions_of(rule) if isinstance(c, CustomCondition))
        raise BrokenCondition(kind, f"Written out, the rule has {count} conditions, more than {_MAX_EXPANDED}.")
    return expanded


def _expand(rule: Rule, types: Mapping[str, ConditionType], *, level: int) -> Rule:
    if isinstance(rule, Group):
        return replace(rule, rules=tuple(_expand(inner, types, level=level) for inner in rule.rules))
    if not isinstance(rule, CustomCondition):
        return rule
    if rule.kind not in types:
        raise UnknownCondition(rule.kind, suggestion=did_you_mean(rule.kind, types, quote="`"))
    if level >= _MAX_EXPANSIONS:
        raise BrokenCondition(rule.kind, f"{rule.kind}() expands to itself again and again.", "Mend its expand().")
    return _expand(_expand_once(rule, types[rule.kind]), types, level=level + 1)


def _expand_once(condition: CustomCondition, condition_type: ConditionType) -> Rule:
    kind = condition.kind
    for _, message, suggestion in find_parameter_errors(condition, condition_type):
        raise BrokenCondition(kind, message, suggestion)
    try:
        rule = condition_type.expand(_complete(condition, condition_type))
    except Exception as error:  # code of the shop: one broken type must not stop all segments
        raise BrokenCondition(kind, f"{kind}() failed: {error!r}.", "Mend its expand().") from error
    if not isinstance(rule, Rule):
        raise BrokenCondition(kind, f"{kind}() gave no rule but {type(rule).__name__}.", "Mend its expand().")
    return rule
