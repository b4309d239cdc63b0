"""Telling others who entered and left: from the change log, after commit, at least once.

Receivers get the row's id and must treat a repeated id as the same news. A process that dies
between commit and delivery leaves undelivered rows, and the sweep delivers them.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from .models import MembershipChange

__all__ = [
    "deliver",
    "deliver_after_commit",
    "deliver_overdue",
    "has_listeners",
    "segment_entered",
    "segment_left",
]

#: Sent with ``change_id``, ``profile_id``, ``segment`` (slug), ``cause`` and ``changed_at``.
segment_entered = Signal()
segment_left = Signal()

logger = logging.getLogger(__name__)


def has_listeners() -> bool:
    """Whether anybody wants to know at all."""
    return bool(segment_entered.receivers or segment_left.receivers)


def deliver_after_commit(ids: Sequence[int]) -> None:
    """Deliver once the transaction is safe; what goes wrong then never reaches the page."""
    if ids:
        transaction.on_commit(lambda: deliver(ids), robust=True)


def deliver(ids: Sequence[int]) -> int:
    """Send the signals of undelivered changes and mark them; returns how many."""
    rows = list(MembershipChange.objects.filter(pk__in=ids, delivered_at=None).select_related("segment").order_by("pk"))
    for change in rows:
        _send(change)
    done = [change.pk for change in rows]
    MembershipChange.objects.filter(pk__in=done).update(delivered_at=timezone.now())
    return len(done)


def deliver_overdue(now: dt.datetime, *, limit: int = 1000) -> int:
    """Deliver what a dead process left behind, oldest first."""
    if not has_listeners():
        return 0
    grace = now - dt.timedelta(seconds=30)
    waiting = MembershipChange.objects.filter(delivered_at=None, changed_at__lt=grace)
    return deliver(list(waiting.order_by("pk").values_list("pk", flat=True)[:limit]))


def _send(change: MembershipChange) -> None:
    signal = segment_entered if change.is_entry else segment_left
    answers = signal.send_robust(
        sender=MembershipChange,
        change_id=change.pk,
        profile_id=change.profile_id,
        segment=change.segment.slug,
        cause=change.cause,
        changed_at=change.changed_at,
    )
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            logger.error("receiver %r of change %s failed: %r", receiver, change.pk, answer)
