"""Door: bring in what happened before this app was there: events, logins, and what customers told you.

For files of orders and customers there is the command `microseg_import`; this is for whoever reads another system by
code. All of it may be brought in again: what is known already is not counted twice. When all is in, run
`microseg_refresh`, which evaluates everybody anew. ``now`` is this moment, unless you tell a story of another one.

To give segments a past as well, put them in force first (`setup` takes ``now`` too), hand in the events step by step in
their order, each with the end of its step as ``now``, and `sweep` after each: memberships then begin and end as they
would have, had the app been there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.db import transaction
from django.utils import timezone

from .collect.hooks import PersonKey
from .collect.incoming import IncomingEvent
from .collect.ingest import ingest
from .collect.report import IngestReport
from .profile.fact_catalogue import FactValue
from .profile.facts import Declaration, set_facts
from .profile.merge import merge_at_login
from .profile.resolve import resolve
from .segment.refresh import refresh_due

__all__ = ["IncomingEvent", "IngestReport", "add_events", "add_facts", "add_logins", "sweep"]

_PEOPLE_AT_ONCE = 500

_Told = tuple[str, Mapping[str, FactValue]]


def add_events(
    events: Iterable[IncomingEvent], *, source: str, basis: str = "consent", now: dt.datetime | None = None
) -> IngestReport:
    """Store past events. ``source`` names where they come from; a ``message_id`` is unique within it.

    ``basis`` is why you may keep them: ``consent``, or ``contract`` for orders. Nothing that stands in an event
    raises: what cannot be stored is kept in quarantine, and the report says why.
    """
    return ingest(events, source=source, received_at=now or timezone.now(), basis=basis)


def add_logins(logins: Iterable[tuple[str, str]], *, now: dt.datetime | None = None) -> int:
    """Say which customer stood behind which visitor key; returns how many there were.

    What the visitor did becomes the customer's. Raises `DifferentCustomers` for a visitor who is another one's.
    """
    number = 0
    for visitor_key, customer_key in logins:
        merge_at_login(visitor_key, customer_key, now=now or timezone.now())
        number += 1
    return number


def add_facts(told: Iterable[_Told], *, source: str, now: dt.datetime | None = None) -> int:
    """Declare facts by customer key: ``("17", {"birthday": date(1990, 5, 1)})``; returns how many profiles changed.

    Raises `InvalidFact` for a fact that the catalogue does not know, or a value that it cannot have.
    """
    rest, changed = iter(told), 0
    while batch := list(islice(rest, _PEOPLE_AT_ONCE)):
        people: dict[PersonKey, dict[str, FactValue]] = {}
        for key, facts in batch:
            people.setdefault(PersonKey("", key), {}).update(facts)
        changed += _declare(people, source, now or timezone.now())
    return changed


def sweep(*, now: dt.datetime) -> int:
    """Move whom time alone moves until an instant of the story; returns how many memberships began or ended."""
    done = refresh_due(now)
    return done.entered + done.left


def _declare(batch: Mapping[PersonKey, Mapping[str, FactValue]], source: str, now: dt.datetime) -> int:
    with transaction.atomic():
        found = resolve(batch, now=now)
        rows = (row for key, profile in found.items() for row in _declarations(profile.pk, batch[key], source))
        return len(set_facts(rows, now=now))


def _declarations(profile_id: int, facts: Mapping[str, FactValue], source: str) -> Iterator[Declaration]:
    for name, value in facts.items():
        yield Declaration(profile_id, name, value, source)
