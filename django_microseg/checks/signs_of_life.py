"""Has Celery fallen silent? Reads a table, so it runs only with ``--database``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage
from django.db import DatabaseError, router
from django.utils import timezone

from django_microseg.segment.heartbeat import BEAT, find_silence, has_broker
from django_microseg.segment.models import Heartbeat

from .findings import finding

__all__ = ["check_signs_of_life", "since"]


def check_signs_of_life(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Nothing where the shop sweeps without Celery, nor where the table is not there yet."""
    if router.db_for_read(Heartbeat) not in (databases or ()):
        return []
    try:
        silence = find_silence(uses_celery=has_broker(), now=timezone.now())
    except DatabaseError:
        return []
    if silence is None:
        return []
    return [finding("W085" if silence.name == BEAT else "W084").message(when=since(silence.since))]


def since(moment: dt.datetime | None) -> str:
    """As it stands in a sentence about a silence."""
    return "since it was set up" if moment is None else f"since {moment:%Y-%m-%d %H:%M} UTC"
