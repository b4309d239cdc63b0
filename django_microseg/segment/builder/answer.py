"""A rule in its other forms while it is built: a text comes in or a tree, out goes the rest and what is wrong.

Both are judged as saving judges them. A tree that can be read has a text even where that is not valid yet, so that what
is unfinished in the builder is unfinished in the text, and is refused when it is saved. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..errors import RuleError, RuleFormError
from ..json_form import from_json, to_json
from ..judged import judge
from ..rule import Group, Rule, conditions_of
from ..sentence import Labels, describe
from ..terms import Vocabulary
from ..text import parse, render
from ..validate import Problem

__all__ = ["Answer", "Mistake", "Piece", "answer_form", "answer_text"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """``condition`` counts through the whole rule which condition it is about; None is the rule itself."""

    message: str
    excerpt: str = ""
    condition: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One condition as text and in words."""

    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``form`` and ``text`` are empty where the rule could not be read; ``sentence`` also where it is not valid."""

    form: dict[str, Any] | None = None
    text: str | None = None
    sentence: str = ""
    conditions: tuple[Piece, ...] = ()
    errors: tuple[Mistake, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def answer_text(text: str, vocabulary: Vocabulary, labels: Labels, *, slug: str = "") -> Answer:
    """The tree of a text, which stays as it was typed."""
    try:
        rule = parse(text)
    except RuleError as error:
        return Answer(errors=(Mistake(error.full_message, error.excerpt),))
    return replace(_answer(rule, vocabulary, labels, slug), text=text)


def answer_form(form: Any, vocabulary: Vocabulary, labels: Labels, *, slug: str = "") -> Answer:
    """The text of a tree in its stored form."""
    try:
        rule = from_json(form)
    except RuleFormError as error:
        return Answer(errors=(Mistake(error.full_message),))
    return _answer(rule, vocabulary, labels, slug)


def _answer(rule: Rule, vocabulary: Vocabulary, labels: Labels, slug: str) -> Answer:
    problems = judge(rule, vocabulary, slug=slug)
    places = dict(_places(rule))
    return Answer(
        form=to_json(rule),
        text=render(rule),
        sentence="" if problems else describe(rule, labels),
        conditions=tuple(Piece(render(each), describe(each, labels)) for each in conditions_of(rule)),
        errors=tuple(_mistake(problem, places) for problem in problems),
    )


def _mistake(problem: Problem, places: dict[tuple[str | int, ...], int]) -> Mistake:
    starts = (problem.path[:end] for end in range(len(problem.path), -1, -1))
    place = next((places[start] for start in starts if start in places), None)
    return Mistake(problem.full_message, condition=place)


def _places(rule: Rule) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """The path of each condition, and which one it is."""
    return ((path, number) for number, path in enumerate(_paths(rule, ())))


def _paths(rule: Rule, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if not isinstance(rule, Group):
        yield path
        return
    for index, inner in enumerate(rule.rules):
        yield from _paths(inner, (*path, "rules", index))
