"""Says who is at work: Celery's workers, its beat, the sweep of the command line, the consumer of waiting events, the
daily purge, what renews holidays and weather.

Each leaves the time in a row of its own; checks and the doctor read when that was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from .models import Heartbeat

__all__ = [
    "BEAT",
    "CONSUMER",
    "CONTEXT",
    "PURGE",
    "SWEEP",
    "WORKER",
    "Silence",
    "all_seen",
    "find_silence",
    "has_broker",
    "last_seen",
    "note_seen",
    "silence_among",
    "was_seen_within",
]

WORKER, BEAT, SWEEP, PURGE, CONTEXT, CONSUMER = "worker", "beat", "sweep", "purge", "context", "consumer"

#: Beat sends a heartbeat each minute; sweeps of the command line may come from a slow cron.
_PATIENCE = dt.timedelta(minutes=5)
_PATIENCE_WITH_SWEEPS = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """Who is silent, `BEAT` or `WORKER`, and since when; None if it was never heard."""

    name: str
    since: dt.datetime | None


def has_broker() -> bool:
    """Whether the settings name a broker."""
    return bool(getattr(settings, "CELERY_BROKER_URL", None))


def note_seen(name: str, *, now: dt.datetime) -> None:
    """One statement, whether it was seen before or not."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, seen_at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["seen_at"]
    )


def last_seen(name: str) -> dt.datetime | None:
    """When it was last at work; None if it never was."""
    return Heartbeat.objects.filter(name=name).values_list("seen_at", flat=True).first()


def all_seen() -> dict[str, dt.datetime]:
    """When each of those that ever were at work was last."""
    return dict(Heartbeat.objects.values_list("name", "seen_at"))


def was_seen_within(name: str, period: dt.timedelta, *, now: dt.datetime) -> bool:
    return Heartbeat.objects.filter(name=name, seen_at__gt=now - period).exists()


def find_silence(*, uses_celery: bool, now: dt.datetime) -> Silence | None:
    """Whether Celery has fallen silent, in a shop that goes by it."""
    return silence_among(all_seen(), uses_celery=uses_celery, now=now)


def silence_among(signs: Mapping[str, dt.datetime], *, uses_celery: bool, now: dt.datetime) -> Silence | None:
    """The same, by signs that are known already. A shop that sweeps without Celery does not go by it.

    Workers leave their sign when beat sends them to, so while beat is silent nobody knows of them.
    """
    swept = signs.get(SWEEP)
    if swept is not None and swept > now - _PATIENCE_WITH_SWEEPS:
        return None
    for name in (BEAT, WORKER):
        seen = signs.get(name)
        if (seen is None and uses_celery) or (seen is not None and seen <= now - _PATIENCE):
            return Silence(name, seen)
    return None
