"""Putting a version in force on somebody's word: only what was shown, only if nothing speaks against it, and only once.

Comes in: the segment, what the person saw, and which objections they passed. Goes out: how many really came in and
left, or how far it has come where looking at everybody takes longer than anybody waits: then the next sweep goes on, or
whoever asks again. Refuses what is stale, and what somebody else is putting in force at this moment.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from .errors import InvalidRule
from .frozen import forget_list, is_frozen, list_of
from .models import MembershipChange, Preparation, Segment, SegmentVersion
from .objections import Objection, objections_to, standing
from .preparation import percent, take
from .publication import hold_publication, hold_segments, references_of
from .publish import begin, give_up, go_on, save_definition, unused
from .versions import candidate_of, newest_version
from .vocabulary import segment_uses
from .written import rule_text

__all__ = [
    "PATIENCE_SECONDS",
    "NotBroughtBack",
    "Objected",
    "Outcome",
    "Shown",
    "Stale",
    "Switched",
    "Underway",
    "bring_back",
    "discard",
    "put_all_in_force",
    "put_in_force",
    "switched",
]

State = SegmentVersion.State
#: Nobody waits longer for an answer; web servers give up after half a minute.
PATIENCE_SECONDS = 8.0


class Stale(ValueError):
    """What was shown is not what would happen any more."""


class NotBroughtBack(ValueError):
    """The rule of this version is not made the draft again."""


class Objected(ValueError):
    """Something speaks against it that was not acknowledged."""

    def __init__(self, objections: tuple[Objection, ...]) -> None:
        super().__init__(" ".join(each.text for each in objections))
        self.objections = objections


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody was shown: the version that would go live, and the one that was in force then. What starts by
    itself does so only while the start that a sweep has seen still stands.
    """

    version_id: int | None
    live_id: int | None
    start: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Switched:
    """How many came in and left when a version went live."""

    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Underway:
    """So many of a hundred people have been looked at. What was in force before is in force until all have been."""

    percent: int


Outcome: TypeAlias = Switched | Underway | Stale | Objected
_Claim: TypeAlias = tuple[SegmentVersion, Preparation | None]
_T = TypeVar("_T")


def put_in_force(
    segment: Segment,
    *,
    shown: Shown,
    acknowledged: Collection[str] = (),
    now: dt.datetime,
    seconds: float | None = None,
) -> Switched | Underway:
    """Put the waiting version in force, or go on with that for about so long; None: as long as anybody waits.

    Raises `Stale` or `Objected`, and then nothing has changed.
    """
    with transaction.atomic():
        version, preparation = _claimed(segment.pk, shown, frozenset(acknowledged), now)
        if preparation is None:
            preparation = begin([version], now=now)
    go_on(preparation, now=now, seconds=PATIENCE_SECONDS if seconds is None else seconds)
    return _arrived(segment, version)


def put_all_in_force(chosen: Mapping[Segment, Shown], *, now: dt.datetime) -> dict[Segment, Outcome]:
    """Each that nothing speaks against, as `put_in_force` does, with what became of it or why not.

    Everybody is looked at once for all rules that have nothing to do with other segments. What names another one, or is
    named by one in force, comes after those and by itself, because it is judged by what is in force then.
    """
    used = frozenset().union(*segment_uses().values())
    rows = sorted(chosen, key=lambda segment: segment.pk)
    alone = {row: chosen[row] for row in rows if row.slug not in used and not _names_others(row)}
    ends = time.monotonic() + PATIENCE_SECONDS
    done = _put_together(alone, now)
    for segment in rows:
        if segment not in alone:
            seconds = max(0.0, ends - time.monotonic())
            done[segment] = _tried(partial(put_in_force, segment, shown=chosen[segment], now=now, seconds=seconds))
    return done


def _put_together(chosen: Mapping[Segment, Shown], now: dt.datetime) -> dict[Segment, Outcome]:
    """All are marked, or none if it fails midway; then they are prepared beside one another."""
    if not chosen:
        return {}
    preparations = []
    with transaction.atomic():
        hold_segments([row.pk for row in chosen])
        marked = {row: _tried(partial(_claimed_alone, row.pk, shown, now)) for row, shown in chosen.items()}
        claims = [found for found in marked.values() if isinstance(found, tuple)]
        preparations += [preparation for _version, preparation in claims if preparation is not None]
        fresh = [version for version, preparation in claims if preparation is None]
        if fresh:
            preparations.append(begin(fresh, now=now))
    for preparation in preparations:
        go_on(preparation, now=now, seconds=PATIENCE_SECONDS)
    return {
        row: _tried(partial(_arrived, row, found[0])) if isinstance(found, tuple) else found
        for row, found in marked.items()
    }


