"""Follows the events in the order in which they were stored, each once, behind whoever is still writing.

Whoever follows has a name, under which the place is kept. Events that were stored within the last half minute wait: on
PostgreSQL a transaction that is still open may hold a lower key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from time import monotonic

from ..collect.models import Event
from .models import EventCursor

__all__ = ["followed_people"]

_SETTLED = dt.timedelta(seconds=30)
_EVENTS_AT_ONCE, _PEOPLE_AT_ONCE = 5000, 100


def followed_people(
    name: str, now: dt.datetime, *, events: Collection[str] = (), seconds: float, should_stop: Callable[[], bool]
) -> Iterator[list[int]]:
    """Ids of people who did something since the last time, some at once; of all events if none is named.

    The place moves on when all people of its events were handed out, so whoever stops in between sees some again.
    """
    end = monotonic() + seconds
    while monotonic() < end and not should_stop():
        cursor = EventCursor.objects.get_or_create(name=name)[0].position
        rows = Event.objects.filter(pk__gt=cursor, received_at__lte=now - _SETTLED).exclude(profile=None)
        found = list(rows.order_by("pk").values_list("pk", "profile", "name")[:_EVENTS_AT_ONCE])
        if not found:
            return
        people = sorted({profile_id for _, profile_id, event in found if not events or event in events})
        for start in range(0, len(people), _PEOPLE_AT_ONCE):
            yield people[start : start + _PEOPLE_AT_ONCE]
        last = found[-1][0]
        EventCursor.objects.filter(name=name, position__lt=last).update(position=last)
