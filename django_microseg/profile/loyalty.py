"""The loyalty programme: tier, balance, and what is missing for the next tier, as facts for rules.

Comes in: events of the programme, in any order and from any source, or a balance that another system declares. Goes
out: the facts ``tier``, ``loyalty_points``, ``loyalty_since``, and what follows from the balance by
``MICROSEG["LOYALTY_TIERS"]``. A balance is the last that somebody named (an event's ``balance``, or a declared fact),
and what was earned and spent since. So it is the same however events come in, and nothing is counted twice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from .. import conf
from ..collect.batch import StoredBatch
from ..collect.fields import from_ms
from ..collect.models import Event
from ..collect.record import LABEL_END, EventRecord
from .fact_catalogue import FACTS
from .facts import Declaration, set_facts, standing_facts
from .models import Fact, Profile

__all__ = ["JOINED", "first_tier", "on_loyalty_events", "on_loyalty_people", "on_points_known"]

JOINED, TIER_CHANGED = "loyalty_joined", "loyalty_tier_changed"
EARNED, SPENT = "loyalty_points_earned", "loyalty_points_spent"
_POINTS = "loyalty_points"
_DERIVED = tuple(fact.name for fact in FACTS.values() if fact.derived_from == _POINTS)
#: Whose word a balance is that was counted from events.
_SOURCE = "loyalty"
_THOUSAND = Decimal(1000)


def on_loyalty_events(sender: Any, *, batch: StoredBatch, **kwargs: Any) -> None:
    """Somebody joined, rose, earned or spent. Connected by the door `wiring`."""
    told = [each for pk, records in batch.records.items() for each in _told(pk, records)]
    if told:
        set_facts(told, now=batch.received_at)
    moved = {pk for pk, records in batch.records.items() if any(r.name in (EARNED, SPENT) for r in records)}
    if moved:
        _count(moved, now=batch.received_at)


def on_points_known(
    sender: Any, *, profile_ids: Collection[int], names: Collection[str], now: dt.datetime, **kwargs: Any
) -> None:
    """A balance changed, whoever said so: tell what is missing for the next tier."""
    if _POINTS not in names:
        return
    tiers = _tiers()
    balances = standing_facts(profile_ids, [_POINTS], now)
    declared = [
        Declaration(profile_id, name, value, _SOURCE)
        for profile_id in profile_ids
        for name, value in _missing(balances.get((profile_id, _POINTS)), tiers).items()
    ]
    set_facts(declared, now=now, are_counted=True)


def on_loyalty_people(sender: Any, *, target: Profile, source: Profile, now: dt.datetime, **kwargs: Any) -> None:
    """Two profiles became one, or one became two: each balance is that of its own events."""
    mine = Event.objects.filter(profile__in={target.pk, source.pk}, name__in=(EARNED, SPENT))
    _count(set(mine.values_list("profile", flat=True)), now=now, since=now)


def _told(profile_id: int, records: Iterable[EventRecord]) -> Iterator[Declaration]:
    for record in records:
        moment = from_ms(record.occurred_at)
        if record.name == JOINED:
            yield Declaration(profile_id, "loyalty_since", moment.date(), record.source, valid_from=moment)
        if record.name in (JOINED, TIER_CHANGED):
            tier = next((p for p in record.labels.split(LABEL_END) if p.startswith("tier=")), "")
            if tier:
                yield Declaration(profile_id, "tier", tier.removeprefix("tier="), record.source, valid_from=moment)


def _count(profile_ids: Collection[int], *, now: dt.datetime, since: dt.datetime | None = None) -> None:
    """Write each balance that the events give; of no events, nothing.

    It counts from ``since``, else from the last event, but never before one that was counted earlier: that one is
    outdated now.
    """
    named, counted = _balances_named(profile_ids)
    found: dict[int, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(profile__in=profile_ids, name__in=(EARNED, SPENT), voided_at=None)
    for row in rows.order_by("occurred_at", "source", "message_hash", "position"):
        if row.profile_id is not None:
            found[row.profile_id].append(row)
    declared = [
        Declaration(
            profile_id,
            _POINTS,
            _balance(events, named.get(profile_id)),
            _SOURCE,
            valid_from=max(since or events[-1].occurred_at, counted.get(profile_id, events[-1].occurred_at)),
        )
        for profile_id, events in found.items()
    ]
    set_facts(declared, now=now)


def _balances_named(profile_ids: Collection[int]) -> tuple[Mapping[int, Fact], Mapping[int, dt.datetime]]:
    """Of each the balance that another system declared last, and since when the one counts that was counted last."""
    rows = list(Fact.objects.filter(profile__in=profile_ids, name=_POINTS).order_by("valid_from", "pk"))
    named = {row.profile_id: row for row in rows if row.source != _SOURCE}
    return named, {row.profile_id: row.valid_from for row in rows if row.source == _SOURCE}


def _balance(events: Iterable[Event], named: Fact | None) -> Decimal:
    """Points in the order in which things happened, from the last balance that somebody named."""
    points = Decimal(0)
    waits = named
    for event in events:
        if waits is not None and waits.valid_from <= event.occurred_at:
            points, waits = Decimal(waits.number or 0) / _THOUSAND, None
        told = _number(event.properties.get("balance"))
        change = Decimal(event.measure or 0) / _THOUSAND
        points = told if told is not None else points + (change if event.name == EARNED else -change)
    return points if waits is None else Decimal(waits.number or 0) / _THOUSAND


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def first_tier() -> str:
    """The tier of whoever has no points yet; empty if the shop names none."""
    tiers = _tiers()
    return tiers[0][1] if tiers else ""


def _tiers() -> list[tuple[Decimal, str]]:
    return sorted((Decimal(str(points)), name) for name, points in conf.get("LOYALTY_TIERS").items())


def _missing(balance: Fact | None, tiers: list[tuple[Decimal, str]]) -> dict[str, str | Decimal | None]:
    """The next tier and the points to it; None, which ends a fact, where there is none."""
    if balance is None:
        return dict.fromkeys(_DERIVED)
    points = Decimal(balance.number or 0) / _THOUSAND
    threshold, name = next(((at, name) for at, name in tiers if at > points), (None, None))
    return {"next_tier": name, "points_to_next_tier": None if threshold is None else threshold - points}
