"""Explanations held against the oracle, figure by figure, and put to the test where they promise."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from django.db import transaction

from django_microseg.collect.fields import from_ms, to_ms
from django_microseg.profile.models import Profile
from django_microseg.segment.explain import ConditionTrace, Explanation
from django_microseg.segment.explain import change as change_room
from django_microseg.segment.explain.case import Case, leaves
from django_microseg.segment.models import Membership, Segment
from django_microseg.segment.reader import read
from django_microseg.segment.refresh import refresh_due, refresh_profiles
from django_microseg.segment.rule import Condition

from .brute import true_flip
from .clock import start_of
from .compare import HORIZON, Member
from .oracle import Situation, judge, verdict
from .table import add_facts, add_person, add_records, in_force, visitor_key
from .worlds import World

__all__ = ["Explained"]

#: The package exports a function of the module's name.
_room: Any = importlib.import_module("django_microseg.segment.explain.explain")


@dataclass(frozen=True, slots=True)
class _Question:
    """Of whom and of what, with the oracle's view of it and the context, if there is one."""

    world: World
    number: int
    slug: str
    profile: Profile
    now: int
    context: Mapping[str, Any] | None
    here: Situation


class Explained:
    """The evaluator: answers come from `explain`. It asserts itself what only an explanation says.

    ``seen`` counts the promises by kind, and how many of them were kept in the tables.
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, world: World) -> Iterator[Member]:
        with in_force(world), _in_no_words(world), _changes_told() as tried:
            for number, history in enumerate(world.histories):
                profile = add_person(number, history.known_facts())
                add_records(profile, history.events)
                for now, at in ((start_of(world), 0), (world.nows[-1], 0), (start_of(world), len(world.contexts) - 1)):
                    for slug in world.rules:
                        here = world.situation(number, now, at)
                        question = _Question(world, number, slug, profile, now, world.contexts[at], here)
                        answer = _explain(question)
                        yield Member(history=number, now=now, context=at, slug=slug, value=answer.is_member)
                        self._check(question, answer, tried)
                        tried.clear()

    def _check(self, question: _Question, answer: Explanation, tried: list[tuple[Case, Case]]) -> None:
        rule = question.world.rules[question.slug]
        self.seen["explanations"] += 1
        for (_depth, condition), trace in zip(leaves(rule), answer.conditions, strict=True):
            self._check_condition(question.here, condition, trace)
        if question.context is None:
            told = answer.leaves_at if answer.is_member else answer.joins_at
            self.seen["foretold"] += told is not None
            _assert_foretold(question.here, rule, told)
        if answer.change is not None:
            self.seen[answer.change.kind] += 1
            if answer.change.at is not None:
                assert _is_in_after_waiting(question, to_ms(answer.change.at)), "waiting did not let them in"
            else:
                assert _is_in_after_change(question, *tried[-1]), "the change did not let them in"

    def _check_condition(self, here: Situation, condition: Condition, trace: ConditionTrace) -> None:
        self.seen["conditions"] += 1
        is_met = judge(condition, here)
        assert trace.is_met is is_met, f"explained as {trace.is_met}: {condition}"
        assert (trace.met_since is not None) is (is_met is True)
        if here.context is None:
            _assert_foretold(here, condition, trace.changes_at)
        if trace.met_since is not None:
            self.seen["met since"] += 1
            _assert_met_since(here, condition, to_ms(trace.met_since))


def _explain(question: _Question) -> Explanation:
    segment = Segment.objects.get(slug=question.slug)
    answer: Explanation = _room.explain(question.profile, segment, now=from_ms(question.now), context=question.context)
    return answer


def _assert_foretold(here: Situation, rule: Any, told: Any) -> None:
    """The very instant, if it is not too far away to be looked for."""
    foretold = None if told is None else to_ms(told)
    if foretold is None or foretold <= here.now + HORIZON:
        flip = true_flip(rule, here, here.now + HORIZON)
        assert foretold == flip, f"foretold for {foretold}, comes at {flip}: {rule}"


def _assert_met_since(here: Situation, condition: Condition, since: int) -> None:
    """It was met then, and has been ever since."""
    then = replace(here, now=since)
    assert judge(condition, then) is True, f"not met at {since}: {condition}"
    assert true_flip(condition, then, here.now) is None, f"not met all the time since {since}: {condition}"


# -- promises


def _is_in_after_waiting(question: _Question, moment: int) -> bool:
    with _for_once():
        refresh_profiles([question.profile.pk], cause="event", now=from_ms(question.now), refold=True)
        refresh_due(from_ms(moment))
        return _is_member(question)


def _is_in_after_change(question: _Question, before: Case, after: Case) -> bool:
    """What the change is made of really happens; the oracle and the tables must both let them in."""
    facts = tuple((name, *row) for name, rows in after.facts.items() for row in rows)
    there = replace(question.here, events=after.events, facts=facts, context=after.context)
    if verdict(question.world.rules[question.slug], there) is not True:
        return False
    with _for_once():
        add_records(question.profile, [event for event in after.events if event not in before.events])
        for name, rows in after.facts.items():
            add_facts(question.profile, [(name, *row) for row in rows[len(before.facts.get(name, ())) :]])
        refresh_profiles([question.profile.pk], cause="event", now=from_ms(question.now), refold=True)
        if after.context is None:
            return _is_member(question)
        view = read(visitor_key(question.number), now=from_ms(question.now))
        return question.slug in view.segments_for([question.slug], after.context)


def _is_member(question: _Question) -> bool:
    return Membership.objects.filter(profile=question.profile, segment__slug=question.slug).exists()


@contextmanager
def _for_once() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# -- what explain is given


@contextmanager
def _in_no_words(world: World) -> Iterator[None]:
    """Half of the rules are finer than the language can say, so rules come from the world and stay without words."""
    with ExitStack() as stack:
        for name, instead in (
            ("runnable", lambda stored: world.rules[stored["slug"]]),
            ("render", lambda rule: ""),
            ("describe", lambda rule, labels: ""),
        ):
            stack.enter_context(mock.patch.object(_room, name, instead))
        yield


@contextmanager
def _changes_told() -> Iterator[list[tuple[Case, Case]]]:
    """The case before and after each change that was tried; the last one of an explanation is the one it tells."""
    tried: list[tuple[Case, Case]] = []
    apply = change_room._Way.applied_to

    def applied_to(way: Any, case: Case, now: int) -> Case:
        changed = apply(way, case, now)
        tried.append((case, changed))
        return changed

    with mock.patch.object(change_room._Way, "applied_to", applied_to):
        yield tried
