"""Which segments a rule demands: whose part it is. Read off the rule, stored nowhere. Pure."""

from __future__ import annotations

from .normal import normalise
from .rule import Group, Rule, SegmentCondition

__all__ = ["parents_of"]


def parents_of(rule: Rule) -> frozenset[str]:
    """Slugs of the segments that whoever fits the rule must be in: those that it asks for at the top, by "and"."""
    normal = normalise(rule)
    if isinstance(normal, SegmentCondition):
        return frozenset({normal.slug})
    if not isinstance(normal, Group) or normal.is_negated or normal.combinator != "all":
        return frozenset()
    return frozenset(each.slug for each in normal.rules if isinstance(each, SegmentCondition))
