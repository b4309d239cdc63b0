"""A rule that somebody sends, as text or as a tree, judged by what this shop knows.

Out comes the rule, or everything that is wrong with it: in a text with line and column, in a tree with the path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import InvalidRule, RuleError, RuleFormError
from .json_form import from_json, to_json
from .rule import Rule
from .terms import Vocabulary
from .text import find_errors, parse
from .validate import Problem, validate
from .vocabulary import build_vocabulary

__all__ = ["LONGEST_RULE", "Fault", "FaultyRule", "read_rule"]

#: Characters of a rule's text.
LONGEST_RULE = 20_000
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. In a text ``line`` and ``column`` say where, from 1 on; in a tree ``path`` does."""

    code: str
    message: str
    suggestion: str = ""
    path: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None
    length: int | None = None
    excerpt: str = ""

    @property
    def full_message(self) -> str:
        return f"{self.message} {self.suggestion}".strip()


class FaultyRule(ValueError):
    """A rule that this shop cannot evaluate."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.full_message for fault in faults))
        self.faults = faults


def read_rule(given: str | Mapping[str, Any], *, slug: str = "") -> Rule:
    """The rule for the segment of this slug. Raises `FaultyRule`. One query."""
    vocabulary = build_vocabulary()
    if isinstance(given, str):
        return _from_text(given, vocabulary, slug)
    return _from_tree(given, vocabulary, slug)


def _from_text(text: str, vocabulary: Vocabulary, slug: str) -> Rule:
    if len(text) > LONGEST_RULE:
        hint = "Split it into segments that use each other."
        raise FaultyRule(Fault("too-long", f"The rule has more than {LONGEST_RULE} characters.", hint))
    errors = find_errors(text, vocabulary)
    if errors:
        raise FaultyRule(*map(_of_text, errors))
    rule = parse(text)
    circles = validate(rule, vocabulary, slug=slug)
    if circles:
        raise FaultyRule(*(Fault(each.code, each.message, each.suggestion) for each in circles))
    return rule


def _from_tree(tree: Mapping[str, Any], vocabulary: Vocabulary, slug: str) -> Rule:
    try:
        rule = from_json(tree)
    except RuleFormError as error:
        raise FaultyRule(Fault("rule", error.message, error.suggestion, path=_steps(error.path))) from None
    except InvalidRule as error:
        raise FaultyRule(Fault("rule", error.message, error.suggestion)) from None
    problems = validate(rule, vocabulary, slug=slug)
    if problems:
        raise FaultyRule(*_of_tree(problems, is_normal=to_json(rule) == tree))
    return rule


def _of_text(error: RuleError) -> Fault:
    return Fault(
        "rule", error.message, error.suggestion,
        line=error.line, column=error.column, length=error.length, excerpt=error.excerpt,
    )  # fmt: skip


def _of_tree(problems: Sequence[Problem], *, is_normal: bool) -> list[Fault]:
    """Places are those of the normal form: of a tree that is written otherwise, only the whole is pointed at."""
    return [
        Fault(each.code, each.message, each.suggestion, path=_steps(each.json_path) if is_normal else ())
        for each in problems
    ]


def _steps(path: str) -> tuple[str, ...]:
    """``$.rule.rules[0].operator`` as its steps."""
    return tuple(name or number for name, number in _STEP.findall(path))
