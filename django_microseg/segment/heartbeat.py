"""Says who is at work: Celery's workers, its beat, the sweep of the command line, the daily purge, what renews
holidays and weather.

Each leaves the time in a row of its own; checks and the doctor read when that was.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .models import Heartbeat

__all__ = [
    "BEAT",
    "CONTEXT",
    "PURGE",
    "SWEEP",
    "WORKER",
    "Silence",
    "find_silence",
    "last_seen",
    "note_seen",
    "was_seen_within",
]

WORKER, BEAT, SWEEP, PURGE, CONTEXT = "worker", "beat", "sweep", "purge", "context"

#: Beat sends a heartbeat each minute; sweeps of the command line may come from a slow cron.
_PATIENCE = dt.timedelta(minutes=5)
_PATIENCE_WITH_SWEEPS = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """Who is silent, `BEAT` or `WORKER`, and since when; None if it was never heard."""

    name: str
    since: dt.datetime | None


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


def find_silence(*, uses_celery: bool, now: dt.datetime) -> Silence | None:
    """Whether Celery has fallen silent, in a shop that goes by it: none that sweeps without it does.

    Workers leave their sign when beat sends them to, so while beat is silent nobody knows of them.
    """
    if was_seen_within(SWEEP, _PATIENCE_WITH_SWEEPS, now=now):
        return None
    for name in (BEAT, WORKER):
        seen = last_seen(name)
        if (seen is None and uses_celery) or (seen is not None and seen <= now - _PATIENCE):
            return Silence(name, seen)
    return None
