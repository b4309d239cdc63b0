"""Reading a rule's text together with the names that may stand in it."""

from __future__ import annotations

from ..errors import RuleError
from ..rule import Rule
from ..terms import Vocabulary
from ..validate import validate
from .parse import Reading, read

__all__ = ["find_errors", "parse"]


def parse(text: str, vocabulary: Vocabulary | None = None) -> Rule:
    """The rule that a text stands for, in normal form. Raises `RuleError` at the first thing wrong.

    Without a vocabulary only the grammar is judged: names and types are not.
    """
    reading = read(text)
    errors = _errors(reading, vocabulary) if vocabulary is not None else []
    if errors:
        raise errors[0]
    return reading.rule


def find_errors(text: str, vocabulary: Vocabulary) -> list[RuleError]:
    """Everything that is wrong with a text: the one error of grammar, or all of meaning, in order."""
    try:
        return _errors(read(text), vocabulary)
    except RuleError as error:
        return [error]


def _errors(reading: Reading, vocabulary: Vocabulary) -> list[RuleError]:
    source = reading.source
    errors = (
        source.error(problem.message, reading.span_of(problem.path), problem.suggestion)
        for problem in validate(reading.rule, vocabulary)
    )
    # Both halves of ``28 <= agee <= 32`` complain about the same name: once is enough.
    single = {(error.line, error.column, error.message): error for error in errors}
    return [single[key] for key in sorted(single)]
