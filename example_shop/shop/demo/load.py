"""Hands the demo story to the personalisation app, the way a shop brings in what happened before.

In come the story's dictionaries and who is known in the shop under which key; out goes the app's own report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django_microseg.history import IncomingEvent, IngestReport, add_events, add_facts, add_logins, sweep

from .people import Person
from .personalise import open_shop

__all__ = ["load_events", "load_facts"]

SOURCE = "demo"
# A login moves a visitor's events one profile at a time. For most of the story that is done beforehand, by naming the
# customer at once;
# one device in so many is left to log in for real, so that the log of merges has something to show.
_REAL_LOGIN_EVERY = 12
_STEP = timedelta(hours=6)


def load_events(
    events: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    keys: Mapping[str, str],
    lived: timedelta = timedelta(0),
) -> IngestReport:
    """Hand in the events. `keys` maps the story's customers to the shop's; who is not in it keeps the story's key.

    So much at the end is lived through, step by step, with segments in force: they have a history of joins and leaves.
    """
    owners = _owners(events)
    devices = sorted(owners)
    logins = {device: owners.pop(device) for device in devices[::_REAL_LOGIN_EVERY]}
    since = now - lived
    past = (_incoming(event, keys, owners) for event in events if event["occurred_at"] <= since)
    report = add_events(past, source=SOURCE, now=since)
    if lived:
        open_shop(since)
    lately = sorted((event for event in events if event["occurred_at"] > since), key=itemgetter("occurred_at"))
    for step, happened in groupby(lately, lambda event: (event["occurred_at"] - since) // _STEP):
        moment = min(since + (step + 1) * _STEP, now)
        report += add_events((_incoming(event, keys, owners) for event in happened), source=SOURCE, now=moment)
        sweep(now=moment)
    add_logins(((device, keys.get(customer, customer)) for device, customer in logins.items()), now=now)
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


def load_facts(people: Iterable[Person], *, now: datetime, keys: Mapping[str, str]) -> int:
    """Declare what the customers told the shop about themselves; returns how many profiles that changed."""
    told = (
        (keys.get(person.customer_key, person.customer_key), dict(_facts(person)))
        for person in people
        if person.customer_key
    )
    return add_facts(told, source=SOURCE, now=now)


def _facts(person: Person) -> Iterator[tuple[str, Any]]:
    if person.birthday:
        yield "birthday", person.birthday
    if person.gender:
        yield "gender", person.gender
    yield "country", person.country
    yield "newsletter", "yes" if person.newsletter else "no"
