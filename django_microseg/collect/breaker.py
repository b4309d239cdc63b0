"""When to stop trying: plain arithmetic over failures and a clock that is handed in.

After three failures in a row even a quick failure is too slow, so the work is skipped for ten
seconds; then one attempt decides. Seconds come from any clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Breaker", "LogLimit"]


@dataclass(slots=True)
class Breaker:
    """Open means: do not try. Two threads that miscount by one do no harm."""

    tolerated: int = 3
    pause_seconds: float = 10.0
    failures: int = 0
    opened_at: float = 0.0

    def is_open(self, now: float) -> bool:
        return self.failures >= self.tolerated and now - self.opened_at < self.pause_seconds

    def note_failure(self, now: float) -> None:
        self.failures += 1
        self.opened_at = now

    def note_success(self) -> None:
        self.failures = 0


@dataclass(slots=True)
class LogLimit:
    """At most one message in ``pause_seconds``; the ones kept back are counted."""

    pause_seconds: float = 60.0
    logged_at: float | None = None
    kept_back: int = 0

    def admit(self, now: float) -> int | None:
        """How many were kept back since the last message, or None if this one is kept back."""
        if self.logged_at is not None and now - self.logged_at < self.pause_seconds:
            self.kept_back += 1
            return None
        kept_back, self.kept_back, self.logged_at = self.kept_back, 0, now
        return kept_back
