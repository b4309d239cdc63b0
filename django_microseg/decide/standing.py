"""Since when a visitor has been in the segments they are in: one query for all of them.

A segment that depends on the moment alone has no beginning that anybody has written down.
"""

from __future__ import annotations

import datetime as dt

from django_microseg.segment.models import Membership

from .caller import READING
from .visitor import Visitor

__all__ = ["members_since"]


def members_since(visitor: Visitor) -> dict[str, dt.datetime | None]:
    """The visitor's segments of this moment, each with its beginning; None where that is unknown."""
    slugs = visitor.segments_among(None)
    unknown: dict[str, dt.datetime | None] = dict.fromkeys(slugs)
    if not slugs or visitor.preview is not None:
        return unknown
    return READING.run(lambda: unknown | _stored(visitor, slugs), unknown, about=visitor.label)


def _stored(visitor: Visitor, slugs: frozenset[str]) -> dict[str, dt.datetime]:
    view = visitor.known.view
    if view is None or view.profile_id is None:
        return {}
    live = {view.book.live[slug]: slug for slug in slugs}
    rows = Membership.objects.filter(profile_id=view.profile_id, definition_id__in=live)
    return {live[definition]: since for definition, since in rows.values_list("definition_id", "since")}
