"""The comparison itself: it passes the right, finds the wrong, and tells it in few words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django_microseg.collect.record import EventRecord
from django_microseg.profile.traits import definition
from django_microseg.profile.traits.definition import Stream, Trait, Window
from django_microseg.segment import rule as tree
from django_microseg.segment.rule import Group, TraitCondition

from .brute import traits_of, true_flip
from .compare import HORIZON, Answer, Difference, Figure, Flip, Member, code, compare, find_wrong
from .histories import History, Step, history_of
from .oracle import trait_value, verdict
from .worlds import World, worlds_from


def view(t: int, **columns: Any) -> EventRecord:
    return EventRecord(t, "web", f"{t:032x}", 0, "view", **columns)


TWICE = TraitCondition(Trait("count", Stream("view"), Window(oldest=50)), ">=", 2)
SMALL = World((history_of(view(10), view(50)),), {"twice": TWICE}, nows=(59, 60))


def members(world: World, *, closed_by: int = 0) -> Iterator[Answer]:
    """The oracle as an evaluator; ``closed_by`` makes all windows that much longer."""
    for history in range(len(world.histories)):
        for slug, rule in _longer(world, closed_by).rules.items():
            for now in world.nows:
                here = replace(world.situation(history, now), segments=_longer(world, closed_by).rules)
                yield Member(history=history, now=now, slug=slug, value=verdict(rule, here))


def _longer(world: World, length: int) -> World:
    return replace(world, rules={slug: _stretch(rule, length) for slug, rule in world.rules.items()})


def _stretch(rule: tree.Rule, length: int) -> tree.Rule:
    if isinstance(rule, Group):
        return replace(rule, rules=tuple(_stretch(inner, length) for inner in rule.rules))
    if not isinstance(rule, TraitCondition) or rule.trait.window.oldest is None:
        return rule
    window = replace(rule.trait.window, oldest=rule.trait.window.oldest + length)
    return replace(rule, trait=replace(rule.trait, window=window))


def test_who_agrees_is_counted() -> None:
    report = compare([SMALL], members)
    assert (report.cases, report.answers) == (1, 2)
    assert report.coverage["window last"] == report.coverage["aggregate count"] == 1
    assert report.coverage["answer member"] == report.coverage["answer no member"] == 1
    assert report.rare({"window last", "window since"}, 1) == {"window since": 0}


def test_who_differs_is_told_with_the_case() -> None:
    with pytest.raises(Difference) as raised:
        compare([SMALL], lambda world: members(world, closed_by=1))
    assert str(raised.value).startswith(
        "the oracle says False, not\nMember(history=0, now=60, slug='twice', value=True)"
    )


def test_a_difference_is_made_small() -> None:
    with pytest.raises(Difference) as raised:
        compare(worlds_from(1, 50), lambda world: members(world, closed_by=1))
    told = str(raised.value)
    assert "from the world of seed" in told
    assert told.count("EventRecord(") <= 3
    assert told.count("Condition(") == 1
    assert told.count("\n") < 40


def test_an_evaluator_that_fails_is_made_small_too() -> None:
    def failing(world: World) -> Iterator[Answer]:
        assert not any(history.is_merged for history in world.histories), "merged"
        return members(world)

    with pytest.raises(Difference, match="the evaluator fails\nAssertionError") as raised:
        compare(worlds_from(1, 50), failing)
    assert str(raised.value).count("Step(") == 1
    assert isinstance(raised.value.__cause__, AssertionError)


def test_figures_are_held_against_the_oracle_s() -> None:
    def figures(world: World, wrong_by: int = 0) -> Iterator[Answer]:
        for trait in (trait for rule in world.rules.values() for trait in traits_of(rule)):
            value = trait_value(trait, world.histories[0].events, 60)
            yield Figure(history=0, now=60, trait=trait, value=value + wrong_by)  # type: ignore[operator]

    assert find_wrong(SMALL, figures) is None
    assert find_wrong(SMALL, lambda world: figures(world, wrong_by=1)) is not None


@pytest.mark.parametrize(
    ("value", "is_right"), [(60, True), (41, True), (61, False), (40, False), (59, True), (None, False)]
)
def test_a_flip_may_be_early_but_never_late(value: int | None, is_right: bool) -> None:
    world = replace(SMALL, histories=(history_of(view(10), view(20)),), nows=(40,))
    found = find_wrong(world, lambda _world: [Flip(history=0, now=40, slug="twice", value=value)])
    assert true_flip(TWICE, world.situation(0, 40), 40 + HORIZON) == 60
    assert (found is None) is is_right


def test_a_flip_that_never_comes_may_be_announced() -> None:
    world = replace(SMALL, histories=(History(()),))
    for value in (None, 41):
        assert (
            find_wrong(world, lambda _world, value=value: [Flip(history=0, now=40, slug="twice", value=value)]) is None
        )


def test_an_answer_rests_on_what_was_known_then() -> None:
    one_only = Member(history=0, now=59, steps=1, slug="twice", value=False)
    other_visitor = Member(history=0, now=59, visitor="b", steps=2, slug="twice", value=False)
    own_reading = Member(history=0, now=59, events=(view(55), view(58)), slug="twice", value=True)
    assert find_wrong(SMALL, lambda _world: [one_only, other_visitor, own_reading]) is None
    assert find_wrong(SMALL, lambda _world: [replace(one_only, steps=2)]) is not None


def test_unknown_is_told_from_false_only_on_request() -> None:
    last = TraitCondition(Trait("max", Stream("view"), field="value"), ">", 0)
    world = replace(SMALL, rules={"last": last})
    answer = Member(history=0, now=59, slug="last", value=False)
    assert find_wrong(world, lambda _world: [answer]) is None
    assert find_wrong(world, lambda _world: [replace(answer, is_three_valued=True)]) is not None


def test_told_cases_are_python_that_makes_them_again() -> None:
    names = {**vars(definition), **vars(tree), **{cls.__name__: cls for cls in (EventRecord, Fraction, ZoneInfo)}}
    names |= {cls.__name__: cls for cls in (World, History, Step)}
    for world in (SMALL, *worlds_from(1, 5)):
        assert eval(code(world), names) == world
