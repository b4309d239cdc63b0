"""A segment as staff are told of it: what it is called, its rules in three forms, and how many are in it.

Everything that rows need is read once, whatever their number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, Subquery

from django_microseg.segment.editing import stamp_of
from django_microseg.segment.filing import tags_of
from django_microseg.segment.models import Segment, SegmentVersion
from django_microseg.segment.preparation import percent
from django_microseg.segment.rulebook import current
from django_microseg.segment.versions import newest_of
from django_microseg.segment.vocabulary import build_labels
from django_microseg.segment.written import count_people, rule_text, sentence_of

__all__ = ["SegmentAnswers", "moment", "version_fields"]


class SegmentAnswers:
    """Says some segments. Four queries: their versions, the names in sentences, all people, what is in force."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._versions = _versions_of(segments)
        self._labels = build_labels()
        self._people = count_people()
        self._momentary = current().ruleset.momentary

    def answer(self, segment: Segment) -> dict[str, Any]:
        """The segment, with the rule in force and the one that was saved last; often that is the same one."""
        versions = self._versions.get(segment.pk, {})
        live, newest = versions.get(segment.live_version_id or 0), _newest(versions)
        said = {each.pk: version_fields(each, self._labels) for each in (live, newest) if each is not None}
        return {
            "slug": segment.slug,
            "name": segment.name,
            "description": segment.description,
            "folder": segment.folder,
            "tags": list(tags_of(segment.tags)),
            "owner": segment.owner,
            "purpose": segment.purpose,
            "managed_by": segment.managed_by,
            "in_force_from": moment(segment.in_force_from),
            "in_force_until": moment(segment.in_force_until),
            "state": segment.state,
            **self._size(segment),
            "is_momentary": live is not None and live.pk in self._momentary,
            "live": None if live is None else said[live.pk],
            "newest": None if newest is None else said[newest.pk],
            "etag": stamp_of(segment, None if newest is None else newest.number),
        }

    def _size(self, segment: Segment) -> dict[str, Any]:
        size, identified = segment.size, segment.size_identified
        return {
            "size": size,
            "share": None if size is None or not self._people else size / self._people,
            "identified": None if size is None else identified,
            "anonymous": None if size is None or identified is None else size - identified,
            "counted_at": moment(segment.size_at) if size is not None else None,
        }


def version_fields(version: SegmentVersion, labels: Any) -> dict[str, Any]:
    """One version of a rule: as a tree, as text and as a sentence."""
    return {
        "number": version.number,
        "state": version.state,
        "rule": version.rule,
        "text": rule_text(version.rule),
        "sentence": sentence_of(version.rule, labels),
        "author": version.author,
        "note": version.note,
        "approved_by": version.approved_by,
        "approved_at": moment(version.approved_at),
        "created_at": moment(version.created_at),
        "live_from": moment(version.live_from),
        "live_until": moment(version.live_until),
        "prepared_percent": None if version.preparation is None else percent(version.preparation),
    }


def moment(instant: dt.datetime | None) -> str | None:
    """An instant in ISO 8601, UTC."""
    return None if instant is None else instant.isoformat()


def _versions_of(segments: Sequence[Segment]) -> Mapping[int, Mapping[int, SegmentVersion]]:
    """Of each segment the version in force and the one that is edited (`newest_version`), by id, in one query."""
    own = newest_of("segment")
    live = [segment.live_version_id for segment in segments if segment.live_version_id]
    rows = SegmentVersion.objects.filter(segment__in=[segment.pk for segment in segments])
    rows = rows.select_related("preparation")
    found: dict[int, dict[int, SegmentVersion]] = {}
    for version in rows.filter(Q(pk__in=live) | Q(pk=Subquery(own.values("pk")[:1]))):
        found.setdefault(version.segment_id, {})[version.pk] = version
    return found


def _newest(versions: Mapping[int, SegmentVersion]) -> SegmentVersion | None:
    """The draft comes before whatever followed another segment meanwhile."""
    return max(
        versions.values(), key=lambda each: (each.state == SegmentVersion.State.DRAFT, each.number), default=None
    )
