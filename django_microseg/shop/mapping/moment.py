"""Instants as shops keep them: with a zone, without one, or a mere day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

__all__ = ["instant_of"]


def instant_of(value: Any) -> dt.datetime | None:
    """An instant with its zone; what has none is the shop's. None for what is no time at all."""
    if isinstance(value, dt.datetime):
        return value if timezone.is_aware(value) else timezone.make_aware(value, timezone.get_default_timezone())
    if isinstance(value, dt.date):
        return instant_of(dt.datetime.combine(value, dt.time()))
    return None
