"""What a generated case exercises, by name, so that a test can demand a hundred of each.

A case is one rule for one history in one world. However often it is asked, each of its features is counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django_microseg.profile.traits.columns import column_of
from django_microseg.profile.traits.definition import TEXT_AGGREGATES, TIME_SINCE, Stream, Test, Trait, Window
from django_microseg.segment.rule import (
    Condition,
    ContextCondition,
    CustomCondition,
    FactCondition,
    Group,
    PopulationOperand,
    Rule,
    SegmentCondition,
    TraitCondition,
    TraitOperand,
    conditions_of,
)

from .histories import HEAVY, History, Moment, has_tie, is_end, replay
from .rules import AGGREGATES, LISTS, NUMBER_OPERATORS, NUMBER_TESTS, REMEMBERED, TEXT_OPERATORS, TEXT_TESTS, UNKNOWN

__all__ = ["BEYOND_VALIDATION", "FEATURES", "features_of_answer", "features_of_history", "features_of_rule"]

WINDOWS = ("all time", "all time lagged", "last", "lagged", "since", "since within")
KNOWN = ("known", "unknown")
HISTORIES = (
    *(
        "duplicate",
        "empty",
        "fact ended",
        "fact midway",
        "heavy",
        "late",
        "late tie",
        "merge",
        "non-ascii",
        "refund",
        "tie",
    ),
    *("un-merge", "void", "void first"),
)

#: What the tree can say and `segment.validate` refuses; give it as ``without`` to stay inside.
BEYOND_VALIDATION = frozenset(
    {
        *("window all time lagged", "window since within", "since after", "after elsewhere", "time equal"),
        *("test of an empty list", "rule empty group", "custom", "segment unknown"),
    }
)
FEATURES = BEYOND_VALIDATION | frozenset(
    {
        *(f"aggregate {name}" for name in AGGREGATES),
        *(f"number {name}" for name in (*NUMBER_OPERATORS, *LISTS)),
        *(f"text {name}" for name in TEXT_OPERATORS),
        *(f"trait {name}" for name in KNOWN),
        *(f"fact {name}" for name in KNOWN),
        *(f"context {name}" for name in KNOWN),
        *(f"window {name}" for name in WINDOWS),
        *(f"test {op} {kind}" for kind in ("text", "key", "label") for op in TEXT_TESTS),
        *(f"test {op} {kind}" for kind in ("number", "money", "measure") for op in NUMBER_TESTS),
        *(f"history {name}" for name in HISTORIES),
        *("after", "after negated", "group any", "group cart_changed", "test for presence"),
        *("operand trait", "operand population", "segment", "fact text", "fact number", "fact age"),
        *("context moment", "context remembered", "asked in context", "asked of population"),
        *("rule all", "rule any", "rule not", "order value", "first or last in a window", "count in a window"),
        *("answer unknown", "answer member", "answer no member"),
    }
)


@lru_cache(maxsize=4096)
def features_of_rule(rule: Rule) -> frozenset[str]:
    """Every feature of the rule; a rule that refers to a segment does not count that one's."""
    return frozenset((*_of_groups(rule), *(feature for part in conditions_of(rule) for feature in _of_condition(part))))


def _of_groups(rule: Rule) -> Iterator[str]:
    if isinstance(rule, Group):
        yield f"rule {rule.combinator}"
        if rule.is_negated:
            yield "rule not"
        if not rule.rules:
            yield "rule empty group"
        for inner in rule.rules:
            yield from _of_groups(inner)


def _of_condition(condition: Condition) -> Iterator[str]:
    if isinstance(condition, SegmentCondition):
        yield "segment unknown" if condition.slug == UNKNOWN else "segment"
    elif isinstance(condition, CustomCondition):
        yield "custom"
    elif isinstance(condition, TraitCondition):
        yield from _of_trait_condition(condition)
    else:
        yield from _of_plain_condition(condition)


def _of_plain_condition(condition: FactCondition | ContextCondition) -> Iterator[str]:
    first = condition.value[:1] if isinstance(condition.value, tuple) else (condition.value,)
    is_text = any(isinstance(value, str) for value in first)
    room = "fact" if isinstance(condition, FactCondition) else "context"
    if condition.operator in KNOWN:
        yield f"{room} {condition.operator}"
    else:
        yield f"{'text' if is_text else 'number'} {condition.operator}"
    if room == "context":
        yield "context remembered" if condition.name in REMEMBERED else "context moment"
    elif condition.operator not in KNOWN:
        yield "fact age" if condition.name == "age" else f"fact {'text' if is_text else 'number'}"