def _claimed_alone(segment_id: int, shown: Shown, now: dt.datetime) -> _Claim:
    with transaction.atomic():
        return _claimed(segment_id, shown, frozenset(), now)


def _tried(attempt: Callable[[], _T]) -> _T | Stale | Objected:
    try:
        return attempt()
    except (Stale, Objected) as error:
        return error


def _names_others(segment: Segment) -> bool:
    version = candidate_of(segment)
    try:
        return version is None or bool(references_of(version.rule))
    except InvalidRule:
        return True


def _arrived(segment: Segment, version: SegmentVersion) -> Switched | Underway:
    """What the switch changed, if it is this version that is in force now; or how far it has come."""
    segment.refresh_from_db()
    version = SegmentVersion.objects.select_related("preparation").get(pk=version.pk)
    if segment.live_version_id == version.pk and version.live_from is not None:
        return switched(segment, now=version.live_from)
    if version.state == State.PREPARING and version.preparation is not None:
        return Underway(percent(version.preparation))
    raise Stale(_("It was paused meanwhile, or another version went live, so this one is not in force."))


def switched(segment: Segment, *, now: dt.datetime) -> Switched:
    """What the switch at this instant has changed."""
    changes = MembershipChange.objects.filter(
        segment=segment, changed_at=now, cause=MembershipChange.Cause.DEFINITION
    ).aggregate(entered=Count("pk", filter=Q(is_entry=True)), left=Count("pk", filter=Q(is_entry=False)))
    return Switched(changes["entered"], changes["left"])


def discard(segment: Segment, *, version_id: int, now: dt.datetime) -> bool:
    """Give up a draft, or what is being prepared. False if it is neither any more."""
    version = SegmentVersion.objects.filter(segment=segment, pk=version_id).first()
    if version is None:
        return False
    drafts = SegmentVersion.objects.filter(pk=version_id, state=State.DRAFT)
    if not drafts.update(state=State.DISCARDED) and not give_up(version, now=now):
        return False
    name = list_of(version.rule)
    if name is not None:
        forget_list(segment, name)
    return True


def bring_back(
    segment: Segment, past: SegmentVersion | None, *, author: str, now: dt.datetime, note: str = ""
) -> SegmentVersion:
    """Make the rule of an earlier version the draft. Raises `NotBroughtBack`.

    Whether the shop can still use the rule is judged when it is to go live, as of any draft.
    """
    newest = newest_version(segment)
    if past is None or not rule_text(past.rule):
        raise NotBroughtBack(_("There is no such version, or its rule can no longer be read."))
    if is_frozen(past):
        raise NotBroughtBack(_("That list has ended. Freeze the segment again to keep who is in it now."))
    if newest is not None and newest.rule == past.rule:
        raise NotBroughtBack(_("The newest rule of this segment is the same as that one."))
    return save_definition(segment, past.rule, now=now, author=author, note=note or _("as version %s") % past.number)


def _claimed(segment_id: int, shown: Shown, acknowledged: frozenset[str], now: dt.datetime) -> _Claim:
    """The version, marked so that nobody else takes it; one that has been in force before is copied.

    With its preparation, if it is being prepared already and nobody else is at work on it; that is in hand then.
    """
    segment = Segment.objects.select_for_update().get(pk=segment_id)
    version = candidate_of(segment)
    _refuse_stale(segment, version, shown)
    assert version is not None
    if version.state == State.PREPARING and version.preparation is not None:
        if not take(version.preparation):
            raise Stale(_("It is being put in force at this moment. Wait until that is done, then look again."))
        return version, version.preparation
    objections = standing(objections_to(version, now=now), acknowledged)
    if objections:
        raise Objected(objections)
    hold_publication()
    version = unused(version, now)
    mine = SegmentVersion.objects.filter(pk=version.pk, state=State.DRAFT)
    if not mine.update(state=State.PREPARING):
        raise Stale(_("Somebody else discarded it meanwhile, or puts it in force at this moment. Look again."))
    return version, None


def _refuse_stale(segment: Segment, version: SegmentVersion | None, shown: Shown) -> None:
    if segment.live_version_id != shown.live_id:
        raise Stale(_("Another version went live meanwhile, so what you were shown is no longer true. Look again."))
    if version is None or version.pk != shown.version_id:
        raise Stale(_("The draft was changed or discarded meanwhile, so what you were shown is out of date."))
    if shown.start is not None and segment.in_force_from != shown.start:
        raise Stale(_("Its start was moved or crossed out meanwhile."))
