"""Is a rule one that this shop can evaluate? Names, kinds of values, sizes, circles.

``validate`` gives every problem with its path in the JSON form; nothing here changes a rule.
"""

from __future__ import annotations

from .cycles import find_cycle, segments_used
from .findings import Problem
from .rules import validate

__all__ = ["Problem", "find_cycle", "segments_used", "validate"]
