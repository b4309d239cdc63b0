"""The names that rules may use in a shop, with the kind of each: what validation goes by.

Pure values; `vocabulary` fills them from the catalogues and the tables. What is not in here, no rule
can reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .conditions import ConditionType

__all__ = ["NUMBERS", "TEXTS", "EventTerm", "Term", "Vocabulary"]

#: Kinds whose values are text, and kinds whose values are numbers.
TEXTS = frozenset({"text", "key", "label"})
NUMBERS = frozenset({"number", "count", "money", "measure", "ratio", "duration"})


@dataclass(frozen=True, slots=True)
class Term:
    """A name and the kind of its values: text, key, label, number, count, money, measure or date.

    Two measures can be compared with each other if their ``unit`` is the same.
    """

    name: str
    kind: str
    unit: str = ""
    bounds: tuple[int, int] | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class EventTerm:
    """An event or group of events: what a filter may ask of it, and what can be aggregated."""

    name: str
    filters: Mapping[str, Term]
    aggregated: Mapping[str, Term]
    summary: str = ""
    is_group: bool = False

    def __repr__(self) -> str:
        return f"<EventTerm {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Vocabulary:
    """Everything a rule can name. ``segments`` maps each slug to the slugs that its rule uses.

    ``reserved`` are facts that are known and that no rule may ask for.
    """

    events: Mapping[str, EventTerm]
    facts: Mapping[str, Term] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    contexts: Mapping[str, Term] = field(default_factory=dict)
    population: Mapping[str, Term] = field(default_factory=dict)
    segments: Mapping[str, frozenset[str]] = field(default_factory=dict)
    conditions: Mapping[str, ConditionType] = field(default_factory=dict)
    minor_exponent: int = 2

    def __repr__(self) -> str:
        return f"<Vocabulary of {len(self.events)} events, {len(self.facts)} facts, {len(self.segments)} segments>"
