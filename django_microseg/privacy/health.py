"""How well data comes in: counts, reasons of refusals, consents, and what the catalogue does not know.

Comes in: a number of days. Goes out: plain figures for a page. Nobody's data is in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max

from ..collect.counts import COUNTS, FIGURES, Tallied
from ..collect.events import catalogue
from ..collect.models import Event, IntakeCount, QuarantinedEvent
from .consent import PURPOSES
from .models import ConsentRecord

__all__ = ["Consents", "EventHealth", "Health", "Reason", "Unknown", "health_of"]

_SAMPLE = 2000
_MOST_UNKNOWN = 20


@dataclass(frozen=True, slots=True)
class EventHealth:
    """One event, or all of them. ``by_day`` is what was stored, oldest first."""

    name: str
    sources: tuple[str, ...]
    figures: Tallied
    by_day: tuple[int, ...] = ()

    @property
    def received(self) -> int:
        return self.figures.stored + self.figures.refused + self.figures.repeated

    @property
    def lag_seconds(self) -> float | None:
        """How long after it happened it arrived, on average; None of nothing."""
        return self.figures.lag_ms / self.figures.stored / 1000 if self.figures.stored else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why events were refused: how many, and what was said of the last one."""

    reason: str
    number: int
    detail: str


@dataclass(frozen=True, slots=True)
class Consents:
    """Who said yes, by purpose, and who took it back. A refusal leaves no trace, so nobody can count those."""

    given: int
    by_purpose: dict[str, int]
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A property that the catalogue does not know, and in how many of the latest events it stood."""

    event: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Health:
    days: int
    total: EventHealth
    events: tuple[EventHealth, ...]
    reasons: tuple[Reason, ...]
    consents: Consents
    unknown: tuple[Unknown, ...]


def health_of(*, days: int, now: dt.datetime) -> Health:
    """The last so many days, today among them (UTC). As many statements, whatever came in."""
    COUNTS.write()
    first = now.date() - dt.timedelta(days=days - 1)
    since = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC)
    rows = list(IntakeCount.objects.filter(day__gte=first, day__lte=now.date()))
    names = sorted({row.name for row in rows if row.stored or row.refused or row.repeated})
    events = [_event(name, [row for row in rows if row.name == name], first, days) for name in names]
    return Health(
        days,
        _event("", rows, first, days),
        tuple(sorted(events, key=lambda event: -event.received)),
        _reasons(since),
        _consents(since),
        _unknown(),
    )


def _event(name: str, rows: Iterable[IntakeCount], first: dt.date, days: int) -> EventHealth:
    figures, by_day, sources = Tallied(), [0] * days, set()
    for row in rows:
        for each in FIGURES:
            setattr(figures, each, getattr(figures, each) + getattr(row, each))
        by_day[(row.day - first).days] += row.stored
        sources.add(row.source)
    return EventHealth(name, tuple(sorted(sources)), figures, tuple(by_day))


def _reasons(since: dt.datetime) -> tuple[Reason, ...]:
    refused = QuarantinedEvent.objects.filter(received_at__gte=since)
    found = list(refused.values("reason").annotate(number=Count("pk"), last=Max("pk")).order_by("-number", "reason"))
    details = dict(refused.filter(pk__in=[each["last"] for each in found]).values_list("pk", "detail"))
    return tuple(Reason(each["reason"], each["number"], details.get(each["last"], "")) for each in found)


def _consents(since: dt.datetime) -> Consents:
    given = ConsentRecord.objects.filter(given_at__gte=since).exclude(purposes=[])
    by_choice = list(given.values_list("purposes").annotate(number=Count("pk")).order_by())
    by_purpose = {purpose: sum(number for chosen, number in by_choice if purpose in chosen) for purpose in PURPOSES}
    ended = ConsentRecord.objects.filter(ended_at__gte=since).values("visitor_key").distinct()
    standing = ConsentRecord.objects.filter(ended_at=None).exclude(purposes=[]).values("visitor_key")
    withdrawn = ended.exclude(visitor_key__in=standing).count()
    return Consents(sum(number for _, number in by_choice), by_purpose, withdrawn)


def _unknown() -> tuple[Unknown, ...]:
    found: Counter[tuple[str, str]] = Counter()
    for name, properties in Event.objects.order_by("-pk").values_list("name", "properties")[:_SAMPLE]:
        event = catalogue().event_type(name)
        known = {prop.name for prop in event.properties} if event else set()
        found.update((name, prop) for prop in properties if prop not in known)
    return tuple(Unknown(name, prop, number) for (name, prop), number in found.most_common(_MOST_UNKNOWN))
