"""Counts, for this process, what became of the events that its doors took."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TALLY", "Tally"]


@dataclass(slots=True)
class Tally:
    """``waiting`` went into the line, ``direct`` into the tables, ``refused`` were given back to the sender."""

    waiting: int = 0
    direct: int = 0
    refused: int = 0

    def reset(self) -> None:
        self.waiting = self.direct = self.refused = 0


TALLY = Tally()
