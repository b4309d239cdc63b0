"""Imports a file with one event a row, whatever happened: surveys, reviews, visits to stores, another tool's export.

In come a table and a format that reads a row, out goes a report in which each row is counted once. Stored is by
ingest, so running it again stores nothing twice; a run that died goes on from a mark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ..hooks import PersonKey
from ..ids import is_placeholder
from ..incoming import CONTEXT_FIELDS, IncomingEvent
from ..ingest import ingest
from ..report import IngestReport
from ..sources import check_source
from .cells import BadCell, read_text, read_time
from .column_map import check_columns
from .error_file import ErrorFile
from .job import Job
from .line import RowError
from .options import Options
from .order_file import UNREADABLE
from .rehearse import rehearse
from .report import BEYOND, ImportReport, Wording
from .table import Table

__all__ = ["NAMES", "NEEDED", "NOBODY", "WHOSE", "EventFormat", "Events", "FindPerson", "Skipped", "import_events"]

NEEDED = ("event", "time")
#: One of these says whose an event is; the first that a row fills counts.
WHOSE = ("customer_id", "loyalty_number", "email", "visitor_id")
_OTHERS = ("message_id", *CONTEXT_FIELDS)
NAMES = (*NEEDED, *WHOSE, *_OTHERS)
#: Classes of rows that are not stored.
NOBODY = "nobody"
_BATCH = 500

#: Whoever a link leads to, by its kind and value; None for nobody.
FindPerson = Callable[[str, str], PersonKey | None]


class Skipped(Exception):
    """A row that is not stored and no fault; the class under which it counts."""


class EventFormat(Wording, Protocol):
    """A format with one event a row. ``columns`` are read in this order."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def read(self, cells: Sequence[Any]) -> IncomingEvent:
        """One row. Raises `BadCell` and `Skipped`."""
        ...


class Events:
    """The format ``events``, over the columns that a settled map names; every other column is a property."""

    name = "events"
    classes: Mapping[str, str] = {
        "stored": "events that are new",
        "known": "events that were imported before",
        NOBODY: "of somebody whom nobody knows by this card or address: not stored",
        UNREADABLE: "a cell is missing or cannot be read: not stored",
        "refused": "against the catalogue of events, or of somebody we must forget: not stored",
    }
    found: Mapping[str, str] = {}
    notes: Mapping[str, str] = {}

    def __init__(
        self, columns: Mapping[str, str], all_columns: Sequence[str], *, find: FindPerson, time_format: str = ""
    ) -> None:
        properties = [name for name in all_columns if name not in columns.values()]
        self._names = (*columns, *properties)
        self._known = frozenset(columns)
        self._column_of = dict(columns)
        self.columns = (*columns.values(), *properties)
        self._find = find
        self._time_formats = (time_format,) if time_format else ()

    def read(self, cells: Sequence[Any]) -> IncomingEvent:
        given = dict(zip(self._names, cells, strict=True))
        time = read_time(given["time"], self._column_of["time"], *self._time_formats)
        if time is None:
            raise BadCell(self._column_of["time"], "is missing.")
        texts = {name: read_text(value) for name, value in given.items() if name in self._known}
        said = {name: value for name, value in given.items() if name not in self._known and value not in ("", None)}
        person = self._person(texts)
        context: dict[str, Any] = {name: texts[name] for name in CONTEXT_FIELDS if texts.get(name)}
        return IncomingEvent(
            name=texts["event"],
            message_id=texts.get("message_id", ""),
            occurred_at=time,
            visitor_key=person.visitor_key,
            customer_key=person.customer_key,
            properties={_plain(name): value for name, value in said.items()},
            **context,
        )

    def _person(self, texts: Mapping[str, str]) -> PersonKey:
        name = next((name for name in WHOSE if not is_placeholder(texts.get(name, ""))), None)
        if name is None:
            columns = [self._column_of[each] for each in WHOSE if each in self._column_of]
            raise BadCell(" or ".join(columns), "is missing.")
        if name == "customer_id":
            return PersonKey("", texts[name])
        if name == "visitor_id":
            return PersonKey(texts[name], "")
        person = self._find(name, texts[name])
        if person is None:
            raise Skipped(NOBODY)
        return person


def import_events(
    path: Path,
    table: Table,
    event_format: EventFormat,
    options: Options,
    errors: ErrorFile,
    *,
    basis: str,
    now: dt.datetime,
) -> ImportReport:
    """Import a file of events. Raises `ImportStopped`, and what the database raises."""
    check_source(options.source, is_public=False)
    check_columns(event_format.columns, table.columns)
    job = Job(path, table, event_format, event_format.columns, options, errors)
    store: Callable[..., IngestReport] = rehearse if options.is_dry_run else ingest
    sink = partial(store, source=options.source, received_at=now, basis=basis)
    people: set[str] = set()
    batch: list[tuple[int, IncomingEvent]] = []
    taken = 0
    for row, cells in job.rows("storing"):
        if options.limit is not None and taken >= options.limit:
            job.tally.lines[BEYOND] += 1
            continue
        try:
            event = event_format.read(cells)
        except BadCell as error:
            job.tally.lines[UNREADABLE] += 1
            job.errors.add([RowError(row, UNREADABLE, f"{error}")])
            continue
        except Skipped as skipped:
            job.tally.lines[str(skipped)] += 1
            continue
        taken += 1
        people.add(str(event.customer_key or event.visitor_key))
        batch.append((row, event))
        if len(batch) == _BATCH:
            _hand_over(batch, sink, job)
            job.mark.move(row)
    _hand_over(batch, sink, job)
    job.tally.customers = len(people)
    return job.finish()


def _hand_over(batch: list[tuple[int, IncomingEvent]], sink: Callable[..., IngestReport], job: Job) -> None:
    if not batch:
        return
    report = sink([event for _, event in batch])
    job.tally.events += report
    job.tally.lines.update(stored=report.stored, known=report.duplicates, refused=report.quarantined)
    job.errors.add(
        RowError(batch[each.index][0], each.reason, each.detail, str(batch[each.index][1].customer_key))
        for each in report.refusals
    )
    batch.clear()


def _plain(name: str) -> str:
    return "_".join(name.casefold().split())
