"""Works off the line of waiting events: is handed a batch, stores it, and only then takes it out.

Several consumers may run at once, and each may die at any moment: what it had in hand goes to another, and
what it had stored already is a duplicate then. An event that cannot be stored is tried alone, so that it holds
up nobody else, and is put into quarantine after five attempts, also if it is what kills the consumers. While
the database is down nothing counts as an attempt.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Sequence

from django.db import Error as DatabaseError
from django.db import connections, router
from django.utils import timezone

from .. import ingest
from ..incoming import WaitedEvent
from ..intake import set_aside
from ..models import Event
from ..reasons import REASONS, Rejected
from ..report import IngestReport
from ..validate import CONSENT
from .entry import Entry
from .outlet import Held, Outlet
from .stream import Stream

__all__ = ["MOST_TRIES", "Consumer", "DatabaseDown"]

MOST_TRIES = 5
#: An entry that was handed out more often than this is tried alone: it may be what kills consumers.
_MOST_HANDS = 3
#: Stands for the source of an entry that cannot be read.
_UNKNOWN = "unknown"

_log = logging.getLogger("django_microseg.sinks")


class DatabaseDown(Exception):
    """The database does not answer. Everything waits, and nothing is lost."""


class Consumer:
    """One of those who work off the line. ``on_stored`` hears whose events were stored."""

    def __init__(
        self,
        stream: Stream,
        *,
        patience_seconds: float = 30.0,
        on_stored: Callable[[Collection[str]], object] = lambda visitor_keys: None,
        clock: Callable[[], dt.datetime] = timezone.now,
    ) -> None:
        self._outlet = Outlet(stream, patience_seconds=patience_seconds)
        self._on_stored = on_stored
        self._clock = clock
        self._is_down = False

    def step(self, *, block_ms: int | None = None) -> IngestReport:
        """Work off one batch; waits so long for one to come.

        Raises `DatabaseDown` and `stream.ERRORS`; what was in hand then is handed out again after the patience.
        """
        if self._is_down and not _database_answers():
            raise DatabaseDown
        self._is_down = False
        return self._settle(self._outlet.take(block_ms))

    def leave(self) -> None:
        """Say that we are gone for good."""
        self._outlet.leave()

    def _settle(self, held: Sequence[Held]) -> IngestReport:
        report = IngestReport()
        groups: dict[tuple[str, str, bool], list[Held]] = {}
        alone = []
        for each in held:
            entry = each.entry
            if entry is None or each.hands > _MOST_HANDS:
                alone.append(each)
            else:
                groups.setdefault((entry.source, entry.basis, entry.is_public), []).append(each)
        for group in groups.values():
            done = self._try_together(group)
            if done is None:
                alone += group
            else:
                report += done
        for each in self._outlet.least_tried_first(alone):
            report += self._try_alone(each)
        return report

    def _try_together(self, group: Sequence[Held]) -> IngestReport | None:
        """None if one of them cannot be stored, whichever it is."""
        try:
            report = self._store([each.entry for each in group if each.entry is not None])
        except Exception as error:  # noqa: BLE001 - receivers of the shop raise what they like
            self._raise_if_down(error)
            _log.warning("%d events could not be stored together (%r); each is tried alone.", len(group), error)
            return None
        self._outlet.take_out(group)
        return report

    def _try_alone(self, held: Held) -> IngestReport:
        """Counted before the attempt, because it may kill us."""
        tries = self._outlet.note_try(held)
        try:
            report = self._store_or_set_aside(held, tries)
        except Exception as error:  # noqa: BLE001 - one event must not hold up the others
            self._raise_if_down(error, undo=lambda: self._outlet.note_try(held, -1))
            _log.exception("The waiting event %s could not be stored: attempt %d.", held.key.decode(), tries)
            return IngestReport()
        self._outlet.take_out([held])
        return report

    def _store_or_set_aside(self, held: Held, tries: int) -> IngestReport:
        if held.entry is None:
            line = held.line.decode("ascii", "backslashreplace")
            nobodys = Entry(WaitedEvent(name="", properties={"line": line}), _UNKNOWN, CONSENT, is_public=False)
            return self._set_aside(nobodys, Rejected("unreadable", "What stood in the line is no event of ours."))
        if tries > MOST_TRIES:
            return self._set_aside(held.entry, Rejected("unstorable", REASONS["unstorable"]))
        return self._store([held.entry])

    def _store(self, entries: Sequence[Entry]) -> IngestReport:
        """All of one source, basis and kind."""
        first = entries[0]
        report = ingest.ingest(
            [entry.item for entry in entries],
            source=first.source,
            received_at=self._clock(),
            basis=first.basis,
            is_public=first.is_public,
        )
        self._on_stored({entry.item.visitor_key for entry in entries} - {""})
        return report

    def _set_aside(self, entry: Entry, why: Rejected) -> IngestReport:
        now = self._clock()
        terms = ingest.terms_for(entry.source, now, basis=entry.basis, is_public=entry.is_public)
        return set_aside([entry.item], terms, now, why)

    def _raise_if_down(self, error: Exception, undo: Callable[[], object] = lambda: None) -> None:
        if isinstance(error, DatabaseError) and not _database_answers():
            self._is_down = True
            undo()
            raise DatabaseDown from error


def _database_answers() -> bool:
    """Over a fresh connection, if the one at hand is broken."""
    connection = connections[router.db_for_write(Event)]
    for _ in range(2):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return True
        except DatabaseError:
            connection.close()
    return False
