"""The shop's names of its segments and experiences, for pages that only staff sees. Two queries."""

from __future__ import annotations

from collections.abc import Mapping

from django_microseg.segment.models import Segment

from ..models import Experience
from ..words import Names

__all__ = ["names_for"]


def names_for(also: Mapping[str, str] | None = None) -> Names:
    """Every name, and those of experiences that are not saved yet."""
    return Names(
        segments=dict(Segment.objects.values_list("slug", "name")),
        experiences={**dict(Experience.objects.values_list("slug", "name")), **(also or {})},
    )
