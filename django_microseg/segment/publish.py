"""The life of a definition: saved, prepared beside the old one, switched to in one step.

While a new rule is prepared, the ruleset holds both; every profile gets an answer to both, and
only the old one shows. Going live then changes which one shows, in one transaction, so no visitor
ever sees a half-built segment.

`begin` says what is to go live, `go_on` asks everybody, for as long as it is told to, and switches when all
have been asked. `go_live` does both; a sweep goes on with what nobody else does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ..profile.population import POPULATION, latest, settle, store_moved
from .approval import approve_as_operator
from .frozen import end_unneeded
from .membership import write_changes
from .models import Membership, MembershipChange, Preparation, Segment, SegmentVersion
from .outbox import deliver_after_commit
from .preparation import Work, clear
from .publication import (
    hold_publication,
    hold_segments,
    is_referred_to,
    publish_population,
    publish_ruleset,
    references_of,
)
from .refresh import Refreshed, refresh_all
from .rule import PopulationOperand, TraitCondition, conditions_of
from .rulebook import runnable
from .sizes.count import update_sizes
from .uses import InUse, in_use
from .versions import newest_version

__all__ = ["activate", "begin", "give_up", "go_live", "go_on", "pause", "save_definition", "unused"]

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
    segments: Iterable[Segment],
    *,
    now: dt.datetime,
    seconds: float | None = None,
    report: Callable[[int], None] = lambda n: None,
) -> Refreshed:
    """Put the newest rule of each segment in force, as the operator of the shop: nobody is asked (`launch` asks).

    Works on it for about so many ``seconds``, None: until it is done; sweeps go on with the rest.
    """
    newest = [newest_version(segment) for segment in segments]
    versions = [unused(version, now) for version in newest if version is not None]
    approve_as_operator(versions, now=now)
    return go_live(versions, now=now, seconds=seconds, report=report)


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
    seconds: float | None = None,
    report: Callable[[int], None] = lambda n: None,
) -> Refreshed:
    """Prepare versions, and those of segments that use them, for everybody; then switch. As long as `go_on` does."""
    return go_on(begin(versions, now=now), now=now, seconds=seconds, report=report) if versions else Refreshed()


def begin(versions: Sequence[SegmentVersion], *, now: dt.datetime) -> Preparation:
    """From now on who is looked at is asked for these as well. The caller has it in hand, as if by `take`."""
    with transaction.atomic():
        _hold(version.segment_id for version in versions)
        chosen = _all_that_go_together(versions, now)
        return _begin(chosen, now)


def _begin(chosen: Sequence[SegmentVersion], now: dt.datetime) -> Preparation:
    before = {version.preparation_id for version in chosen if version.preparation_id} | _give_up_others(chosen)
    _measure_population(chosen, now)
    preparation = Preparation.objects.create(ruleset_version=0, worked_at=timezone.now())
    ids = [version.pk for version in chosen]
    SegmentVersion.objects.filter(pk__in=ids).update(state=State.PREPARING, preparation=preparation)
    clear(before)
    preparation.ruleset_version = publish_ruleset(now).ruleset_version
    preparation.save(update_fields=["ruleset_version"])
    return preparation


def go_on(
    preparation: Preparation,
    *,
    now: dt.datetime,
    seconds: float | None = None,
    most: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    report: Callable[[int], None] = lambda n: None,
) -> Refreshed:
    """Ask everybody who has not been asked, for about so long or until ``most`` were; and switch when all have been.

    For whoever has the preparation in hand. One that is over by now is left alone.
    """
    work = Work(preparation, seconds=seconds, most=most, should_stop=should_stop, report=report)
    try:
        done = refresh_all(
            now,
            by="state",
            older_than=preparation.ruleset_version,
            after=preparation.reached,
            goes_on=work.goes_on,
        )
        if not work.is_cut_short:
            _finish(preparation, now)
    except BaseException:
        with suppress(DatabaseError):  # the sign is worth less than the error that led here
            work.leave()
        raise
    work.leave()
    return done


def _finish(preparation: Preparation, now: dt.datetime) -> None:
    """Switch to what of it is still wanted."""
    with transaction.atomic():
        _hold(preparation.versions.values_list("segment_id", flat=True))
        mine = Preparation.objects.select_for_update().filter(pk=preparation.pk).first()
        if mine is None:
            return
        refresh_all(now, by="state", older_than=mine.ruleset_version)  # those who came meanwhile
        prepared = list(mine.versions.filter(state=State.PREPARING).select_related("segment"))
        for version in prepared:
            _switch(version, now)
        mine.delete()
        settle(upto=now, now=now)
        publish_ruleset(now)
        update_sizes(now)
    end_unneeded(prepared, now=now)


def _hold(segments: Iterable[int]) -> None:
    """Until the transaction ends nobody else brings these into force or takes them out."""
    hold_segments(list(segments))
    hold_publication()


def pause(segment: Segment, *, now: dt.datetime, state: str = Segment.State.PAUSED) -> None:
    """Take a segment out of force: nobody is in it until it is activated again, and what is being prepared gives way.

    Raises `uses.InUse` for one that shall be archived while something goes by it.
    """
    if state == Segment.State.ARCHIVED:
        uses = in_use(segment, now=now)
        if uses:
            raise InUse(uses)
    with transaction.atomic():
        _hold([segment.pk])
        _write_out_of_force(segment, state)
        given_up = list(segment.versions.filter(state__in=[State.LIVE, State.PREPARING]))
        for version in given_up:
            _retire(version, now)
        clear([version.preparation_id for version in given_up if version.preparation_id])
        _publish_without(segment.slug, now)


def give_up(version: SegmentVersion, *, now: dt.datetime) -> bool:
    """Stop preparing it; what was in force stays in force. False if it is not being prepared any more."""
    with transaction.atomic():
        _hold([version.segment_id])
        rows = SegmentVersion.objects.filter(pk=version.pk, state=State.PREPARING)
        row = rows.select_related("segment__live_version").first()
        if row is None:
            return False
        _retire(row, now, state=State.DISCARDED)
        clear([row.preparation_id] if row.preparation_id else [])
        segment = row.segment
        # What is in force may have to follow a segment that has changed meanwhile, as its new rule would have done.
        is_asking = segment.state == Segment.State.ACTIVE and segment.live_version and references_of(_rule(segment))
        _publish_without(segment.slug, now, [_following(segment, now)] if is_asking else [])
    return True


def _publish_without(slug: str, now: dt.datetime, versions: Sequence[SegmentVersion] = ()) -> None:
    """A segment, or a rule of it, is gone. Whatever asks for it, and these, are asked anew, by the next sweep."""
    is_concerning = versions or is_referred_to(slug)
    chosen = _all_that_go_together(versions, now, gone={slug}) if is_concerning else []
    if not chosen:
        publish_ruleset(now)
        return
    Preparation.objects.filter(pk=_begin(chosen, now).pk).update(is_free=True)


def _write_out_of_force(segment: Segment, state: str) -> None:
    """Only what that concerns. Whatever is archived neither starts nor ends by itself any more."""
    written = ["state", "live_version", "size", "size_at"]
    segment.state = state
    segment.live_version = segment.size = segment.size_at = None
    if state == Segment.State.ARCHIVED:
        segment.in_force_from = segment.in_force_until = None
        written += ["in_force_from", "in_force_until"]
    segment.save(update_fields=written)


def _retire(version: SegmentVersion, now: dt.datetime, state: str = State.RETIRED) -> None:
    members = Membership.objects.filter(definition=version)
    ended = {}
    if version.state == State.LIVE:
        _log(members, version, now, is_entry=False)
        ended = {"live_until": now}
    members.delete()
    SegmentVersion.objects.filter(pk=version.pk).update(state=state, preparation=None, **ended)


def _give_up_others(versions: Sequence[SegmentVersion]) -> set[int]:
    """A version that was being prepared gives way to a newer one. Returns the preparations of those."""
    segments = [version.segment_id for version in versions]
    others = SegmentVersion.objects.filter(segment__in=segments, state=State.PREPARING).exclude(
        pk__in=[version.pk for version in versions]
    )
    before = set(others.exclude(preparation=None).values_list("preparation_id", flat=True))
    Membership.objects.filter(definition__in=others).delete()
    others.update(state=State.RETIRED, preparation=None)
    return before


def _all_that_go_together(
    versions: Sequence[SegmentVersion], now: dt.datetime, *, gone: Set[str] = frozenset()
) -> list[SegmentVersion]:
    """These; new versions, same rule, of the active segments that use them, or one that is gone; and what is being
    prepared already and has to do with any of these, with all that goes live together with it: everybody is asked anew
    for that.
    """
    chosen = {version.segment.slug: version for version in versions}
    in_force = _in_force()
    coming = [version for version in _coming() if version.segment.slug not in chosen]
    while True:
        touched = chosen.keys() | gone
        joined = {each.preparation_id for each in coming if _has_to_do(each, touched, chosen, in_force)}
        found = {each.segment.slug: each for each in coming if each.preparation_id in joined}
        found = {slug: each for slug, each in found.items() if slug not in chosen}
        following = [
            segment
            for slug, segment in in_force.items()
            if slug not in chosen and slug not in found and references_of(_rule(segment)) & touched
        ]
        for segment in following:
            found[segment.slug] = _following(segment, now)
        if not found:
            return list(chosen.values())
        chosen |= found


def _following(segment: Segment, now: dt.datetime) -> SegmentVersion:
    note = "follows a segment that it uses"
    return save_definition(segment, _rule(segment), now=now, note=note, keeps_draft=True)


def _has_to_do(
    coming: SegmentVersion,
    touched: Set[str],
    chosen: Mapping[str, SegmentVersion],
    in_force: Mapping[str, Segment],
) -> bool:
    """Whether one of the two asks for the other, or what is in force of it would have to follow."""
    slug = coming.segment.slug
    rules = [coming.rule, *([_rule(in_force[slug])] if slug in in_force else [])]
    asks = any(references_of(rule) & touched for rule in rules)
    return asks or any(slug in references_of(version.rule) for version in chosen.values())


def _coming() -> list[SegmentVersion]:
    rows = SegmentVersion.objects.filter(state=State.PREPARING).exclude(preparation=None)
    return list(rows.select_related("segment").order_by("pk"))


def _in_force() -> dict[str, Segment]:
    rows = Segment.objects.filter(state=Segment.State.ACTIVE).exclude(live_version=None)
    return {segment.slug: segment for segment in rows.select_related("live_version").order_by("pk")}


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
