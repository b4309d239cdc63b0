"""A rule that somebody sends, as text or as a tree, judged by what this shop knows.

Out comes the rule, or everything that is wrong with it: in a text with line and column, in a tree with the path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .errors import InvalidRule, RuleError, RuleFormError
from .json_form import from_json, to_json
from .limits import MAX_TEXT
from .rule import Rule
from .terms import Vocabulary
from .text import find_errors, parse, render
from .validate import Problem, validate
from .vocabulary import build_vocabulary

__all__ = ["Fault", "FaultyRule", "judge", "read_rule"]

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

    @property
    def message_with_place(self) -> str:
        """Where it stands in a text, after what is wrong; for whoever reads words."""
        if self.line is None:
            return self.full_message
        place = _("line %(line)s, column %(column)s") % {"line": self.line, "column": self.column}
        return f"{self.full_message} ({place})"


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


def judge(rule: Rule, vocabulary: Vocabulary, *, slug: str = "") -> list[Problem]:
    """Everything that is wrong with the rule for the segment of this slug.

    A rule that is longer as a text than a text may be could be saved here, and never again from its own form.
    """
    size = len(render(rule))
    if size <= MAX_TEXT:
        return validate(rule, vocabulary, slug=slug)
    message = f"As a text the rule has {size:,} characters, more than {MAX_TEXT:,}."
    return [Problem("too-long", (), message, "Split it into segments that use each other.")]


def _from_text(text: str, vocabulary: Vocabulary, slug: str) -> Rule:
    errors = find_errors(text, vocabulary)
    if errors:
        code = "rule" if len(text) <= MAX_TEXT else "too-long"
        raise FaultyRule(*(_of_text(code, error) for error in errors))
    rule = parse(text)
    problems = judge(rule, vocabulary, slug=slug)
    if problems:
        raise FaultyRule(*(Fault(each.code, each.message, each.suggestion) for each in problems))
    return rule


def _from_tree(tree: Mapping[str, Any], vocabulary: Vocabulary, slug: str) -> Rule:
    try:
        rule = from_json(tree)
    except RuleFormError as error:
        raise FaultyRule(Fault("rule", error.message, error.suggestion, path=_steps(error.path))) from None
    except InvalidRule as error:
        raise FaultyRule(Fault("rule", error.message, error.suggestion)) from None
    problems = judge(rule, vocabulary, slug=slug)
    if problems:
        raise FaultyRule(*_of_tree(problems, is_normal=to_json(rule) == tree))
    return rule


def _of_text(code: str, error: RuleError) -> Fault:
    return Fault(
        code, error.message, error.suggestion,
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
