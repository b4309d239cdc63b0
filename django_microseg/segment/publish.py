"""The life of a definition: saved, prepared beside the old one, switched to in one step.

While a new rule is prepared, the ruleset holds both; every profile gets an answer to both, and
only the old one shows. Going live then changes which one shows, in one transaction, so no visitor
ever sees a half-built segment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ..profile.population import POPULATION, latest, settle, store_moved
from .approval import approve_as_operator
from .frozen import end_unneeded
from .membership import write_changes
from .models import Membership, MembershipChange, Segment, SegmentVersion
from .outbox import deliver_after_commit
from .preparation import signs_of_work
from .publication import publish_population, publish_ruleset, references_of
from .refresh import Refreshed, refresh_all
from .rule import PopulationOperand, TraitCondition, conditions_of
from .rulebook import runnable
from .sizes.count import update_sizes
from .uses import InUse, in_use
from .versions import newest_version

__all__ = ["activate", "go_live", "pause", "save_definition", "unused"]

State = SegmentVersion.State


def save_definition(
    segment: Segment,
    rule: Mapping[str, Any],
    *,
    now: dt.datetime,
    author: str = "",
    note: str = "",
    keeps_draft: bool = False,
) -> SegmentVersion:
    """Store a rule (its JSON form) as the segment's draft, in place of the one before; nothing changes yet."""
    if not keeps_draft:
        segment.versions.filter(state=State.DRAFT).update(state=State.DISCARDED)
    last = segment.versions.order_by("-number").values_list("number", flat=True).first()
    return SegmentVersion.objects.create(
        segment=segment, number=(last or 0) + 1, rule=rule, author=author, note=note,
        created_at=now,
    )  # fmt: skip


def activate(
    segments: Iterable[Segment], *, now: dt.datetime, report: Callable[[int], None] = lambda n: None
) -> Refreshed:
    """Put the newest rule of each segment in force, as the operator of the shop: nobody is asked (`launch` asks)."""
    newest = [newest_version(segment) for segment in segments]
    versions = [unused(version, now) for version in newest if version is not None]
    approve_as_operator(versions, now=now)
    return go_live(versions, now=now, report=report)


def unused(version: SegmentVersion, now: dt.datetime) -> SegmentVersion:
    """A version goes live once: snapshots may still name it from the last time."""
    if version.state == State.DRAFT:
        return version
    copy = save_definition(version.segment, version.rule, now=now, author=version.author, note=version.note)
    copy.approved_by, copy.approved_at = version.approved_by, version.approved_at
    copy.save(update_fields=["approved_by", "approved_at"])
    return copy


def go_live(
    versions: Sequence[SegmentVersion],
    *,
    now: dt.datetime,
    report: Callable[[int], None] = lambda n: None,
) -> Refreshed:
    """Prepare versions, and those of segments that use them, for everybody; then switch."""
    if not versions:
        return Refreshed()
    with transaction.atomic():
        chosen = [*versions, *_followers(versions, now)]
        ids = [version.pk for version in chosen]
        _give_up_others([version.segment_id for version in chosen])
        SegmentVersion.objects.filter(pk__in=ids).update(state=State.PREPARING, worked_at=timezone.now())
        _measure_population(chosen, now)
        published = publish_ruleset(now)
    done = refresh_all(now, by="state", older_than=published.ruleset_version, report=signs_of_work(ids, report))
    with transaction.atomic():
        refresh_all(now, by="state", older_than=published.ruleset_version)
        prepared = list(SegmentVersion.objects.filter(pk__in=ids, state=State.PREPARING).select_related("segment"))
        for version in prepared:
            _switch(version, now)
        settle(upto=now, now=now)
        publish_ruleset(now)
        update_sizes(now)
    end_unneeded(prepared, now=now)
    return done


def pause(segment: Segment, *, now: dt.datetime, state: str = Segment.State.PAUSED) -> None:
    """Take a segment out of force: nobody is in it until it is activated again, and what is being prepared gives way.

    Raises `uses.InUse` for one that shall be archived while something goes by it.
    """
    if state == Segment.State.ARCHIVED:
        uses = in_use(segment, now=now)
        if uses:
            raise InUse(uses)
    with transaction.atomic():
        _write_out_of_force(segment, state)
        for version in segment.versions.filter(state__in=[State.LIVE, State.PREPARING]):
            _retire(version, now)
        publish_ruleset(now)


