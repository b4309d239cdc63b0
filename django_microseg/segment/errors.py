"""What is wrong with a rule: in one text (with the place), in one JSON tree (with the path).

Every message says what happened and why; the suggestion says what to do.
"""

from __future__ import annotations

__all__ = ["InvalidRule", "RuleError", "RuleFormError"]

#: How much of a long line is shown on either side of the place.
_AROUND = 60


class InvalidRule(ValueError):
    """A rule that cannot be read or used."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion

    @property
    def full_message(self) -> str:
        """Message and suggestion in one line."""
        return f"{self.message} {self.suggestion}".strip()


class RuleError(InvalidRule):
    """An error at a place in a rule's text. ``line`` and ``column`` count from 1."""

    def __init__(
        self, message: str, *, line: int, column: int, length: int, suggestion: str = "", shown: str = ""
    ) -> None:
        super().__init__(message, suggestion)
        self.line = line
        self.column = column
        self.length = length
        #: The whole line that the place is in.
        self.shown = shown

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}"
        return f"{self.full_message} ({place})\n{self.excerpt}"

    @property
    def excerpt(self) -> str:
        """The line, shortened around the place, and a second line with carets under the place."""
        start = max(0, self.column - 1 - _AROUND)
        end = min(len(self.shown), self.column - 1 + self.length + _AROUND)
        before, after = "…" if start else "", "…" if end < len(self.shown) else ""
        indent = " " * (len(before) + self.column - 1 - start)
        room = max(1, min(self.length, end - self.column + 1))
        return f"  {before}{self.shown[start:end]}{after}\n  {indent}{'^' * room}"


class RuleFormError(InvalidRule):
    """An error at a path of a rule's JSON, such as ``$.rule.rules[0].operator``."""

    def __init__(self, message: str, *, path: str, suggestion: str = "") -> None:
        super().__init__(message, suggestion)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.full_message}"
