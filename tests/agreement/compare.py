"""Holds an evaluator against the oracle and, when they differ, makes the case small enough to read.

An evaluator takes a world and yields answers: it alone knows which questions it can answer (the
scan as of any instant, the live path after each step). Each answer names the knowledge it rests
on, so that the oracle judges from the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django_microseg.collect.record import EventRecord
from django_microseg.profile.traits.definition import DAY, Trait

from .brute import true_flip
from .coverage import features_of_answer, features_of_history, features_of_rule
from .oracle import trait_value, verdict
from .shrink import smaller
from .worlds import World

__all__ = ["Difference", "Evaluator", "Figure", "Flip", "Member", "Report", "compare", "first_difference"]

#: How far ahead a flip is searched for: two birthdays of the leap day's children.
HORIZON = 800 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an answer rests on: everything, or what ``visitor``'s profile had after ``steps`` steps.

    ``events`` replaces that by what the evaluator itself read from the table.
    """

    history: int
    now: int
    context: int = 0
    steps: int | None = None
    visitor: str = "a"
    events: tuple[EventRecord, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Known):
    """Answers: is it a member? An evaluator that can tell unknown from false may give None."""

    slug: str
    value: bool | None
    is_three_valued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Known):
    """Answers: what is the trait worth, in its raw unit?"""

    trait: Trait
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip(Known):
    """Answers: when may the membership change next? May be early, never late; None is never."""

    slug: str
    value: int | None


Answer = Member | Figure | Flip
Evaluator = Callable[[World], Iterable[Answer]]


@dataclass(slots=True)
class Report:
    """How much was compared. ``exact_flips`` of ``flips`` named the very instant."""

    answers: int = 0
    flips: int = 0
    exact_flips: int = 0
    coverage: Counter[str] = field(default_factory=Counter)

    def rare(self, wanted: Iterable[str], least: int) -> dict[str, int]:
        """The features among those wanted that did not occur often enough."""
        return {feature: self.coverage[feature] for feature in sorted(wanted) if self.coverage[feature] < least}


class Difference(AssertionError):
    """An evaluator and the oracle do not agree, or the evaluator failed."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What went wrong in a world: an answer and the truth, or an error of the evaluator."""

    answer: Answer | None
    truth: Any = None
    error: Exception | None = None

    @property
    def kind(self) -> type:
        return type(self.answer if self.error is None else self.error)


def compare(worlds: Iterable[World], evaluator: Evaluator, *, tries: int = 3000) -> Report:
    """Judge all answers; at the first wrong one raise the smallest case that still goes wrong.

    ``tries`` bounds how often the evaluator runs while the case is made smaller.
    """
    report = Report()
    for world in worlds:
        wrong = find_wrong(world, evaluator, report)
        if wrong is not None:
            small = _shrink(world, evaluator, wrong, tries)
            still_wrong = find_wrong(small, evaluator) or wrong
            raise Difference(_tell(world, small, still_wrong)) from still_wrong.error
    return report


def first_difference(worlds: Iterable[World], evaluator: Evaluator) -> int | None:
    """How many worlds it took to find a difference, counted from 1; None if there is none."""
    for number, world in enumerate(worlds, start=1):
        if find_wrong(world, evaluator) is not None:
            return number
    return None


def find_wrong(world: World, evaluator: Evaluator, report: Report | None = None) -> Wrong | None:
    try:
        answers = list(evaluator(world))
    except Exception as error:  # noqa: BLE001 — an evaluator that fails is a finding, to be made small like others
        return Wrong(None, error=error)
    truths = [expected(world, answer) for answer in answers]
    for answer, truth in zip(answers, truths, strict=True):
        if not _agrees(answer, truth):
            return Wrong(answer, truth)
    if report is not None:
        _count(world, answers, truths, report)
    return None


