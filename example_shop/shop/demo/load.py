"""Hands the demo story to the personalisation app, the way an import of past behaviour would.

The only module of the demo that knows the app. In come the story's dictionaries and who is known in the shop under
which key; out goes the app's own report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.ingest import IncomingEvent, IngestReport, ingest
from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.resolve import resolve

from .people import Person

__all__ = ["load_events", "load_facts"]

SOURCE = "demo"
# A login moves a visitor's events one profile at a time. For most of the story that is done beforehand, by naming the
# customer at once;
# one device in so many is left to log in for real, so that the log of merges has something to show.
_REAL_LOGIN_EVERY = 12
_PEOPLE_AT_ONCE = 500


def load_events(events: Sequence[Mapping[str, Any]], *, now: datetime, keys: Mapping[str, str]) -> IngestReport:
    """Hand in the events. `keys` maps the story's customers to the shop's; who is not in it keeps the story's key."""
    owners = _owners(events)
    devices = sorted(owners)
    logins = {device: owners.pop(device) for device in devices[::_REAL_LOGIN_EVERY]}
    incoming = (_incoming(event, keys, owners) for event in events)
    report = ingest(incoming, source=SOURCE, received_at=now)
    for device, customer in logins.items():
        merge_at_login(device, keys.get(customer, customer), now=now)
    return report


def _owners(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Who signed in on which device."""
    return {
        event["visitor_key"]: event["customer_key"]
        for event in events
        if event["visitor_key"] and event["customer_key"]
    }


def _incoming(event: Mapping[str, Any], keys: Mapping[str, str], owners: Mapping[str, str]) -> IncomingEvent:
    customer = event["customer_key"] or owners.get(event["visitor_key"] or "")
    return IncomingEvent(
        name=event["name"],
        message_id=event["message_id"],
        occurred_at=event["occurred_at"],
        visitor_key=event["visitor_key"] or "",
        customer_key=keys.get(customer, customer) if customer else "",
        visit_key=event["visit_key"] or "",
        properties={name: value for name, value in event["properties"].items() if value is not None},
        device=event["device"],
        channel=event["channel"],
        campaign=event["campaign"] or "",
        country=event["country"],
        language=event["language"],
        timezone=event["timezone"],
    )


def load_facts(people: Sequence[Person], *, now: datetime, keys: Mapping[str, str]) -> int:
    """Declare what the customers told the shop about themselves; returns how many profiles that changed."""
    changed = 0
    for start in range(0, len(people), _PEOPLE_AT_ONCE):
        batch = {
            PersonKey("", keys.get(person.customer_key, person.customer_key)): person
            for person in people[start : start + _PEOPLE_AT_ONCE]
            if person.customer_key
        }
        with transaction.atomic():
            profiles = resolve(batch, now=now)
            rows = [row for key, profile in profiles.items() for row in _facts(profile.pk, batch[key])]
            changed += len(set_facts(rows, now=now))
    return changed


def _facts(profile_id: int, person: Person) -> Iterator[Declaration]:
    told = {
        "birthday": person.birthday,
        "gender": person.gender or None,
        "country": person.country,
        "newsletter": "yes" if person.newsletter else "no",
    }
    for name, value in told.items():
        if value is not None:
            yield Declaration(profile_id, name, value, SOURCE)
