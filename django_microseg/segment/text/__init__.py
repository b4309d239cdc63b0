"""A rule as one line of text that a person can read, type, diff and test.

``parse`` reads it, ``render`` writes it, ``find_errors`` tells everything that is wrong with it. The
grammar stands in docs/conditions.md.
"""

from __future__ import annotations

from ..errors import RuleError
from .check import find_errors, parse
from .render import render, render_trait, render_value

__all__ = ["RuleError", "find_errors", "parse", "render", "render_trait", "render_value"]
