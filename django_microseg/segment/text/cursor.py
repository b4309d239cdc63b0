"""Where the parser stands: in the text, and in the tree that it builds.

Each part of a condition is marked with its place in the text under its path in the tree, so that what
`validate` later says about a path can point at the text.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from ..errors import RuleError
from .source import Source, Span

__all__ = ["Cursor", "Marks", "Path"]

Path = tuple[str | int, ...]
Marks = dict[Path, Span]
Node = ast.expr | ast.keyword


@dataclass(frozen=True, slots=True)
class Cursor:
    """A path inside one condition, with the marks of that condition."""

    source: Source
    marks: Marks = field(default_factory=dict)
    path: Path = ()

    def at(self, *steps: str | int) -> Cursor:
        """The cursor one or more steps further down."""
        return replace(self, path=(*self.path, *steps))

    def mark(self, place: Node | Span) -> None:
        """Remember that this path was read from a place in the text."""
        self.marks[self.path] = place if isinstance(place, Span) else self.source.span(place)

    def error(self, message: str, node: Node | Span, suggestion: str = "") -> RuleError:
        return self.source.error(message, node, suggestion)
