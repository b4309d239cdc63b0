"""Counts what a run of pytest did, from the report it wrote, and lays several runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Final
from xml.etree import ElementTree

ONCE: Final = ("runs", "once")
"""What the report says of a test that says the same on every database, and so needs to run only once."""

TROUBLE: Final = ("failure", "error")
MOST_LETTERS: Final = 300


@dataclass(frozen=True)
class Tally:
    """The tests of one run by outcome; each test stands in exactly one of the three. Some need to run once.

    ``reasons``: why each that failed did, in a line. ``unsteady_names``: those of the passed that failed at first.
    """

    title: str = ""
    seconds: float = 0.0
    passed_names: frozenset[str] = frozenset()
    failed_names: frozenset[str] = frozenset()
    skipped_names: frozenset[str] = frozenset()
    once_names: frozenset[str] = frozenset()
    unsteady_names: frozenset[str] = frozenset()
    reasons: Mapping[str, str] = field(default_factory=dict)

    PARTS: ClassVar = ("passed", "failed", "skipped")

    @property
    def passed(self) -> int:
        return len(self.passed_names)

    @property
    def failed(self) -> int:
        return len(self.failed_names)

    @property
    def skipped(self) -> int:
        return len(self.skipped_names)

    @property
    def collected(self) -> int:
        return self.passed + self.failed + self.skipped

    @property
    def ran_names(self) -> frozenset[str]:
        return self.passed_names | self.failed_names

    @property
    def complaints(self) -> list[str]:
        """One line for each test that failed, in the end or at first."""
        kinds = {"failed": self.failed_names, "unsteady, passed alone": self.unsteady_names}
        return [
            f"{kind} on {self.title}: {name}: {self.reasons.get(name, '')}"
            for kind, names in kinds.items()
            for name in sorted(names)
        ]


def read_tally(report: Path, title: str, *, seconds: float) -> Tally:
    """Read a JUnit report. A run that died before writing one has nothing to count; its exit code tells of it."""
    if not report.exists():
        return Tally(title, seconds)
    names: dict[str, set[str]] = {part: set() for part in (*Tally.PARTS, "once")}
    reasons = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        trouble = next((found for kind in TROUBLE if (found := case.find(kind)) is not None), None)
        if trouble is not None:
            reasons[name] = " ".join(trouble.get("message", "").split())[:MOST_LETTERS]
        outcome = "skipped" if case.find("skipped") is not None else "passed"
        names["failed" if trouble is not None else outcome].add(name)
        if any((each.get("name"), each.get("value")) == ONCE for each in case.iter("property")):
            names["once"].add(name)
    # A test that passed and then failed to clean up is written twice; it failed.
    failed = names["failed"]
    return Tally(
        title,
        seconds,
        frozenset(names["passed"] - failed),
        frozenset(failed),
        frozenset(names["skipped"] - failed),
        frozenset(names["once"]),
        reasons=reasons,
    )


def tried_again(first: Tally, second: Tally) -> Tally:
    """What the first run says after those that failed ran alone: some of them passed and are unsteady."""
    unsteady = first.failed_names & second.passed_names
    return replace(
        first,
        seconds=first.seconds + second.seconds,
        passed_names=first.passed_names | unsteady,
        failed_names=first.failed_names - unsteady,
        unsteady_names=unsteady,
    )


def unmatched(first: Tally, second: Tally) -> list[str]:
    """The tests that ran in the first and not in the second, although they need to run in each."""
    return sorted(first.ran_names - second.ran_names - first.once_names)


def render(tallies: Sequence[Tally]) -> str:
    """A table for people, one line per run."""
    head = f"\n{'database':<24}{'collected':>10}{'passed':>10}{'failed':>10}{'skipped':>10}{'seconds':>10}"
    rows = [
        f"{tally.title:<24}{tally.collected:>10}{tally.passed:>10}{tally.failed:>10}"
        f"{tally.skipped:>10}{tally.seconds:>10.1f}"
        for tally in tallies
    ]
    return "\n".join([head, *rows, ""])
