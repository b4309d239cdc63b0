"""Problems of a rule, and the place in its tree where the validator stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from ..names import did_you_mean
from ..terms import Vocabulary

__all__ = ["Check", "Path", "Problem"]

Path = tuple[str | int, ...]
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of a rule. ``code`` names the kind of problem for tests and checks."""

    code: str
    path: Path
    message: str
    suggestion: str = ""

    @property
    def json_path(self) -> str:
        """The path in the JSON form: ``$.rule.rules[0].operator``."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"$.rule{''.join(steps)}"

    @property
    def full_message(self) -> str:
        """Message and suggestion in one line."""
        return f"{self.message} {self.suggestion}".strip()

    def __str__(self) -> str:
        return f"{self.json_path}: {self.full_message}"


@dataclass(frozen=True, slots=True)
class Check:
    """A place in a rule, with the vocabulary to judge it by and the list of what was found."""

    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)
    path: Path = ()

    def at(self, *steps: str | int) -> Check:
        return replace(self, path=(*self.path, *steps))

    def add(self, code: str, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(code, self.path, message, suggestion))

    def add_unknown(self, code: str, what: str, name: str, known: Collection[str], *, quote: str = '"') -> None:
        """The problem of a name that nobody knows, with the nearest known one."""
        shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
        self.add(code, f"{what} {quote}{shown}{quote}.", did_you_mean(name, known, quote=quote))
