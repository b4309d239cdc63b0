"""The text of a rule, and how a place in it is found and named in an error."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ..errors import RuleError

__all__ = ["Source", "Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a text: from the character ``start`` up to, not including, ``end``."""

    start: int
    end: int


class Source:
    """A rule's text. Spans count characters of it, whatever Python's parser counts."""

    def __init__(self, text: str) -> None:
        self.text = text
        #: What Python's parser is given: the text as one line without blanks around it.
        self.line = text
        #: How many characters of the text stand before the line.
        self.indent = 0

    def part(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def span(self, node: ast.expr | ast.keyword) -> Span:
        """Where a node of the parsed line stands. Python counts bytes of UTF-8."""
        assert node.end_col_offset is not None
        return Span(self._character(node.col_offset), self._character(node.end_col_offset))

    def error(self, message: str, place: Span | ast.expr | ast.keyword | None, suggestion: str = "") -> RuleError:
        """The error to raise about a place; None means the whole text."""
        if place is None:
            place = Span(0, len(self.text.rstrip()))
        span = place if isinstance(place, Span) else self.span(place)
        line = bisect_right(self._line_starts, span.start) - 1
        start = self._line_starts[line]
        shown = self.text[start:].split("\n", 1)[0].rstrip("\r")
        length = max(1, min(span.end, start + len(shown)) - span.start)
        return RuleError(
            message,
            line=line + 1,
            column=span.start - start + 1,
            length=length,
            suggestion=suggestion,
            shown=shown.replace("\t", " "),
        )

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    def _character(self, byte: int) -> int:
        if self.line.isascii():
            return self.indent + byte
        return self.indent + len(self.line.encode()[:byte].decode(errors="ignore"))
