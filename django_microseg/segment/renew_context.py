"""Renews holidays and weather every half hour, whoever comes first: a sweep or a task."""

from __future__ import annotations

import datetime as dt

from ..collect.surroundings.renew import renew_surroundings
from .heartbeat import CONTEXT, note_seen, was_seen_within

__all__ = ["renew_if_due"]

_EVERY = dt.timedelta(minutes=30)


def renew_if_due(now: dt.datetime) -> bool:
    """Whether it was time. The time is noted first, so that two at once do not both ask the weather service."""
    if was_seen_within(CONTEXT, _EVERY, now=now):
        return False
    note_seen(CONTEXT, now=now)
    renew_surroundings(now)
    return True
