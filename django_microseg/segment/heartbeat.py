"""Says who is at work: Celery's workers, its beat, the sweep of the command line, the daily purge.

Each leaves the time in a row of its own; checks and the doctor read when that was.
"""

from __future__ import annotations

import datetime as dt

from .models import Heartbeat

__all__ = ["BEAT", "PURGE", "SWEEP", "WORKER", "last_seen", "note_seen", "was_seen_within"]

WORKER, BEAT, SWEEP, PURGE = "worker", "beat", "sweep", "purge"


def note_seen(name: str, *, now: dt.datetime) -> None:
    """One statement, whether it was seen before or not."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, seen_at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["seen_at"]
    )


def last_seen(name: str) -> dt.datetime | None:
    """When it was last at work; None if it never was."""
    return Heartbeat.objects.filter(name=name).values_list("seen_at", flat=True).first()


def was_seen_within(name: str, period: dt.timedelta, *, now: dt.datetime) -> bool:
    return Heartbeat.objects.filter(name=name, seen_at__gt=now - period).exists()
