"""What became of a batch of events, one result for each.

Pure but for the report's type: comes in what was sent and `collect`'s report, goes out what the
client is told. A duplicate counts as well kept: it is there already.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django_microseg.collect.report import IngestReport

__all__ = ["Outcome", "outcome_of", "refuse_all"]

STORED, DUPLICATE, REJECTED = "stored", "duplicate", "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``members`` is the body of the answer; ``views`` says how many pages were newly seen."""

    members: dict[str, Any]
    views: int = 0

    @property
    def has_any(self) -> bool:
        """Whether at least one of the events is with us now."""
        return bool(self.members["stored"] or self.members["duplicates"])


def outcome_of(report: IngestReport, views: Collection[int]) -> Outcome:
    """What to say of each event; ``views`` are the places of those that are page views."""
    results: list[dict[str, Any]] = [{"index": index, "status": STORED} for index in range(report.received)]
    for index in report.repeats:
        results[index]["status"] = DUPLICATE
    for refusal in (*report.refusals, *report.refused_before):
        results[refusal.index] |= {"status": REJECTED, "reason": refusal.reason, "detail": refusal.detail}
    seen = sum(results[index]["status"] == STORED for index in views)
    return Outcome(_members(results), seen)


def refuse_all(count: int, reason: str, detail: str) -> Outcome:
    """None of so many events was even looked at."""
    return Outcome(
        _members([{"index": index, "status": REJECTED, "reason": reason, "detail": detail} for index in range(count)])
    )


def _members(results: list[dict[str, Any]]) -> dict[str, Any]:
    def count(status: str) -> int:
        return sum(result["status"] == status for result in results)

    return {
        "received": len(results),
        "stored": count(STORED),
        "duplicates": count(DUPLICATE),
        "rejected": count(REJECTED),
        "results": results,
    }
