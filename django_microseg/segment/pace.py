"""How many profiles to take at once: as many as fit into a given time, by how long the last took.

Small steps let a run be watched, stopped and shared; large ones cost less for each profile.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Pace", "pace_for"]

_LONGEST_STEP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The size of the next step, within what is sensible, and how long a step should take."""

    size: int
    smallest: int
    largest: int
    step_seconds: float

    def after(self, seconds: float) -> Pace:
        """The pace after a step that took so long: at most twice as many, or half as many."""
        if seconds > self.step_seconds:
            size = max(self.smallest, self.size // 2)
        elif 2 * seconds <= self.step_seconds:
            size = min(self.largest, self.size * 2)
        else:
            size = self.size
        return Pace(size, self.smallest, self.largest, self.step_seconds)


def pace_for(seconds: float, *, smallest: int, largest: int) -> Pace:
    """The first pace for a slice of work: small, for nobody knows yet how long it takes."""
    size = min(4 * smallest, largest)
    return Pace(size, min(smallest, largest), largest, min(seconds / 4, _LONGEST_STEP_SECONDS))
