"""Imports a file of orders: read, brought together, stored in batches, counted.

In come a table and a format, out goes a report in which every line of the file is counted once.
Stored is by ingest, so running it again stores nothing twice; a run that died goes on from a mark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from ..incoming import IncomingEvent
from ..ingest import ingest
from ..report import IngestReport
from ..sources import check_source
from .cells import BadCell
from .column_map import check_columns
from .error_file import ErrorFile
from .job import Job
from .line import Gathered, RowError, pack, unpack
from .options import Options
from .order_file import INCOMPLETE, UNREADABLE, OrderFormat
from .rehearse import rehearse
from .report import BEYOND, ImportReport
from .spool import Packed, Spool
from .table import Table

__all__ = ["import_orders"]

#: The legal ground on which orders are kept.
_BASIS = "contract"
#: What one transaction takes: long ones would keep the shop's own writers waiting.
_MOST_EVENTS = 500
_MOST_LINES = 4_000

Sink = Callable[[Sequence[IncomingEvent]], IngestReport]


def import_orders(
    path: Path, table: Table, order_format: OrderFormat, options: Options, errors: ErrorFile, *, now: dt.datetime
) -> ImportReport:
    """Import a file of orders. Raises `ImportStopped`, and what the database raises."""
    check_source(options.source, is_public=False)
    check_columns(order_format.columns, table.columns)
    job = Job(path, table, order_format, order_format.columns, options, errors)
    with closing(Spool()) as spool:
        _read(job, order_format, spool)
        _store(job, order_format, spool, _Batch(_sink(options, now), errors))
        job.tally.customers = spool.count_customers()
    return job.finish()


def _sink(options: Options, now: dt.datetime) -> Sink:
    store: Callable[..., IngestReport] = rehearse if options.is_dry_run else ingest
    return partial(store, source=options.source, received_at=now, basis=_BASIS)


def _read(job: Job, order_format: OrderFormat, spool: Spool) -> None:
    """Read the rows into the spool."""
    for row, cells in job.rows("reading"):
        key, packed = order_format.order_of(cells), None
        try:
            packed = pack(order_format.read(cells))
        except BadCell as error:
            job.errors.add([RowError(row, UNREADABLE, f"{error}", key)])
        if key:
            spool.add(key, row, packed)
        else:
            job.tally.lines[UNREADABLE] += 1


def _store(job: Job, order_format: OrderFormat, spool: Spool, batch: _Batch) -> None:
    """Store order by order. The mark moves where no order stands on both sides of it."""
    tally, limit = job.tally, job.options.limit
    job.options.progress.begin("storing", spool.count)
    highest = events = 0
    for rows in spool.orders():
        if batch.is_full:
            tally.events += batch.store()
            if rows[0][0] > highest:
                job.mark.move(highest)
        highest = max(highest, rows[-1][0])
        job.options.progress.advance(len(rows))
        if limit is not None and events >= limit:
            tally.lines[BEYOND] += len(rows)
            continue
        gathered = _gather(order_format, rows)
        tally.add(gathered)
        job.errors.add(gathered.errors)
        if gathered.event is not None:
            events += 1
            batch.add(rows, gathered.event)
            if gathered.found["orders"]:
                spool.note_customer(gathered.event.customer_key or gathered.event.visitor_key)
    tally.events += batch.store()


def _gather(order_format: OrderFormat, rows: Sequence[Packed]) -> Gathered:
    """An order with a line that cannot be read waits until the file is mended: half of it would be wrong."""
    unreadable = sum(line is None for _, line in rows)
    if not unreadable:
        return order_format.gather([(row, unpack(line)) for row, line in rows if line is not None])
    gathered = Gathered()
    gathered.lines[UNREADABLE] = unreadable
    gathered.lines[INCOMPLETE] = len(rows) - unreadable
    gathered.found["refused"] = 1
    return gathered


class _Batch:
    """Events on their way to the database, with the rows they came from."""

    def __init__(self, sink: Sink, errors: ErrorFile) -> None:
        self._sink = sink
        self._errors = errors
        self._events: list[IncomingEvent] = []
        self._rows: list[int] = []
        self._lines = 0

    @property
    def is_full(self) -> bool:
        return len(self._events) >= _MOST_EVENTS or self._lines >= _MOST_LINES

    def add(self, rows: Sequence[Packed], event: IncomingEvent) -> None:
        self._events.append(event)
        self._rows.append(rows[0][0])
        self._lines += len(rows)

    def store(self) -> IngestReport:
        report = self._sink(self._events)
        self._errors.add(
            RowError(
                self._rows[refusal.index],
                refusal.reason,
                refusal.detail,
                str(self._events[refusal.index].properties["order_id"]),
            )
            for refusal in report.refusals
        )
        self._events, self._rows, self._lines = [], [], 0
        return report
