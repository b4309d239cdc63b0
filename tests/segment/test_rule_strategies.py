"""The generated rules hold everything that a rule can be made of, or the tests above prove less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from django_microseg.profile.traits.definition import Stream, Trait, Window
from django_microseg.segment.aggregates import AGGREGATES, OPERATORS
from django_microseg.segment.json_reader import TEST_OPS
from django_microseg.segment.rule import (
    Condition,
    ContextCondition,
    FactCondition,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
    conditions_of,
)
from tests.segment.words import vocabulary
from tests.strategies.rules import rules

WORDS = vocabulary()
EXPECTED = {
    *(f"aggregate {name}" for name in AGGREGATES),
    *(f"operator {name}" for name in OPERATORS),
    *(f"test {op}" for op in TEST_OPS),
    *(f"fact {name}" for name in WORDS.facts),
    *(f"context {name}" for name in WORDS.contexts),
    *(f"window {kind}" for kind in ("all", "last", "between", "since")),
    *(f"operand {kind}" for kind in ("str", "int", "Fraction", "tuple", "TraitOperand", "PopulationOperand")),
    "segment",
}


@pytest.fixture(scope="module")
def seen() -> Counter[str]:
    counter: Counter[str] = Counter()

    @settings(
        max_examples=2500, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(rules(WORDS))
    def count(rule: Rule) -> None:
        counter.update(part for condition in conditions_of(rule) for part in _parts(condition))

    count()
    return counter


def test_everything_a_rule_can_hold_is_generated(seen: Counter[str]) -> None:
    assert EXPECTED - set(seen) == set()


def _parts(condition: Condition) -> Iterator[str]:
    if isinstance(condition, SegmentCondition):
        yield "segment"
    elif isinstance(condition, TraitCondition | FactCondition | ContextCondition):
        yield f"operator {condition.operator}"
        yield f"operand {type(condition.value).__name__}"
        yield from _subject(condition)


def _subject(condition: TraitCondition | FactCondition | ContextCondition) -> Iterator[str]:
    if isinstance(condition, TraitCondition):
        yield from _trait(condition.trait)
    else:
        yield f"{'fact' if isinstance(condition, FactCondition) else 'context'} {condition.name}"
    if isinstance(condition.value, TraitOperand):
        yield from _trait(condition.value.trait)


def _trait(trait: Trait) -> Iterator[str]:
    yield f"aggregate {trait.aggregate}"
    yield f"window {_window_kind(trait.window)}"
    streams = [trait.stream, Stream("", trait.part), *([trait.window.since] if trait.window.since else [])]
    yield from (f"test {test.op}" for stream in streams for test in stream.where)


def _window_kind(window: Window) -> str:
    if window.since is not None:
        return "since"
    if window.oldest is None:
        return "all"
    return "between" if window.newest else "last"
