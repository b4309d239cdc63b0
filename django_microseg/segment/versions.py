"""Which version of a segment is which: the one to edit, the one that waits to go live.

A segment has at most one draft. A version that was made because a segment it uses changed may be
newer than the draft, and the draft still waits.
"""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from .models import Segment, SegmentVersion

__all__ = ["candidate_of", "in_order", "newest_version"]

State = SegmentVersion.State


def in_order(rows: QuerySet[SegmentVersion]) -> QuerySet[SegmentVersion]:
    """The draft first, then the newest; nothing that was discarded."""
    is_draft = Case(When(state=State.DRAFT, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.exclude(state=State.DISCARDED).order_by(is_draft, "-number")


def newest_version(segment: Segment) -> SegmentVersion | None:
    """What is edited: the draft, or else the version that was saved last, in force or not."""
    return in_order(segment.versions.all()).first() if segment.pk else None


def candidate_of(segment: Segment) -> SegmentVersion | None:
    """The version that would go live next; None if the newest one is in force."""
    newest = newest_version(segment)
    return None if newest is None or newest.pk == segment.live_version_id else newest