def _of_trait_condition(condition: TraitCondition) -> Iterator[str]:
    kind = "text" if condition.trait.aggregate in TEXT_AGGREGATES else "number"
    yield f"{'trait' if condition.operator in KNOWN else kind} {condition.operator}"
    yield from _of_trait(condition.trait)
    window = condition.trait.window
    if condition.trait.aggregate == "count" and window.oldest is not None and window == Window(oldest=window.oldest):
        yield "count in a window"
    if condition.operator in ("==", "!=") and condition.trait.aggregate in TIME_SINCE:
        yield "time equal"
    if isinstance(condition.value, TraitOperand):
        yield "operand trait"
        yield from _of_trait(condition.value.trait)
    if isinstance(condition.value, PopulationOperand):
        yield "operand population"


def _of_trait(trait: Trait) -> Iterator[str]:
    yield f"aggregate {trait.aggregate}"
    yield f"window {kind_of(trait.window)}"
    yield from _of_stream(trait.stream)
    if trait.aggregate in ("first", "last") and kind_of(trait.window) != "all time":
        yield "first or last in a window"
    if trait.field == "value" and trait.stream.event in ("order_completed", "any"):
        yield "order value"
    if trait.stream.after is not None and "follows" not in trait.aggregate:
        yield "after elsewhere"
    yield from _of_tests(trait.part)
    if trait.window.since is not None:
        yield from _of_stream(trait.window.since)
        if trait.window.since.after is not None:
            yield "since after"


def kind_of(window: Window) -> str:
    if window.since is not None:
        return "since" if window == Window(since=window.since) else "since within"
    if window.oldest is None:
        return "all time lagged" if window.newest else "all time"
    return "lagged" if window.newest else "last"


def _of_stream(stream: Stream) -> Iterator[str]:
    yield from _of_tests(stream.where)
    if stream.event in ("any", "cart_changed"):
        yield f"group {stream.event}"
    if stream.after is not None:
        yield "after negated" if stream.after.is_negated else "after"
        yield from _of_tests(stream.after.where)


def _of_tests(tests: Iterable[Test]) -> Iterator[str]:
    for test in tests:
        column = column_of(test.field, test.values)
        yield f"test {test.op} {'label' if column is None else column.kind}"
        if not test.values:
            yield "test of an empty list"
        if test.values == ("",):
            yield "test for presence"


def features_of_history(history: History) -> frozenset[str]:
    """What is odd about the history as a whole."""
    return frozenset(f"history {name}" for name, is_so in _oddities(history) if is_so)


def _oddities(history: History) -> Iterator[tuple[str, bool]]:
    events = history.events
    moments = list(replay(history))
    orders = {event.order_key for event in events if event.name == "order_completed" and event.order_key}
    voided = {event.message_hash for event in events if event.voided_at is not None}
    texts = "".join(event.category + event.brand + event.product_key + event.labels for event in events)
    sizes = Counter(event.name for event in events)
    told = [step.fact for step in history.steps if step.fact is not None]
    yield "empty", not events
    yield "fact midway", any(not is_end(fact) for fact in told)
    yield "fact ended", any(is_end(fact) for fact in told)
    yield "duplicate", any(moment.step.kind == "event" and moment.stored is None for moment in moments)
    yield "late", any(moment.is_late for moment in moments)
    yield "late tie", any(moment.is_late and _is_tied(moment) for moment in moments)
    yield "merge", history.is_merged
    yield "non-ascii", not texts.isascii()
    yield "heavy", max(sizes.values(), default=0) >= HEAVY
    yield "refund", any(event.name == "order_refunded" and event.order_key in orders for event in events)
    yield "tie", has_tie(history)
    yield "un-merge", any(step.kind == "unmerge" for step in history.steps)
    yield "void", bool(voided)
    yield "void first", any(moment.stored and moment.stored.voided_at is not None for moment in moments)


def _is_tied(moment: Moment) -> bool:
    """Whether something of the same name had happened at the same instant."""
    new = moment.stored
    same = [e for e in moment.known if new and (e.name, e.occurred_at) == (new.name, new.occurred_at)]
    return len(same) > 1


def features_of_answer(truth: bool | None, *, is_in_context: bool) -> tuple[str, str]:
    answer = {True: "answer member", False: "answer no member", None: "answer unknown"}[truth]
    return answer, "asked in context" if is_in_context else "asked of population"
