"""Counts what a run of pytest did, from the report it wrote, and lays several runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final
from xml.etree import ElementTree

ONCE: Final = ("runs", "once")
"""What the report says of a test that says the same on every database, and so needs to run only once."""


@dataclass(frozen=True)
class Tally:
    """The tests of one run by outcome; each test stands in exactly one of the three. Some need to run once."""

    title: str = ""
    seconds: float = 0.0
    passed_names: frozenset[str] = frozenset()
    failed_names: frozenset[str] = frozenset()
    skipped_names: frozenset[str] = frozenset()
    once_names: frozenset[str] = frozenset()

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


def read_tally(report: Path, title: str, *, seconds: float) -> Tally:
    """Read a JUnit report. A run that died before writing one has nothing to count; its exit code tells of it."""
    if not report.exists():
        return Tally(title, seconds)
    names: dict[str, set[str]] = {part: set() for part in (*Tally.PARTS, "once")}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        names[_outcome(case)].add(name)
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


def _outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"
