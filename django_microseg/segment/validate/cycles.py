"""Segments that use segments: which ones, and whether they go in a circle."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter

from ..rule import Rule, SegmentCondition, conditions_of

__all__ = ["find_cycle", "segments_used"]


def segments_used(rule: Rule) -> frozenset[str]:
    """The slugs of the segments that a rule asks for."""
    return frozenset(each.slug for each in conditions_of(rule) if isinstance(each, SegmentCondition))


def find_cycle(uses: Mapping[str, Collection[str]]) -> tuple[str, ...] | None:
    """Slugs in a circle, each using the next, the first repeated at the end; None if there is none.

    ``uses`` maps each slug to the slugs that its rule asks for.
    """
    try:
        TopologicalSorter({slug: sorted(uses[slug]) for slug in sorted(uses)}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return tuple(reversed(circle))
    return None
