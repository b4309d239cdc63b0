"""What became of a file: every line under one class, every order under one kind.

``sum(lines.values())`` is the number of lines in the file, always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..report import IngestReport
from .error_file import ErrorFile
from .line import Gathered, RowError
from .options import Options

__all__ = ["BEFORE", "BEYOND", "ImportReport", "Tally", "Wording"]

#: Classes of lines that are not looked at.
BEFORE = "imported_before"
BEYOND = "beyond_the_limit"
_WORDS = {
    BEFORE: "read by an earlier run that did not come to its end",
    BEYOND: "of orders beyond the limit: not stored",
}


class Wording(Protocol):
    """What a format calls the things that it counts: lines, orders and remarks, by name."""

    @property
    def name(self) -> str: ...

    @property
    def classes(self) -> Mapping[str, str]: ...

    @property
    def found(self) -> Mapping[str, str]: ...

    @property
    def notes(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts by name; ``events`` is what ingest said, or would say in a dry run."""

    file: str
    format: str
    source: str
    is_dry_run: bool
    lines: Mapping[str, int]
    found: Mapping[str, int]
    customers: int
    notes: Mapping[str, int]
    no_goods: Mapping[str, int]
    events: IngestReport
    errors: int
    first_errors: tuple[RowError, ...]
    words: Mapping[str, str]

    @property
    def total(self) -> int:
        """How many lines the file has."""
        return sum(self.lines.values())

    def to_json(self) -> dict[str, Any]:
        """For ``--json``: plain values under stable names."""
        return {
            "file": self.file,
            "format": self.format,
            "source": self.source,
            "dry_run": self.is_dry_run,
            "lines": {"total": self.total, **self.lines},
            **self.found,
            "customers": self.customers,
            "events": {
                name: getattr(self.events, name)
                for name in ("received", "stored", "duplicates", "quarantined", "derived")
            },
            "notes": dict(self.notes),
            "no_goods": dict(self.no_goods),
            "errors": self.errors,
        }


class Tally:
    """Counts while an import runs."""

    def __init__(self) -> None:
        self.lines: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.customers = 0
        self.events = IngestReport()

    def add(self, gathered: Gathered) -> None:
        self.lines.update(gathered.lines)
        self.found.update(gathered.found)
        self.notes.update(gathered.notes)
        self.codes.update(gathered.codes)

    def report(self, file: str, wording: Wording, options: Options, errors: ErrorFile) -> ImportReport:
        """The report, with a figure for everything that the format can tell, also where it is 0."""
        return ImportReport(
            file=file,
            format=wording.name,
            source=options.source,
            is_dry_run=options.is_dry_run,
            lines={name: self.lines[name] for name in (*wording.classes, BEFORE, BEYOND)},
            found={name: self.found[name] for name in wording.found},
            customers=self.customers,
            notes={name: self.notes[name] for name in wording.notes},
            no_goods=dict(sorted(self.codes.items())),
            events=self.events,
            errors=errors.count,
            first_errors=tuple(errors.first),
            words={**wording.classes, **wording.found, **wording.notes, **_WORDS},
        )
