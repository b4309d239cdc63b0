"""Leaves a sign of life now and then while work asks whether to stop; a sweep may take an hour."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone

from django_microseg.segment.heartbeat import note_seen

__all__ = ["Pulse"]

_SECONDS_BETWEEN_BEATS = 30.0


class Pulse:
    """``name`` is whose sign it is; ``is_over`` is what the work would have asked without us."""

    def __init__(self, name: str, is_over: Callable[[], bool]) -> None:
        self._name = name
        self._is_over = is_over
        self._due = 0.0

    def is_over(self) -> bool:
        self.beat()
        return self._is_over()

    def beat(self) -> None:
        """Leave a sign, if it is time. Raises what the database does."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + _SECONDS_BETWEEN_BEATS
            note_seen(self._name, now=timezone.now())
