"""Putting a version in force on somebody's word: only what was shown, only if nothing speaks against it, and only once.

Comes in: the segment, what the person saw, and which objections they passed. Goes out: how many really came in and
left. Refuses what is stale, and what somebody else is putting in force at this moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .errors import InvalidRule
from .frozen import forget_list, is_frozen, list_of
from .models import MembershipChange, Segment, SegmentVersion
from .objections import Objection, objections_to, standing
from .preparation import is_at_work
from .publication import references_of
from .publish import go_live, save_definition, unused
from .versions import candidate_of, newest_version
from .vocabulary import segment_uses
from .written import rule_text

__all__ = [
    "NotBroughtBack",
    "Objected",
    "Outcome",
    "Shown",
    "Stale",
    "Switched",
    "bring_back",
    "discard",
    "put_all_in_force",
    "put_in_force",
    "switched",
]

State = SegmentVersion.State


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


Outcome: TypeAlias = Switched | Stale | Objected
_T = TypeVar("_T")


def put_in_force(segment: Segment, *, shown: Shown, acknowledged: Collection[str] = (), now: dt.datetime) -> Switched:
    """Put the waiting version in force. Raises `Stale` or `Objected`, and then nothing has changed."""
    with transaction.atomic():
        version = _claimed(segment.pk, shown, frozenset(acknowledged), now)
    go_live([version], now=now)
    return _arrived(segment, version, now)


def put_all_in_force(chosen: Mapping[Segment, Shown], *, now: dt.datetime) -> dict[Segment, Outcome]:
    """Each that nothing speaks against, as `put_in_force` does, with what became of it or why not.

    Everybody is looked at once for all rules that have nothing to do with other segments. What names another one, or is
    named by one in force, comes after those and by itself, because it is judged by what is in force then.
    """
    used = frozenset().union(*segment_uses().values())
    rows = sorted(chosen, key=lambda segment: segment.pk)
    alone = {row: chosen[row] for row in rows if row.slug not in used and not _names_others(row)}
    done = _put_together(alone, now)
    for segment in rows:
        if segment not in alone:
            done[segment] = _tried(partial(put_in_force, segment, shown=chosen[segment], now=now))
    return done


def _put_together(chosen: Mapping[Segment, Shown], now: dt.datetime) -> dict[Segment, Outcome]:
    """All are marked, or none if it fails midway; then they are prepared beside one another."""
    with transaction.atomic():
        marked = {row: _tried(partial(_claimed_alone, row.pk, shown, now)) for row, shown in chosen.items()}
    go_live([found for found in marked.values() if isinstance(found, SegmentVersion)], now=now)
    return {
        row: _tried(partial(_arrived, row, found, now)) if isinstance(found, SegmentVersion) else found
        for row, found in marked.items()
    }


def _claimed_alone(segment_id: int, shown: Shown, now: dt.datetime) -> SegmentVersion:
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


def _arrived(segment: Segment, version: SegmentVersion, now: dt.datetime) -> Switched:
    """What the switch changed, if it is this version that is in force now."""
    segment.refresh_from_db()
    if segment.live_version_id != version.pk:
        raise Stale(_("It was paused meanwhile, or another version went live, so this one is not in force."))
    return switched(segment, now=now)


def switched(segment: Segment, *, now: dt.datetime) -> Switched:
    """What the switch at this instant has changed."""
    changes = MembershipChange.objects.filter(
        segment=segment, changed_at=now, cause=MembershipChange.Cause.DEFINITION
    ).aggregate(entered=Count("pk", filter=Q(is_entry=True)), left=Count("pk", filter=Q(is_entry=False)))
    return Switched(changes["entered"], changes["left"])


def discard(segment: Segment, *, version_id: int) -> bool:
    """Give up a draft. False if it is no draft any more."""
    drafts = SegmentVersion.objects.filter(segment=segment, pk=version_id, state=State.DRAFT)
    if not drafts.update(state=State.DISCARDED):
        return False
    name = list_of(SegmentVersion.objects.get(pk=version_id).rule)
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


def _claimed(segment_id: int, shown: Shown, acknowledged: frozenset[str], now: dt.datetime) -> SegmentVersion:
    """The version, marked so that nobody else takes it; one that has been in force before is copied."""
    segment = Segment.objects.select_for_update().get(pk=segment_id)
    version = candidate_of(segment)
    _refuse_stale(segment, version, shown)
    assert version is not None
    objections = standing(objections_to(version, now=now), acknowledged)
    if objections:
        raise Objected(objections)
    version = unused(version, now)
    mine = SegmentVersion.objects.filter(pk=version.pk, state=State.DRAFT)
    if not mine.update(state=State.PREPARING, worked_at=timezone.now()):
        raise Stale(_("Somebody else discarded it meanwhile, or puts it in force at this moment. Look again."))
    return version


def _refuse_stale(segment: Segment, version: SegmentVersion | None, shown: Shown) -> None:
    if segment.live_version_id != shown.live_id:
        raise Stale(_("Another version went live meanwhile, so what you were shown is no longer true. Look again."))
    if version is None or version.pk != shown.version_id:
        raise Stale(_("The draft was changed or discarded meanwhile, so what you were shown is out of date."))
    if shown.start is not None and segment.in_force_from != shown.start:
        raise Stale(_("Its start was moved or crossed out meanwhile."))
    if is_at_work(version):
        raise Stale(_("It is being put in force at this moment. Wait until that is done, then look again."))
