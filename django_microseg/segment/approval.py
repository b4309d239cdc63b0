"""Four eyes: with ``MICROSEG["APPROVAL"]`` a version goes live only after somebody else than its author approved it.

An approval is of one version: another rule is another version and needs its own. Commands act as the operator, which
the version then says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from .. import conf
from .models import SegmentVersion
from .objections import Objection, judge

__all__ = ["OPERATOR", "NotApproved", "approve", "approve_as_operator", "is_wanted", "may_approve"]

#: Who approves what a command puts in force.
OPERATOR = "operator"


class NotApproved(ValueError):
    """This user cannot approve this version."""


def is_wanted() -> bool:
    """Whether this shop asks for approval."""
    return bool(conf.get("APPROVAL"))


def may_approve(version: SegmentVersion, by: str) -> bool:
    """Whether the version waits for an approval, and this user did not write it. Files are approved where they are."""
    is_waiting = is_wanted() and not version.approved_by and not version.segment.managed_by
    return is_waiting and version.author != by


def approve(version: SegmentVersion, *, by: str, now: dt.datetime) -> None:
    """Record who approved a version. Raises `NotApproved` for its author, and for what is no draft any more."""
    waiting = SegmentVersion.objects.filter(pk=version.pk, approved_by="", segment__managed_by="").exclude(author=by)
    states = [SegmentVersion.State.LIVE, SegmentVersion.State.DISCARDED]
    if not by or not waiting.exclude(state__in=states).update(approved_by=by, approved_at=now):
        raise NotApproved(_("It was not approved: it is yours, or it was decided on meanwhile."))


def approve_as_operator(versions: Iterable[SegmentVersion], *, now: dt.datetime) -> None:
    """Commands need no second user; what they put in force says so."""
    if is_wanted():
        ids = [version.pk for version in versions]
        SegmentVersion.objects.filter(pk__in=ids, approved_by="").update(approved_by=OPERATOR, approved_at=now)


@judge
def _needs_approval(version: SegmentVersion, now: dt.datetime) -> Iterable[Objection]:
    if is_wanted() and not version.approved_by:
        author = version.author or _("its author")
        yield Objection(
            "approval",
            _("It waits for approval: somebody other than %s who may approve segments has to look at it.") % author,
        )
