"""Never break the shopper's page: runs work at a door, and has an answer ready when it fails.

Every fault is caught, logged with ids (never personal data) once a minute for each kind of work,
and after three in a row the work is skipped for ten seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from django_microseg.collect.breaker import Breaker, LogLimit

__all__ = ["Guard"]

_log = logging.getLogger("django_microseg")
_T = TypeVar("_T")


class Guard:
    """One kind of work at the doors, such as reading who the visitor is."""

    def __init__(self, work: str, *, breaker: Breaker | None, clock: Callable[[], float] = monotonic) -> None:
        self.work = work
        self._breaker = breaker
        self._limit = LogLimit()
        self._clock = clock

    def run(self, attempt: Callable[[], _T], otherwise: _T, *, about: str = "") -> _T:
        """What the attempt returns, or ``otherwise`` if it fails or is skipped."""
        if self.is_skipping:
            return otherwise
        try:
            answer = attempt()
        except Exception as error:  # noqa: BLE001 - this is the door: the page is served anyway
            self._failed(error, about)
            return otherwise
        if self._breaker is not None:
            self._breaker.note_success()
        return answer

    @property
    def is_skipping(self) -> bool:
        """Whether nothing is even tried at the moment."""
        return self._breaker is not None and self._breaker.is_open(self._clock())

    def reset(self) -> None:
        """Forget past faults; for tests."""
        self._limit = LogLimit()
        if self._breaker is not None:
            self._breaker.note_success()

    def _failed(self, error: Exception, about: str) -> None:
        now = self._clock()
        if self._breaker is not None:
            self._breaker.note_failure(now)
        kept_back = self._limit.admit(now)
        if kept_back is None:
            return
        _log.error(
            "Could not %s (%s); the page is served without it. %d faults of this kind were not "
            "logged since the last message.",
            self.work,
            about or "no ids",
            kept_back,
            exc_info=error,
        )
