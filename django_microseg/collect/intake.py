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
from .counts import COUNTS
from .draft import Draft
from .ids import clean_id
from .incoming import IncomingEvent, WaitedEvent
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
from .validate import CONSENT, MAX_CUSTOMER_KEY, Judged, Terms, judge

__all__ = ["Good", "judge_all", "set_aside", "take_in"]

_log = logging.getLogger(__name__)
_NOBODY = hooks.PersonKey("", "")
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


_Verdict = Good | Refusal


def take_in(items: Sequence[IncomingEvent], terms: Terms, received_at: dt.datetime, first_index: int) -> IngestReport:
    """Store a batch in one transaction."""
    return _settle(judge_all(items, terms, first_index), terms, received_at)


def set_aside(items: Sequence[IncomingEvent], terms: Terms, received_at: dt.datetime, why: Rejected) -> IngestReport:
    """Put a batch into quarantine without trying to store it; of whom we must forget, nothing is kept."""
    return _settle([refuse(index, item, why) for index, item in enumerate(items)], terms, received_at)


def _settle(judged: Sequence[_Verdict], terms: Terms, received_at: dt.datetime) -> IngestReport:
    verdicts: dict[UUID, _Verdict] = {}
    for verdict in judged:
        verdicts.setdefault(verdict.message_hash, verdict)
    connection = connections[router.db_for_write(Event)]
    with transaction.atomic(using=connection.alias):
        fresh = claim(connection, terms.source, verdicts.keys(), terms.received_at)
        new = [verdict for key, verdict in verdicts.items() if key in fresh]
        welcome, people, refusals = _admit(new, terms, received_at)
        if refusals:
            quarantine(refusals, terms.source, received_at)
        if welcome:
            _store(connection, welcome, people, terms, received_at)
    first = {verdict.index for verdict in new}
    repeated = [verdict for verdict in judged if verdict.index not in first]
    COUNTS.note(
        terms.source,
        terms.received_at,
        stored=((good.judged.draft.name, good.judged.draft.occurred_at) for good in welcome),
        refused=(terms.catalogue.name_of(refusal.item.name) for refusal in refusals),
        repeated=(terms.catalogue.name_of(verdict.item.name) for verdict in repeated),
    )
    return IngestReport(
        received=len(judged),
        stored=len(welcome),
        quarantined=len(refusals),
        duplicates=len(judged) - len(new),
        derived=sum(len(good.judged.lines) for good in welcome),
        refusals=tuple(refusals),
        repeats=tuple(verdict.index for verdict in repeated),
        refused_before=tuple(verdict for verdict in repeated if isinstance(verdict, Refusal)),
    )


def judge_all(items: Sequence[IncomingEvent], terms: Terms, first_index: int) -> list[Good | Refusal]:
    """The verdict on each event of a batch, whatever it is."""
    return [_judge(index, item, terms) for index, item in enumerate(items, start=first_index)]


def _judge(index: int, item: IncomingEvent, terms: Terms) -> _Verdict:
    try:
        return Good(index, item, judge(item, terms))
    except Rejected as error:
        return refuse(index, item, error)
    except Exception:  # noqa: BLE001 - a fault of ours must not cost the neighbours in the batch
        _log.exception("An event from %s could not be judged; it is in quarantine.", terms.source)
        return refuse(index, item, Rejected("unreadable", "Reading the event failed: see the log."))


def _admit(
    new: Sequence[_Verdict], terms: Terms, now: dt.datetime
) -> tuple[list[Good], Mapping[hooks.PersonKey, hooks.ProfileRow], list[Refusal]]:
    """Find the people. Who was erased or has withdrawn has no profile, and nothing of their events is kept."""
    whose = {verdict.message_hash: _whose(verdict) for verdict in new}
    gone = _withdrawn(new, whose, terms)
    good = [verdict for verdict in new if isinstance(verdict, Good) and verdict.message_hash not in gone]
    people = hooks.people({whose[verdict.message_hash] for verdict in good}, now=now) if good else {}
    named = {whose[verdict.message_hash] for verdict in new if isinstance(verdict, Refusal)} - {_NOBODY}
    erased = hooks.erased(named, now=now) if named else ()
    welcome = [verdict for verdict in good if whose[verdict.message_hash] in people]
    refusals = []
    for verdict in new:
        person = whose[verdict.message_hash]
        if verdict.message_hash in gone:
            refusals.append(forget(verdict.index, verdict.item, verdict.message_hash, "consent_withdrawn"))
        elif person in erased or (isinstance(verdict, Good) and person not in people):
            refusals.append(forget(verdict.index, verdict.item, verdict.message_hash, "erased_person"))
        elif isinstance(verdict, Refusal):
            refusals.append(verdict)
    return welcome, people, refusals


def _withdrawn(new: Sequence[_Verdict], whose: Mapping[UUID, hooks.PersonKey], terms: Terms) -> frozenset[UUID]:
    """What has waited on the basis of a consent that was withdrawn meanwhile; nothing else is asked about."""
    waited = {
        verdict.message_hash: whose[verdict.message_hash].visitor_key
        for verdict in new
        if isinstance(verdict.item, WaitedEvent) and (verdict.item.basis or terms.basis) == CONSENT
    }
    keys = set(waited.values()) - {""}
    withdrawn = hooks.withdrawn(keys) if keys else ()
    return frozenset(message_hash for message_hash, key in waited.items() if key in withdrawn)


def _whose(verdict: _Verdict) -> hooks.PersonKey:
    """Whose event it is; of a refused one, whose it says it is, where that can be read at all."""
    if isinstance(verdict, Good):
        return verdict.judged.person
    item = verdict.item
    return hooks.PersonKey(_readable(item.visitor_key), _readable(item.customer_key))


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
