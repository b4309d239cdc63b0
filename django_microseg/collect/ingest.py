"""Takes events in: judges each, stores the new ones, and tells later rooms.

In come events as a door hands them over, out goes a report in which everything received is
stored, quarantined or a duplicate. One transaction for each batch of at most 1,000; no payload
makes it raise. Statements of a batch: keys, people, events; two more where orders, refunds or
foreign currencies are among them, one more for what is refused.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connections, router, transaction
from django.utils import timezone

from .. import conf
from . import hooks
from .batch import StoredBatch
from .draft import Draft
from .events import catalogue, readers
from .fields import to_ms
from .incoming import IncomingEvent
from .keys import claim
from .models import Event
from .order_voids import OrderVoids
from .quarantine import Refusal, quarantine, refuse
from .rates import convert
from .reasons import Rejected
from .report import IngestReport
from .signals import events_stored
from .sources import check_source
from .store import insert
from .validate import Judged, Terms, judge

__all__ = ["BATCH_SIZE", "IncomingEvent", "IngestReport", "ingest"]

BATCH_SIZE = 1000
_by_order = attrgetter("occurred_at", "source", "message_hash.hex", "position")


def ingest(
    events: Iterable[IncomingEvent],
    *,
    source: str,
    received_at: dt.datetime,
    basis: str = "consent",
    is_public: bool = False,
) -> IngestReport:
    """Store events that arrived at a moment from a source.

    ``is_public`` says that a browser sent them: then only public events pass, and the source must
    be ``browser`` or ``browser:…``. Raises `WrongSource` for a door that mixes these up, and what
    the database raises.
    """
    check_source(source, is_public=is_public)
    terms = Terms(
        catalogue=catalogue(),
        source=source,
        basis=basis,
        is_public=is_public,
        received_at=to_ms(received_at),
        shop_zone=_shop_zone(),
        currency=conf.get("CURRENCY"),
        readers=readers(),
    )
    report = IngestReport()
    rest = iter(events)
    while items := list(islice(rest, BATCH_SIZE)):
        report += _Intake(terms, received_at, report.received).take(items)
    return report


def _shop_zone() -> dt.tzinfo:
    name = conf.get("TIME_ZONE")
    return ZoneInfo(name) if name else timezone.get_default_timezone()


@dataclass(slots=True)
class _Intake:
    """One batch on its way into the tables."""

    terms: Terms
    received_at: dt.datetime
    first_index: int

    def take(self, items: Sequence[IncomingEvent]) -> IngestReport:
        judged = {}
        for index, item in enumerate(items, start=self.first_index):
            verdict = self._judge(index, item)
            judged.setdefault(_hash_of(verdict), verdict)
        alias = router.db_for_write(Event)
        with transaction.atomic(using=alias):
            fresh = claim(connections[alias], self.terms.source, judged.keys(), self.terms.received_at)
            verdicts = [judged[key] for key in judged if key in fresh]
            refusals = [verdict for verdict in verdicts if isinstance(verdict, Refusal)]
            good = [verdict for verdict in verdicts if isinstance(verdict, Judged)]
            if refusals:
                quarantine(refusals, self.terms.source, self.received_at)
            if good:
                self._store(connections[alias], good)
        return IngestReport(
            received=len(items),
            stored=len(good),
            quarantined=len(refusals),
            duplicates=len(items) - len(verdicts),
            derived=sum(len(verdict.lines) for verdict in good),
            refusals=tuple(refusals),
        )

    def _judge(self, index: int, item: IncomingEvent) -> Judged | Refusal:
        try:
            return judge(item, self.terms)
        except Rejected as error:
            return refuse(index, item, error)

    def _store(self, connection: object, good: Sequence[Judged]) -> None:
        profiles = hooks.people({verdict.person for verdict in good}, now=self.received_at)
        drafts = []
        for verdict in good:
            profile_id = profiles[verdict.person].pk
            for draft in (verdict.draft, *verdict.lines):
                draft.profile_id = profile_id
                drafts.append(draft)
        convert(drafts, self.terms.currency, self.terms.shop_zone)
        voids = OrderVoids(connection, drafts)
        insert(connection, drafts)
        refold = voids.apply()
        batch = StoredBatch(
            profiles={profile.pk: profile for profile in profiles.values()},
            records={profile_id: tuple(records) for profile_id, records in _by_profile(drafts)},
            refold=refold,
            received_at=self.received_at,
        )
        events_stored.send(sender=Event, batch=batch)


def _hash_of(verdict: Judged | Refusal) -> UUID:
    return verdict.draft.message_hash if isinstance(verdict, Judged) else verdict.message_hash


def _by_profile(drafts: Sequence[Draft]) -> Iterator[tuple[int, list]]:
    mine = defaultdict(list)
    for draft in sorted(drafts, key=_by_order):
        mine[draft.profile_id].append(draft.record())
    yield from mine.items()
