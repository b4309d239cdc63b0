"""Holds an evaluator against the oracle and, when they differ, makes the case small enough to read.

An evaluator takes a world and yields answers: it alone knows which questions it can answer (the
scan as of any instant, the live path after each step). Each answer names the knowledge it rests
on, so that the oracle judges from the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
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

__all__ = ["Difference", "Evaluator", "Figure", "Flip", "Member", "Report", "Truths", "compare", "first_difference"]

#: How far ahead a flip is searched for: two birthdays of the leap day's children.
HORIZON = 800 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an answer rests on: everything, or what ``visitor``'s profile had after ``steps`` steps.

    ``events`` replaces that by what the evaluator itself read from the table. ``noted`` are features
    of the case that only the evaluator can see, such as a profile that is over the cap.
    """

    history: int
    now: int
    context: int = 0
    steps: int | None = None
    visitor: str = "a"
    events: tuple[EventRecord, ...] | None = None
    noted: frozenset[str] = frozenset()


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
TruthOf = Callable[[World, Answer], Any]


@dataclass(slots=True)
class Report:
    """How much was compared: ``cases`` are rules x histories, most of them asked for at several instants.

    ``coverage`` counts the features of the cases; ``exact_flips`` of ``flips`` named the very instant.
    """

    cases: int = 0
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


def first_difference(worlds: Iterable[World], evaluator: Evaluator, truth_of: TruthOf | None = None) -> int | None:
    """How many worlds it took to find a difference, counted from 1; None if there is none."""
    for number, world in enumerate(worlds, start=1):
        if find_wrong(world, evaluator, truth_of=truth_of) is not None:
            return number
    return None


def find_wrong(
    world: World, evaluator: Evaluator, report: Report | None = None, truth_of: TruthOf | None = None
) -> Wrong | None:
    """The first answer that is wrong; the evaluator is asked for no more after it."""
    judged: list[tuple[Answer, Any]] = []
    answers = _asked(world, evaluator)
    for answer in answers:
        if isinstance(answer, Exception):
            return Wrong(None, error=answer)
        truth = (truth_of or expected)(world, answer)
        if not _agrees(answer, truth):
            answers.close()
            return Wrong(answer, truth)
        judged.append((answer, truth))
    if report is not None:
        _count(world, judged, report)
    return None


def _asked(world: World, evaluator: Evaluator) -> Generator[Answer | Exception, None, None]:
    """The evaluator's answers; if it fails, that is the last one, to be made small like any other."""
    try:
        yield from evaluator(world)
    except Exception as error:  # noqa: BLE001 - a finding
        yield error


def _count(world: World, judged: list[tuple[Answer, Any]], report: Report) -> None:
    cases: dict[tuple[int, str], set[str]] = {}
    for answer, truth in judged:
        if isinstance(answer, Figure):
            continue
        features = cases.setdefault((answer.history, answer.slug), set())
        features |= answer.noted
        if isinstance(answer, Member):
            features.update(features_of_answer(truth, is_in_context=answer.context > 0))
        else:
            report.flips += 1
            report.exact_flips += answer.value == truth
    of_histories = [features_of_history(history) for history in world.histories]
    for (history, slug), features in cases.items():
        report.coverage.update(features | features_of_rule(world.rules[slug]) | of_histories[history])
    report.cases += len(cases)
    report.answers += len(judged)


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


class Truths:
    """The oracle's answers, remembered by the world's seed: for hunting many mutants through the same worlds."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, world: World, answer: Answer) -> Any:
        about = answer.trait if isinstance(answer, Figure) else answer.slug
        known = (answer.history, answer.now, answer.context, answer.steps, answer.visitor, answer.events)
        key = (world.seed, type(answer), about, known)
        if key not in self._known:
            self._known[key] = expected(world, answer)
        return self._known[key]


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
