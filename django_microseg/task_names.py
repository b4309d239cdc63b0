"""What our tasks are called, and how long one may run: for whoever sends, schedules or checks them.

The names are fixed, because messages under way and rows of django-celery-beat hold them.
"""

from __future__ import annotations

__all__ = [
    "CONSUME_WAITING",
    "HEARTBEAT",
    "PURGE_EXPIRED",
    "REFRESH_ALL",
    "REFRESH_DUE",
    "REFRESH_SHARD",
    "RENEW_CONTEXT",
    "TIME_LIMIT_SECONDS",
]

REFRESH_DUE = "django_microseg.refresh_due"
REFRESH_ALL = "django_microseg.refresh_all"
REFRESH_SHARD = "django_microseg.refresh_shard"
PURGE_EXPIRED = "django_microseg.purge_expired"
HEARTBEAT = "django_microseg.heartbeat"
CONSUME_WAITING = "django_microseg.consume_waiting"
RENEW_CONTEXT = "django_microseg.renew_context"

#: The broker must wait longer than this before it hands a task to another worker.
TIME_LIMIT_SECONDS = 120
