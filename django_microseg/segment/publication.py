"""What is in force, written into one row that every web process can read at once.

Each change raises the row's version within the transaction that makes the change, so a process
that knows an older version knows that it is behind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from ..profile.population import latest
from .models import Publication, Segment, SegmentVersion
from .rule import PopulationOperand, SegmentCondition, TraitCondition, conditions_of
from .rulebook import runnable

__all__ = [
    "hold_publication",
    "hold_segments",
    "is_referred_to",
    "publish_experiences",
    "publish_offers",
    "publish_population",
    "publish_ruleset",
    "publish_start",
    "publish_stop",
    "references_of",
]


def hold_segments(ids: Iterable[int]) -> None:
    """Until the transaction ends nobody else brings these into force or takes them out. The publication comes after."""
    list(Segment.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def hold_publication() -> None:
    """Until the transaction ends nobody else changes what is in force.

    So that nobody waits for one another in a circle: rows of segments are locked before, all others after.
    """
    _locked_row()


def is_referred_to(slug: str) -> bool:
    """Whether a rule in force, or one that is being prepared, asks for this segment; by what was published last."""
    return any(slug in entry["references"] for entry in _locked_row().ruleset.get("definitions", []))


def publish_ruleset(now: dt.datetime) -> Publication:
    """Write the active definitions, and those being prepared, into the publication."""
    with transaction.atomic():
        row = _locked_row()
        row.ruleset = {"definitions": _entries(), "population": {}}
        row.ruleset["population"] = {
            name: list(ratio) for name, ratio in latest(_population_names(row.ruleset)).items()
        }
        row.ruleset_version = row.version + 1
        return _bump(row, now)


def publish_population(values: Mapping[str, tuple[int, int]], *, now: dt.datetime) -> Publication:
    """Put new versions of population facts in force."""
    with transaction.atomic():
        row = _locked_row()
        known = row.ruleset.get("population", {})
        row.ruleset = {
            **row.ruleset,
            "population": {**known, **{name: list(ratio) for name, ratio in values.items()}},
        }
        return _bump(row, now)


def publish_experiences(experiences: list[dict[str, Any]], *, now: dt.datetime) -> Publication:
    """Put a new list of live experiences in force."""
    with transaction.atomic():
        row = _locked_row()
        row.experiences = experiences
        return _bump(row, now)


def publish_offers(offers: list[dict[str, Any]], *, now: dt.datetime) -> Publication:
    """Put a new list of live offers in force."""
    with transaction.atomic():
        row = _locked_row()
        row.offers = offers
        return _bump(row, now)


def publish_stop(*, by: str, note: str, now: dt.datetime) -> Publication:
    """Stop personalisation for everybody. Stopping it again keeps since when it is stopped."""
    with transaction.atomic():
        row = _locked_row()
        if not row.is_stopped:
            row.is_stopped, row.stopped_at = True, now
        row.stopped_by, row.stop_note = by, note
        return _bump(row, now)


def publish_start(*, now: dt.datetime) -> Publication:
    """Personalisation is for everybody again."""
    with transaction.atomic():
        row = _locked_row()
        row.is_stopped, row.stopped_at, row.stopped_by, row.stop_note = False, None, "", ""
        return _bump(row, now)


def references_of(rule: Mapping[str, Any]) -> frozenset[str]:
    """The slugs of the segments that a stored rule refers to."""
    return frozenset(c.slug for c in conditions_of(runnable(rule)) if isinstance(c, SegmentCondition))


def _locked_row() -> Publication:
    row, _ = Publication.objects.select_for_update().get_or_create(pk=1)
    return row


def _bump(row: Publication, now: dt.datetime) -> Publication:
    row.version += 1
    row.published_at = now
    row.save()
    return row


def _entries() -> list[dict[str, Any]]:
    live = SegmentVersion.objects.filter(
        state=SegmentVersion.State.LIVE, segment__state=Segment.State.ACTIVE, segment__live_version__isnull=False
    )
    preparing = SegmentVersion.objects.filter(state=SegmentVersion.State.PREPARING)
    by_slug = {v.segment.slug: v for v in live.select_related("segment").order_by("pk")}
    coming = {v.segment.slug: v for v in preparing.select_related("segment").order_by("pk")}
    return [
        *(_entry(version, by_slug, is_live=True) for version in by_slug.values()),
        *(_entry(version, {**by_slug, **coming}, is_live=False) for version in coming.values()),
    ]


def _entry(version: SegmentVersion, known: Mapping[str, SegmentVersion], *, is_live: bool) -> dict[str, Any]:
    slugs: Iterable[str] = references_of(version.rule)
    return {
        "id": version.pk,
        "segment": version.segment_id,
        "slug": version.segment.slug,
        "rule": version.rule,
        "references": {slug: known[slug].pk for slug in sorted(slugs) if slug in known},
        "is_live": is_live,
    }


def _population_names(ruleset: Mapping[str, Any]) -> set[str]:
    return {
        condition.value.name
        for entry in ruleset["definitions"]
        for condition in conditions_of(runnable(entry["rule"]))
        if isinstance(condition, TraitCondition) and isinstance(condition.value, PopulationOperand)
    }
