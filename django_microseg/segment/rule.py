"""A rule as a tree of plain frozen values; a rule type is code, a stored rule is data.

Groups combine conditions by three-valued logic: missing is unknown, and a member is one for whom
the rule is true. JSON, text and sentence are made from this tree elsewhere; nothing here knows
Django, the clock or the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..profile.traits.definition import Number, Trait

__all__ = [
    "MAX_CONDITIONS",
    "MAX_DEPTH",
    "Condition",
    "ContextCondition",
    "CustomCondition",
    "FactCondition",
    "Group",
    "Operand",
    "PopulationOperand",
    "Rule",
    "SegmentCondition",
    "TraitCondition",
    "TraitOperand",
    "Value",
    "conditions_of",
]

MAX_DEPTH = 8
MAX_CONDITIONS = 100


@dataclass(frozen=True, slots=True)
class TraitOperand:
    """Another trait times a constant ("twice the own cadence")."""

    trait: Trait
    factor: Number = 1


@dataclass(frozen=True, slots=True)
class PopulationOperand:
    """A figure over everybody times a constant ("above the shop's average order")."""

    name: str
    factor: Number = 1


Value = str | Number
Operand = Value | tuple[Value, ...] | TraitOperand | PopulationOperand


@dataclass(frozen=True, slots=True)
class TraitCondition:
    """A trait compared with an operand.

    Operators for numbers: ``>= > <= < == !=``; for text: ``== != in not_in``; for both: ``known``
    and ``unknown`` (operand ``()``). Money is in units (not minor units), times in the unit that
    the aggregate names, shares between 0 and 1.
    """

    trait: Trait
    operator: str
    value: Operand


@dataclass(frozen=True, slots=True)
class FactCondition:
    """A declared or inferred fact compared with a constant. ``age`` is the fact of the birthday."""

    name: str
    operator: str
    value: Operand


@dataclass(frozen=True, slots=True)
class ContextCondition:
    """Something of the moment: device, channel, hour, page, … compared with a constant."""

    name: str
    operator: str
    value: Operand


@dataclass(frozen=True, slots=True)
class SegmentCondition:
    """Is a member of another segment."""

    slug: str


@dataclass(frozen=True, slots=True)
class CustomCondition:
    """A condition type that the shop registered; it expands to a rule of the others.

    ``kind`` may be unknown to this process: then the whole rule has no members.
    """

    kind: str
    parameters: tuple[tuple[str, Any], ...] = ()


Condition = TraitCondition | FactCondition | ContextCondition | SegmentCondition | CustomCondition


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of the rules inside, perhaps negated. ``all`` of nothing is true."""

    combinator: str
    rules: tuple[Rule, ...] = field(default=())
    is_negated: bool = False


Rule = Group | Condition


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Every condition of a rule, left to right."""
    if isinstance(rule, Group):
        for inner in rule.rules:
            yield from conditions_of(inner)
    else:
        yield rule
