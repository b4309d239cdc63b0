"""What became of the events received."""

from __future__ import annotations

from dataclasses import dataclass

from .quarantine import Refusal

__all__ = ["IngestReport"]

_MOST_NAMED = 1000


@dataclass(frozen=True, slots=True)
class IngestReport:
    """``received == stored + quarantined + duplicates + waiting``; ``derived`` events stand outside.

    ``waiting`` events were judged and are good; a consumer stores them soon (`sinks`). `ingest` leaves none.

    ``refusals`` says why, for the first thousand that were quarantined. ``repeats`` are the places
    of the first thousand duplicates, ``refused_before`` says why for those of them that are no good.
    """

    received: int = 0
    stored: int = 0
    quarantined: int = 0
    duplicates: int = 0
    derived: int = 0
    waiting: int = 0
    refusals: tuple[Refusal, ...] = ()
    repeats: tuple[int, ...] = ()
    refused_before: tuple[Refusal, ...] = ()

    def __add__(self, other: IngestReport) -> IngestReport:
        return IngestReport(
            received=self.received + other.received,
            stored=self.stored + other.stored,
            quarantined=self.quarantined + other.quarantined,
            duplicates=self.duplicates + other.duplicates,
            derived=self.derived + other.derived,
            waiting=self.waiting + other.waiting,
            refusals=(self.refusals + other.refusals)[:_MOST_NAMED],
            repeats=(self.repeats + other.repeats)[:_MOST_NAMED],
            refused_before=(self.refused_before + other.refused_before)[:_MOST_NAMED],
        )
