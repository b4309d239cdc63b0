"""Removes what has been kept long enough (``RETENTION_DAYS``), a little at a time.

Events are not among it: they are the truth from which all else is worked out, and a rule may count
over all time. Only the events of a visitor who withdrew consent go, with everything else of theirs.
Each batch is a transaction of its own, so nobody waits for long; a stop in between loses nothing.
Safe to run twice at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from .. import conf
from ..collect.models import Event, ImportMark, QuarantinedEvent
from ..decide.offers.models import RedemptionKey
from ..profile.models import Identity, PopulationFact, Profile, Tombstone
from ..segment.heartbeat import PURGE, note_seen, was_seen_within
from ..segment.models import MembershipChange, RefreshRun
from ..segment.uploads.models import Upload
from .erase import erase
from .models import ConsentRecord

__all__ = ["count_expired", "purge_daily", "purge_expired"]

_BATCH = 500
_DAILY = dt.timedelta(hours=24)

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of thing that is kept for a time. ``find`` takes the instant up to which all has expired."""

    name: str
    find: Callable[[dt.datetime], QuerySet[Any]]


def count_expired(*, now: dt.datetime) -> dict[str, int]:
    """How much a purge would remove, by kind. Writes nothing."""
    return {kind.name: kind.find(moment).count() for kind, moment in _expiring(now)}


def purge_expired(*, now: dt.datetime, should_stop: Stop = lambda: False) -> dict[str, int]:
    """Remove what has expired; goes out: how much of each kind."""
    done = {kind.name: _purge(kind, moment, now, should_stop) for kind, moment in _expiring(now)}
    if not should_stop():
        note_seen(PURGE, now=now)
    return done


def purge_daily(*, now: dt.datetime, should_stop: Stop = lambda: False) -> Mapping[str, int]:
    """Purge, unless that was done within the last day."""
    return {} if was_seen_within(PURGE, _DAILY, now=now) else purge_expired(now=now, should_stop=should_stop)


def _expiring(now: dt.datetime) -> Iterator[tuple[_Kind, dt.datetime]]:
    days = {**conf.DEFAULTS["RETENTION_DAYS"], **conf.get("RETENTION_DAYS")}
    for kind in _KINDS:
        if days[kind.name] is not None:
            yield kind, now - dt.timedelta(days=days[kind.name])
    yield _TOMBSTONES, now


def _purge(kind: _Kind, moment: dt.datetime, now: dt.datetime, should_stop: Stop) -> int:
    remove = _forget if kind is _WITHDRAWN else _delete
    done = 0
    for ids in _batches(kind.find(moment), should_stop):
        done += remove(kind.find(moment), ids, now)
    return done


def _batches(rows: QuerySet[Any], should_stop: Stop) -> Iterator[list[int]]:
    last = 0
    while not should_stop():
        ids = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _delete(rows: QuerySet[Any], ids: list[int], now: dt.datetime) -> int:
    """Asked again whether they have expired: what came alive meanwhile stays."""
    label: str = rows.model._meta.label
    return rows.filter(pk__in=ids).delete()[1].get(label, 0)


def _forget(profiles: QuerySet[Any], ids: list[int], now: dt.datetime) -> int:
    """One by one: an erasure reaches every table and cache."""
    found = list(profiles.filter(pk__in=ids))
    for profile in found:
        erase(profile, now=now)
    return len(found)


def _quarantined(moment: dt.datetime) -> QuerySet[QuarantinedEvent]:
    return QuarantinedEvent.objects.filter(received_at__lte=moment)


def _withdrawn(moment: dt.datetime) -> QuerySet[Profile]:
    """Visitors whose every id has withdrawn consent, and of whom nothing else gives us a right to know."""
    consents = ConsentRecord.objects.filter(visitor_key=OuterRef("value"))
    standing = consents.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment))
    ended = consents.filter(ended_at__lte=moment)
    identities = Identity.objects.filter(profile=OuterRef("pk"))
    has_withdrawn = Q(Exists(ended)) & ~Q(Exists(standing)) & Q(kind=Identity.Kind.VISITOR)
    by_contract = Event.objects.filter(profile=OuterRef("pk"), basis="contract")
    return Profile.objects.filter(
        Exists(identities.filter(has_withdrawn)),
        ~Exists(identities.exclude(has_withdrawn)),
        ~Exists(by_contract),
        customer_key=None,
        merged_into=None,
    )


def _consents(moment: dt.datetime) -> QuerySet[ConsentRecord]:
    return ConsentRecord.objects.filter(ended_at__lte=moment)


def _changes(moment: dt.datetime) -> QuerySet[MembershipChange]:
    return MembershipChange.objects.filter(changed_at__lte=moment, delivered_at__isnull=False)


def _runs(moment: dt.datetime) -> QuerySet[RefreshRun]:
    return RefreshRun.objects.filter(started_at__lte=moment)


def _figures(moment: dt.datetime) -> QuerySet[PopulationFact]:
    """Never the newest of a name: people are compared with it."""
    newer = PopulationFact.objects.filter(
        name=OuterRef("name"), computed_at__gt=OuterRef("computed_at"), settled_at__isnull=False
    )
    return PopulationFact.objects.filter(Exists(newer), computed_at__lte=moment)


def _imports(moment: dt.datetime) -> QuerySet[ImportMark]:
    return ImportMark.objects.filter(moved_at__lte=moment)


def _uploads(moment: dt.datetime) -> QuerySet[Upload]:
    return Upload.objects.filter(uploaded_at__lte=moment)


def _redemption_keys(moment: dt.datetime) -> QuerySet[RedemptionKey]:
    """Of offers that have ended: nobody could use them again anyway."""
    return RedemptionKey.objects.filter(redemption__offer__ends_at__lte=moment)


def _tombstones(moment: dt.datetime) -> QuerySet[Tombstone]:
    return Tombstone.objects.filter(expires_at__lte=moment)


_WITHDRAWN = _Kind("withdrawn", _withdrawn)
_TOMBSTONES = _Kind("tombstones", _tombstones)
_KINDS = (
    _Kind("quarantine", _quarantined),
    _WITHDRAWN,
    _Kind("consents", _consents),
    _Kind("changes", _changes),
    _Kind("runs", _runs),
    _Kind("figures", _figures),
    _Kind("imports", _imports),
    _Kind("uploads", _uploads),
    _Kind("redemption_keys", _redemption_keys),
)
