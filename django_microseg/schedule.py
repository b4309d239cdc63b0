"""What is to be done when: the one list that Celery's beat goes by, in either of its two ways.

`beat_schedule()` gives it as a plain `CELERY_BEAT_SCHEDULE`; the command `microseg_schedule` puts it
into the tables of django-celery-beat, where staff may change it. Safe to import from a settings file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .task_names import CONSUME_WAITING, HEARTBEAT, PURGE_EXPIRED, REFRESH_ALL, REFRESH_DUE, RENEW_CONTEXT

try:
    from celery.schedules import crontab
except ImportError:  # the extra [celery]
    crontab = None

__all__ = ["ENTRIES", "CeleryMissing", "Entry", "beat_schedule"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One task and when it is sent: each minute, or daily at an hour and minute.

    ``expires_seconds`` is when a worker that comes late to it leaves it: the next one is there by then.
    """

    task: str
    name: str
    help: str
    expires_seconds: int
    daily_at: tuple[int, int] | None = None

    @property
    def when(self) -> str:
        return "each minute" if self.daily_at is None else "daily at {:02}:{:02}".format(*self.daily_at)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        REFRESH_DUE,
        "microseg: refresh who is due",
        "Looks at who is dirty or whose time has come, and goes on with what a dead worker left.",
        expires_seconds=50,
    ),
    Entry(
        REFRESH_ALL,
        "microseg: refresh everybody",
        "Works out every membership anew from the events, shared among the workers.",
        expires_seconds=6 * 3600,
        daily_at=(3, 10),
    ),
    Entry(
        PURGE_EXPIRED,
        "microseg: purge what has expired",
        'Removes what has been kept longer than MICROSEG["RETENTION_DAYS"] allows.',
        expires_seconds=6 * 3600,
        daily_at=(4, 40),
    ),
    Entry(
        CONSUME_WAITING,
        "microseg: store what waits",
        'Stores the events that wait in the stream of MICROSEG["SINK_URL"]; without one it does nothing.',
        expires_seconds=50,
    ),
    Entry(
        RENEW_CONTEXT,
        "microseg: renew holidays and weather",
        "Asks for holidays and weather of the places that MICROSEG names, each half hour; without any it does nothing.",
        expires_seconds=50,
    ),
    Entry(
        HEARTBEAT,
        "microseg: heartbeat",
        "Leaves a sign of life, by which checks know that beat and a worker are there.",
        expires_seconds=50,
    ),
)


class CeleryMissing(ImportError):
    """A schedule was asked for where Celery is not installed."""


def beat_schedule() -> dict[str, dict[str, Any]]:
    """For `CELERY_BEAT_SCHEDULE`. Times of day are those of `CELERY_TIMEZONE`, else of `TIME_ZONE`."""
    if crontab is None:
        raise CeleryMissing('Celery is not installed. Install it: pip install "django-microseg[celery]".')
    return {
        entry.name: {
            "task": entry.task,
            "schedule": 60.0 if entry.daily_at is None else crontab(hour=entry.daily_at[0], minute=entry.daily_at[1]),
            "options": {"expires": entry.expires_seconds},
        }
        for entry in ENTRIES
    }
