"""Which version of a segment is which: the one to edit, the one that waits to go live.

A segment has at most one draft. A version that was made because a segment it uses changed may be
newer than the draft, and the draft still waits.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from .models import Segment, SegmentVersion

__all__ = ["candidate_of", "in_order", "newest_of", "newest_version", "rule_shown", "with_newest_rule"]

State = SegmentVersion.State


def in_order(rows: QuerySet[SegmentVersion]) -> QuerySet[SegmentVersion]:
    """The draft first, then the newest; nothing that was discarded."""
    is_draft = Case(When(state=State.DRAFT, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.exclude(state=State.DISCARDED).order_by(is_draft, "-number")


def newest_of(segment: str) -> QuerySet[SegmentVersion]:
    """For a subquery: what is edited of the segment that a field of the outer query names."""
    return in_order(SegmentVersion.objects.filter(segment=OuterRef(segment)))


def with_newest_rule(rows: QuerySet[Segment]) -> QuerySet[Segment]:
    """Segments of which `rule_shown` takes no statement each."""
    newest = Subquery(newest_of("pk").values("rule")[:1])
    return rows.select_related("live_version").annotate(newest_rule=newest)


def rule_shown(segment: Segment) -> Any:
    """The stored rule of a row of `with_newest_rule`: the one in force, or else what is edited; None without any."""
    return segment.live_version.rule if segment.live_version else getattr(segment, "newest_rule", None)


def newest_version(segment: Segment) -> SegmentVersion | None:
    """What is edited: the draft, or else the version that was saved last, in force or not."""
    return in_order(segment.versions.all()).first() if segment.pk else None


def candidate_of(segment: Segment) -> SegmentVersion | None:
    """The version that would go live next; None if the newest one is in force."""
    newest = newest_version(segment)
    return None if newest is None or newest.pk == segment.live_version_id else newest
