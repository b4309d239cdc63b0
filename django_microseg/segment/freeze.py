"""Freezing a segment: who is in it now stays in it, and nobody joins; and the way back to its rule.

Comes in: a segment in force. Goes out: a draft, which goes live like any other. Refuses a segment that has nobody to
keep, one that is frozen already, and one with a draft that waits for a decision.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from ..profile.fact_catalogue import list_name
from ..profile.lists import drop_lists, write_list
from .frozen import frozen_rule, is_frozen
from .models import Membership, Segment, SegmentVersion
from .publish import save_definition
from .rulebook import shop_zone
from .versions import candidate_of

__all__ = ["NotFrozen", "freeze", "rule_before", "unfreeze"]

State = SegmentVersion.State


class NotFrozen(ValueError):
    """The segment cannot be frozen, or brought back to its rule; the sentence says why."""


def freeze(segment: Segment, *, now: dt.datetime, author: str = "", note: str = "") -> SegmentVersion:
    """Note who is in the segment, and save a draft that goes by that. Raises `NotFrozen`.

    Until all are noted the draft is unfinished, and an objection keeps it from going live.
    """
    version, members = _begun(segment.pk, now, author, note)
    write_list(version.rule["rule"]["fact"], members, value=version.rule["rule"]["value"], now=now)
    version.worked_at = None
    version.save(update_fields=["worked_at"])
    return version


def unfreeze(segment: Segment, *, now: dt.datetime, author: str = "", note: str = "") -> SegmentVersion:
    """Save the rule from before the freezing as a draft; the list ends when that goes live. Raises `NotFrozen`."""
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(pk=segment.pk)
        before = rule_before(segment)
        if not is_frozen(segment.live_version) or before is None:
            raise NotFrozen(_("It is not frozen, so there is nothing to take back."))
        _refuse_waiting(segment)
        return save_definition(segment, before.rule, now=now, author=author, note=note)


def rule_before(segment: Segment) -> SegmentVersion | None:
    """The last version in force that goes by a rule."""
    past = segment.versions.exclude(live_from=None).order_by("-number")
    return next((version for version in past if not is_frozen(version)), None)


def _begun(segment_id: int, now: dt.datetime, author: str, note: str) -> tuple[SegmentVersion, list[int]]:
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(pk=segment_id)
        if segment.state != Segment.State.ACTIVE or segment.live_version is None:
            raise NotFrozen(_("It is not in force, so nobody is in it. Put a rule in force first."))
        if is_frozen(segment.live_version):
            raise NotFrozen(_("It is frozen already."))
        _refuse_waiting(segment)
        last = segment.versions.order_by("-number").values_list("number", flat=True).first() or 0
        name = list_name(segment.pk, last + 1)
        drop_lists([name])
        rule = frozen_rule(name, now.astimezone(shop_zone()).date())
        version = save_definition(segment, rule, now=now, author=author, note=note)
        version.worked_at = now
        version.save(update_fields=["worked_at"])
        members = Membership.objects.filter(definition=segment.live_version).order_by("profile_id")
        return version, list(members.values_list("profile_id", flat=True))


def _refuse_waiting(segment: Segment) -> None:
    if candidate_of(segment) is not None:
        raise NotFrozen(_("A draft waits for a decision. Put it in force or discard it first."))