def _write_out_of_force(segment: Segment, state: str) -> None:
    """Only what that concerns. Whatever is archived neither starts nor ends by itself any more."""
    written = ["state", "live_version", "size", "size_at"]
    segment.state = state
    segment.live_version = segment.size = segment.size_at = None
    if state == Segment.State.ARCHIVED:
        segment.in_force_from = segment.in_force_until = None
        written += ["in_force_from", "in_force_until"]
    segment.save(update_fields=written)


def _retire(version: SegmentVersion, now: dt.datetime) -> None:
    members = Membership.objects.filter(definition=version)
    ended = {}
    if version.state == State.LIVE:
        _log(members, version, now, is_entry=False)
        ended = {"live_until": now}
    members.delete()
    SegmentVersion.objects.filter(pk=version.pk).update(state=State.RETIRED, **ended)


def _give_up_others(segments: Sequence[int]) -> None:
    """A version that was being prepared gives way to a newer one, and so does one that a dead process left."""
    others = SegmentVersion.objects.filter(segment__in=segments, state=State.PREPARING)
    Membership.objects.filter(definition__in=others).delete()
    others.update(state=State.RETIRED)


def _followers(versions: Sequence[SegmentVersion], now: dt.datetime) -> list[SegmentVersion]:
    """New versions, same rule, of the active segments that use the changed ones."""
    changed = {version.segment.slug for version in versions}
    waiting = {
        segment.slug: segment
        for segment in Segment.objects.filter(state=Segment.State.ACTIVE)
        .exclude(live_version=None)
        .select_related("live_version")
        if segment.slug not in changed
    }
    found: list[SegmentVersion] = []
    while True:
        following = [s for s in waiting.values() if references_of(_rule(s)) & changed]
        if not following:
            return found
        for segment in following:
            note = "follows a segment that it uses"
            found.append(save_definition(segment, _rule(segment), now=now, note=note, keeps_draft=True))
            changed.add(segment.slug)
            del waiting[segment.slug]


def _rule(segment: Segment) -> Mapping[str, Any]:
    assert segment.live_version is not None
    rule: Mapping[str, Any] = segment.live_version.rule
    return rule


def _measure_population(versions: Iterable[SegmentVersion], now: dt.datetime) -> None:
    """A rule that compares with everybody needs a figure to compare with from the start."""
    names = {
        condition.value.name
        for version in versions
        for condition in conditions_of(runnable(version.rule))
        if isinstance(condition, TraitCondition)
        and isinstance(condition.value, PopulationOperand)
        and condition.value.name in POPULATION
    }
    missing = names - latest(names).keys()
    if missing:
        moved = store_moved(missing, now)
        publish_population({each.name: each.new for each in moved}, now=now)


def _switch(version: SegmentVersion, now: dt.datetime) -> None:
    segment, old = version.segment, version.segment.live_version
    new_members = Membership.objects.filter(definition=version)
    old_members = Membership.objects.filter(definition=old) if old else Membership.objects.none()
    _keep_since(new_members, old_members)
    _log(new_members.filter(~_also_in(old_members)), version, now, is_entry=True)
    _log(old_members.filter(~_also_in(new_members)), version, now, is_entry=False)
    old_members.delete()
    if old is not None and old.pk != version.pk:
        SegmentVersion.objects.filter(pk=old.pk).update(state=State.RETIRED, live_until=now)
    version.state, version.live_from, version.live_until = State.LIVE, now, None
    version.save(update_fields=["state", "live_from", "live_until"])
    segment.state, segment.live_version = Segment.State.ACTIVE, version
    segment.save(update_fields=["state", "live_version"])


def _also_in(members: QuerySet[Membership]) -> Q:
    return Q(Exists(members.filter(profile_id=OuterRef("profile_id"))))


def _keep_since(new: QuerySet[Membership], old: QuerySet[Membership]) -> None:
    """Who was in before and still is, is in since then."""
    before = old.filter(profile_id=OuterRef("profile_id")).values("since")[:1]
    new.filter(_also_in(old)).update(since=Subquery(before))


def _log(members: QuerySet[Membership], version: SegmentVersion, now: dt.datetime, *, is_entry: bool) -> None:
    profiles = members.values_list("profile_id", flat=True).order_by("profile_id")
    rows = [(profile, version.segment_id, version.pk, is_entry) for profile in profiles]
    cause = MembershipChange.Cause.DEFINITION
    deliver_after_commit(write_changes(rows, cause=cause, now=now))
