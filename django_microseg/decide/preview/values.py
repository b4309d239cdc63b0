"""What a preview is, once it is known to be allowed: segments to assume, and perhaps one experience to show."""

from __future__ import annotations

from dataclasses import dataclass

from ..slots import Choice

__all__ = ["Preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """``segments`` are those to answer with, none of them included: then it is a stranger's view.

    ``forced`` fills its slot whoever looks; pages that we render ourselves for the editor have one.
    """

    segments: frozenset[str] = frozenset()
    forced: Choice | None = None
