"""One batch on its way into the tables: judged, claimed, matched with people, stored, told.

Used by `ingest` alone. Judging asks no table; everything after it happens in one transaction. Keys are
claimed before people are looked up, so a message that was here before locks nobody and brings nobody back.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connections, router, transaction

from . import hooks
from .batch import StoredBatch
from .draft import Draft
from .ids import clean_id
from .incoming import IncomingEvent
from .keys import claim
from .models import Event
from .order_voids import OrderVoids
from .quarantine import Refusal, forget, quarantine, refuse
from .rates import convert
from .reasons import Rejected
from .record import EventRecord
from .report import IngestReport
from .signals import events_stored
from .store import insert
from .validate import MAX_CUSTOMER_KEY, Judged, Terms, judge

__all__ = ["Good", "judge_all", "take_in"]

_log = logging.getLogger(__name__)
_place = attrgetter("occurred_at", "source", "message_hash.hex", "position")


@dataclass(frozen=True, slots=True)
class Good:
    """A good event, with where it stood in what was sent."""

    index: int
    item: IncomingEvent
    judged: Judged

    @property
    def message_hash(self) -> UUID:
        return self.judged.draft.message_hash


def take_in(items: Sequence[IncomingEvent], terms: Terms, received_at: dt.datetime, first_index: int) -> IngestReport:
    """Store a batch in one transaction."""
    verdicts: dict[UUID, Good | Refusal] = {}
    for verdict in judge_all(items, terms, first_index):
        verdicts.setdefault(verdict.message_hash, verdict)
    connection = connections[router.db_for_write(Event)]
    with transaction.atomic(using=connection.alias):
        fresh = claim(connection, terms.source, verdicts.keys(), terms.received_at)
        new = [verdict for key, verdict in verdicts.items() if key in fresh]
        welcome, people, refusals = _admit(new, received_at)
        if refusals:
            quarantine(refusals, terms.source, received_at)
        if welcome:
            _store(connection, welcome, people, terms, received_at)
    return IngestReport(
        received=len(items),
        stored=len(welcome),
        quarantined=len(refusals),
        duplicates=len(items) - len(new),
        derived=sum(len(good.judged.lines) for good in welcome),
        refusals=tuple(refusals),
    )


def judge_all(items: Sequence[IncomingEvent], terms: Terms, first_index: int) -> list[Good | Refusal]:
    """The verdict on each event of a batch, whatever it is."""
    return [_judge(index, item, terms) for index, item in enumerate(items, start=first_index)]


def _judge(index: int, item: IncomingEvent, terms: Terms) -> Good | Refusal:
    try:
        return Good(index, item, judge(item, terms))
    except Rejected as error:
        return refuse(index, item, error)
    except Exception:  # noqa: BLE001 - a fault of ours must not cost the neighbours in the batch
        _log.exception("An event from %s could not be judged; it is in quarantine.", terms.source)
        return refuse(index, item, Rejected("unreadable", "Reading the event failed: see the log."))


def _admit(
    new: Sequence[Good | Refusal], now: dt.datetime
) -> tuple[list[Good], Mapping[hooks.PersonKey, hooks.ProfileRow], list[Refusal]]:
    """Find the people; who was erased has no profile, and nothing of their events is kept."""
    good = [verdict for verdict in new if isinstance(verdict, Good)]
    people = hooks.people({verdict.judged.person for verdict in good}, now=now) if good else {}
    welcome = [verdict for verdict in good if verdict.judged.person in people]
    refused = [verdict for verdict in new if isinstance(verdict, Refusal)]
    named = {verdict.message_hash: person for verdict in refused if (person := _named(verdict.item))}
    erased = hooks.erased(named.values(), now=now) if named else ()
    refusals = [
        verdict
        if isinstance(verdict, Refusal) and named.get(verdict.message_hash) not in erased
        else forget(verdict.index, verdict.item, verdict.message_hash)
        for verdict in new
        if isinstance(verdict, Refusal) or verdict.judged.person not in people
    ]
    return welcome, people, refusals


def _named(item: IncomingEvent) -> hooks.PersonKey | None:
    """Whose a refused event says it is, where that can be read at all."""
    person = hooks.PersonKey(_readable(item.visitor_key), _readable(item.customer_key))
    return person if any(person) else None


def _readable(key: Any) -> str:
    try:
        return clean_id(key, "key", MAX_CUSTOMER_KEY)
    except Rejected:
        return ""


def _store(
    connection: Any,
    welcome: Sequence[Good],
    people: Mapping[hooks.PersonKey, hooks.ProfileRow],
    terms: Terms,
    received_at: dt.datetime,
) -> None:
    drafts = []
    for good in welcome:
        profile_id = people[good.judged.person].pk
        for draft in (good.judged.draft, *good.judged.lines):
            draft.profile_id = profile_id
            drafts.append(draft)
    convert(drafts, terms.currency, terms.shop_zone)
    voids = OrderVoids(connection, drafts)
    insert(connection, drafts)
    batch = StoredBatch(
        profiles={profile.pk: profile for profile in people.values()},
        records=_records_by_profile(drafts),
        refold=voids.apply(),
        received_at=received_at,
    )
    events_stored.send(sender=Event, batch=batch)


def _records_by_profile(drafts: Sequence[Draft]) -> dict[int, tuple[EventRecord, ...]]:
    mine: defaultdict[int, list[EventRecord]] = defaultdict(list)
    for draft in sorted(drafts, key=_place):
        mine[draft.profile_id].append(draft.record())
    return {profile_id: tuple(records) for profile_id, records in mine.items()}