def _count(world: World, answers: list[Answer], truths: list[Any], report: Report) -> None:
    of_rules = {slug: features_of_rule(rule) for slug, rule in world.rules.items()}
    of_histories = [features_of_history(history) for history in world.histories]
    report.answers += len(answers)
    for answer, truth in zip(answers, truths, strict=True):
        report.coverage.update(of_histories[answer.history])
        if isinstance(answer, Member):
            report.coverage.update(of_rules[answer.slug])
            report.coverage.update(features_of_answer(truth, is_in_context=answer.context > 0))
        if isinstance(answer, Flip):
            report.flips += 1
            report.exact_flips += answer.value == truth


def expected(world: World, answer: Answer) -> Any:
    """What the oracle says to the same question."""
    here = world.situation(
        answer.history,
        answer.now,
        answer.context,
        steps=answer.steps,
        visitor=answer.visitor,
        events=answer.events,
    )
    if isinstance(answer, Figure):
        return trait_value(answer.trait, here.events, here.now, minor_exponent=here.minor_exponent)
    if isinstance(answer, Flip):
        return true_flip(world.rules[answer.slug], here, here.now + HORIZON)
    return verdict(world.rules[answer.slug], here)


def _agrees(answer: Answer, truth: Any) -> bool:
    if isinstance(answer, Figure):
        return bool(answer.value == truth)
    if isinstance(answer, Member):
        return answer.value is truth if answer.is_three_valued else (answer.value is True) == (truth is True)
    return truth is None or (answer.value is not None and answer.now < answer.value <= truth)


def _shrink(world: World, evaluator: Evaluator, wrong: Wrong, tries: int) -> World:
    """Take away, greedily, whatever can go while the same kind of thing still goes wrong."""
    place, has_shrunk = 0, False
    while tries > 0:
        candidate = next(islice(smaller(world), place, None), None)
        if candidate is None and not has_shrunk:
            break
        if candidate is None:
            place, has_shrunk = 0, False
            continue
        tries -= 1
        again = find_wrong(candidate, evaluator)
        if again is not None and again.kind == wrong.kind:
            world, has_shrunk = candidate, True
        else:
            place += 1
    return world


def _tell(world: World, small: World, wrong: Wrong) -> str:
    says = "the evaluator fails" if wrong.answer is None else f"the oracle says {code(wrong.truth)}, not"
    seed = "" if world.seed is None else f" (from the world of seed {world.seed})"
    return f"{says}\n{code(wrong.answer or wrong.error)}\nin this world{seed}:\n{code(small)}"


def code(value: Any, indent: int = 0) -> str:
    """Python that makes the value again, without what is left at its default."""
    if dataclasses.is_dataclass(value):
        told = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if not _is_default(value, f)}
        return _laid_out(type(value).__name__, [f"{k}={code(v, indent + 1)}" for k, v in told.items()], "()", indent)
    if isinstance(value, Mapping):
        return _laid_out("", [f"{k!r}: {code(v, indent + 1)}" for k, v in value.items()], "{}", indent)
    if isinstance(value, tuple):
        inside = [code(one, indent + 1) for one in value]
        return _laid_out("", [*inside[:-1], inside[-1] + "," * (len(inside) == 1)] if inside else [], "()", indent)
    return f"ZoneInfo({str(value)!r})" if isinstance(value, dt.tzinfo) else repr(value)


def _is_default(value: Any, field_: dataclasses.Field[Any]) -> bool:
    default = field_.default if field_.default_factory is dataclasses.MISSING else field_.default_factory()
    return bool(getattr(value, field_.name) == default)


def _laid_out(name: str, parts: list[str], brackets: str, indent: int) -> str:
    line = f"{name}{brackets[0]}{', '.join(parts)}{brackets[1]}"
    if len(line) < 150 and "\n" not in line:
        return line
    margin = "    " * (indent + 1)
    body = "".join(f"{margin}{part.rstrip(',')},\n" for part in parts)
    return f"{name}{brackets[0]}\n{body}{'    ' * indent}{brackets[1]}"
