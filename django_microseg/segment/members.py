"""Who is in a segment now, for the lists of the admin and of the API."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Membership, Segment

__all__ = ["KINDS", "members_of"]

#: What a list may be narrowed to: people whom the shop has a key for, and all others.
KINDS = ("customers", "visitors")


def members_of(segment: Segment, kind: str = "") -> QuerySet[Membership]:
    """The members of one of `KINDS`, or all of them, with their profiles."""
    rows = Membership.objects.filter(definition=segment.live_version_id).select_related("profile")
    return rows.filter(profile__customer_key__isnull=kind == "visitors") if kind in KINDS else rows
