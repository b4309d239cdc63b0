"""Putting a version in force on somebody's word: only what was shown, only if nothing speaks against it, and only once.

Comes in: the segment, what the person saw, and which objections they passed. Goes out: how many really came in and
left. Refuses what is stale, and what somebody else is putting in force at this moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .frozen import forget_list, is_frozen, list_of
from .models import MembershipChange, Segment, SegmentVersion
from .objections import Objection, objections_to, standing
from .preparation import is_at_work
from .publish import go_live, save_definition, unused
from .versions import candidate_of, newest_version
from .written import rule_text

__all__ = [
    "NotBroughtBack",
    "Objected",
    "Shown",
    "Stale",
    "Switched",
    "bring_back",
    "discard",
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


def put_in_force(segment: Segment, *, shown: Shown, acknowledged: Collection[str] = (), now: dt.datetime) -> Switched:
    """Put the waiting version in force. Raises `Stale` or `Objected`, and then nothing has changed."""
    with transaction.atomic():
        version = _claimed(segment.pk, shown, frozenset(acknowledged), now)
    go_live([version], now=now)
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
