"""Are the generated worlds sharp enough? Each mistake below, planted in a copy of the oracle, must show.

The copy plays the evaluator. What these worlds cannot tell apart here they could not tell apart in
the fold, the scan or a compiled rule either.
"""

# ruff: noqa: E501 - a table with one mistake to a line
from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain, product
from types import ModuleType

import pytest

from django_microseg.segment.rule import Rule
from tests.effort import cases

from . import oracle
from .compare import Member, compare
from .coverage import FEATURES
from .mutants import Mutant, planted
from .oracle import Situation
from .worlds import World, worlds_from

COPY = "tests.agreement.oracle_under_test"
SEED = 20_250_611


def mutant(name: str, function: str, old: str, new: str) -> Mutant:
    return Mutant(name, f"{COPY}:{function}", old, new)


MUTANTS = (
    mutant("an event counts before it happens", "counts", "event.occurred_at <= now and", "True and"),
    mutant("an event of this very instant does not count", "counts", "occurred_at <= now", "occurred_at < now"),
    mutant("a void does not matter", "counts", "voided_at > now", "voided_at > 0"),
    mutant("a void counts at its own instant", "counts", "voided_at > now", "voided_at >= now"),
    mutant("a void holds for all time", "counts", "or event.voided_at > now", ""),
    mutant("any is a name", "is_named", '("any", event.name)', "(event.name,)"),
    mutant("a group is a name", "is_named", "GROUPS.get(name, ())", "()"),
    mutant("a missing property passes ne", "holds", 'value not in ("", None) and', '(test.op in ("ne", "not_in") or value not in ("", None)) and'),
    mutant("money is compared in minor units", "raw", "10**minor_exponent", "1"),
    mutant("each currency has cents", "raw", "10**minor_exponent", "100"),
    mutant("a measure is compared in thousandths", "raw", "1000", "1"),
    mutant("the literal is not folded", "raw", "literal.casefold()", "literal"),
    mutant("the literal is only lowered", "raw", "literal.casefold()", "literal.lower()"),
    mutant("keys are folded", "raw", 'literal if column.kind == "key" else', ""),
    mutant("a label of another name", "label_holds", 'f"|{name}={value}|" in', 'f"={value}|" in'),
    mutant("a label that begins so", "label_holds", "{value}|", "{value}"),
    mutant("an event without the label passes ne", "label_holds", 'f"|{name}=" in labels', "True"),
    mutant("a label's value is not cleaned", "label_holds", '.replace("|", " ").strip()', ""),
    mutant("a label's value is not folded", "label_holds", "str(value).casefold()", "str(value)"),
    mutant("only the first test is tried", "passes", "for test in tests", "for test in list(tests)[:1]"),
    mutant("after is ignored", "picks", "if after is None", "if True"),
    mutant("after is never negated", "picks", "is_preceded != after.is_negated", "is_preceded"),
    mutant("after: the far end is closed", "picks", "after.within < earlier", "after.within <= earlier"),
    mutant("after: ties do not count", "picks", "order_key_of(earlier) < order_key_of(event)", "earlier.occurred_at < event.occurred_at"),
    mutant("after: all ties count", "picks", "order_key_of(earlier) < order_key_of(event)", "earlier.occurred_at <= event.occurred_at"),
    mutant("after: its filter is ignored", "picks", "and passes(after.where, earlier, minor_exponent)", ""),
    mutant("a lagged window is open at its near end", "inside", "<= now - window.newest", "< now - window.newest"),
    mutant("a window is closed at its far end", "inside", "> now - window.oldest", ">= now - window.oldest"),
    mutant("since includes its own instant", "inside", "> marks[-1]", ">= marks[-1]"),
    mutant("since counts from the first", "inside", "> marks[-1]", "> marks[0]"),
    mutant("since nothing is nothing", "inside", "not marks or event", "marks and event"),
    mutant("since looks only into the window", "inside", "for event in past if picks", "for event in found if picks"),
    mutant("after looks only into the window", "trait_value", "picks(trait.stream, event, past,", "picks(trait.stream, event, around,"),
    mutant("ties go by arrival", "trait_value", "key=order_key_of", "key=lambda event: event.occurred_at"),
    mutant("ties go by message before source", "trait_value", "key=order_key_of", "key=lambda event: (event.occurred_at, event.message_hash)"),
    mutant("a share of nothing is zero", "trait_value", "if whole else None", "if whole else Fraction(0)"),
    mutant("follows_share of the events that follow", "trait_value", "everyone = replace(trait.stream, after=None)", "everyone = trait.stream"),
    mutant("unknown amounts are zero", "trait_value", '[value for value in values if value not in ("", None)]', '[0 if value is None else value for value in values if value != ""]'),
    mutant("days go by the week of 1970", "of_events", "(day + 3) // 7", "day // 7"),
    mutant("the first event counts for time since", "of_events", "now - times[-1]", "now - times[0]"),
    mutant("mean gap of all events", "of_events", "len(times) - 1) if", "len(times)) if"),
    mutant("mean gap of one event is zero", "of_events", "if len(times) > 1 else None", "if len(times) > 1 else 0 if times else None"),
    mutant("refunds do not matter", "worth", "return value - sum", "return value - 0 * sum"),
    mutant("orders without a key share refunds", "worth", " or not event.order_key", ""),
    mutant("refunds touch every event", "worth", 'event.name != "order_completed"', "False"),
    mutant("only refunds after the order count", "worth", "e.order_key == event.order_key]", "e.order_key == event.order_key and e.occurred_at >= event.occurred_at]"),
    mutant("top by the greatest text", "of_values", "return min(value", "return max(value"),
    mutant("the average is rounded down", "of_values", "Fraction(sum(values), len(values))", "sum(values) // len(values)"),
    mutant("distinct counts all", "of_values", "len(set(values))", "len(values)"),
    mutant("first is last", "of_values", "values[0]", "values[-1]"),
    mutant("unknown is false", "combine", "None in truths else", "False else"),
    mutant("not forgets unknown", "combine", "return None if None in truths", "return group.is_negated if None in truths"),
    mutant("all of nothing is false", "combine", "None in truths else", "None in truths or not truths else"),
    mutant("a known false beside unknown", "combine", "if decisive in truths", "if decisive in truths and None not in truths"),
    mutant("an unknown segment's truth is passed on", "judge", "verdict(here.segments[rule.slug], here) is True", "verdict(here.segments[rule.slug], here)"),
    mutant("an operand is not multiplied", "wanted_by", "other * wanted.factor", "other"),
    mutant("a figure of nobody is zero", "wanted_by", "* wanted.factor if denominator else None", "* wanted.factor if denominator else 0"),
    mutant("times are compared in milliseconds", "unit_of", "return TIME_SINCE.get(trait.aggregate, DAY)", "return 1"),
    mutant("mean gap is compared in hours", "unit_of", "trait.aggregate, DAY)", "trait.aggregate, 3_600_000)"),
    mutant("a fact ends after its end", "fact_value", "here.now < valid_until", "here.now <= valid_until"),
    mutant("a fact begins after its begin", "fact_value", "valid_from <= here.now", "valid_from < here.now"),
    mutant("the first row of a fact wins", "fact_value", "max(valid", "min(valid"),
    mutant("the row stored last wins", "fact_value", "row[:2]", "row[1]"),
    mutant("the day changes in UTC", "today", "astimezone(time_zone)", "astimezone(dt.UTC)"),
    mutant("years are counted, not birthdays", "fact_value", "(today(here.now, here.time_zone) - number) // 10_000", "today(here.now, here.time_zone) // 10_000 - number // 10_000"),
    mutant("the population knows no device", "context_value", "if name in REMEMBERED else None", "if False else None"),
    mutant("the moment falls back on memory", "context_value", "here.context is None", "here.context is None or name not in here.context"),
    mutant("an empty answer is an answer", "context_value", "or None if", "if"),
)  # fmt: skip


