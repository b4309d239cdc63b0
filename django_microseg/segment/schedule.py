"""When a segment comes into force and when it ends, by itself: what is due, and doing it.

Comes in: the instant. Each appointment is kept once, by the first sweep at or after it, and then crossed out; one whose
end has passed too, because no sweep ran meanwhile, is crossed out without anybody coming in. A start that something
speaks against waits until that is mended, or until its end. A start is kept once its rule is being prepared: the sweep
goes on with that until it is in force. A segment that fails is logged, and the others go on.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from .launch import Objected, Shown, Stale, Underway, put_in_force
from .models import Segment, SegmentVersion
from .news import is_news
from .publish import pause
from .versions import candidate_of

__all__ = ["keep_appointments"]

_State = SegmentVersion.State
#: For what comes first of looking at everybody; the rest of the sweep waits meanwhile.
_SECONDS = 5.0
_log = logging.getLogger("django_microseg.schedule")


def keep_appointments(now: dt.datetime, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Start and end what is due; returns how many appointments were kept. One statement if none is."""
    due = Segment.objects.filter(Q(in_force_from__lte=now) | Q(in_force_until__lte=now)).order_by("pk")
    kept = 0
    for segment in due:
        if should_stop():
            break
        kept += _keep(segment, now)
    return kept


def _keep(segment: Segment, now: dt.datetime) -> bool:
    try:
        if segment.in_force_until is not None and segment.in_force_until <= now:
            return _end(segment, now)
        return _start(segment, now)
    except Exception:  # noqa: BLE001 - one segment must not hold up the others; the next sweep tries again
        _log.exception("The segment %s could not be started or ended as scheduled.", segment.slug)
        return False


def _start(segment: Segment, now: dt.datetime) -> bool:
    """Put what waits in force; if nothing waits, because it is in force already, that is well too."""
    version, moment = candidate_of(segment), segment.in_force_from
    if version is not None:
        try:
            done = put_in_force(
                segment, shown=Shown(version.pk, segment.live_version_id, moment), now=now, seconds=_SECONDS
            )
        except Stale:
            return False  # somebody else is at it, or has moved its start; the next sweep looks again
        except Objected as error:
            _tell(segment, str(error))
            return False
    if not Segment.objects.filter(pk=segment.pk, in_force_from=moment).update(in_force_from=None):
        return False
    if version is not None:
        state = _State.PREPARING if isinstance(done, Underway) else _State.LIVE
        SegmentVersion.objects.filter(segment=segment, state=state).update(started_by_schedule=moment)
    return True


def _tell(segment: Segment, why: str) -> None:
    """Once for each appointment and reason, not with every sweep."""
    if is_news(f"start of {segment.slug} at {segment.in_force_from}", why):
        _log.warning("The segment %s does not come into force as scheduled: %s", segment.slug, why)


def _end(segment: Segment, now: dt.datetime) -> bool:
    """Nobody is in it any more. What is no longer active has ended before."""
    with transaction.atomic():
        due = Segment.objects.select_for_update().filter(pk=segment.pk, in_force_until__lte=now).first()
        if due is None:
            return False
        moment, due.in_force_from, due.in_force_until = due.in_force_until, None, None
        due.save(update_fields=["in_force_from", "in_force_until"])
        if due.state == Segment.State.ACTIVE:
            live = SegmentVersion.objects.filter(segment=due, state=SegmentVersion.State.LIVE)
            live.update(ended_by_schedule=moment)
            pause(due, now=now)
    return True