@pytest.fixture(scope="module")
def copy() -> Iterator[ModuleType]:
    """The oracle once more, under another name."""
    spec = importlib.util.spec_from_file_location(COPY, oracle.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[COPY] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[COPY]


def answers(copy: ModuleType, world: World) -> Iterator[Member]:
    for history in range(len(world.histories)):
        for now in world.nows:
            for context in range(len(world.contexts)):
                here = world.situation(history, now, context)
                for slug, rule in world.rules.items():
                    value = copy.verdict(rule, here)
                    yield Member(history=history, now=now, context=context, slug=slug, value=value)


def test_the_copy_agrees_with_the_oracle_and_every_feature_occurs_often(copy: ModuleType) -> None:
    number = cases(quick=60, ci=400)
    report = compare(worlds_from(SEED, number), lambda world: answers(copy, world))
    assert report.rare(FEATURES, number // 10) == {}


@cache
def judged(number: int) -> list[tuple[Rule, Situation, bool]]:
    """All questions of one world, with the oracle's answers."""
    world = next(worlds_from(SEED + number, 1))
    places = product(range(len(world.histories)), world.nows, range(len(world.contexts)))
    situations = [world.situation(*place) for place in places]
    return [(rule, here, oracle.verdict(rule, here) is True) for here in situations for rule in world.rules.values()]


@pytest.mark.parametrize("planted_one", MUTANTS, ids=lambda one: one.name)
def test_a_planted_mistake_is_found(copy: ModuleType, planted_one: Mutant) -> None:
    questions = chain.from_iterable(judged(number) for number in range(3000))
    with planted(planted_one):
        assert any((copy.verdict(rule, here) is True) != truth for rule, here, truth in questions)
