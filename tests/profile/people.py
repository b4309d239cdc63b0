"""People, events and identities for tests: plain rows, made as the rooms themselves make them."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from django.db import transaction

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event
from django_microseg.profile.models import Fact, Identity, Profile
from django_microseg.profile.resolve import resolve

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

_numbers = itertools.count(1)


def person(visitor_key: str = "", customer_key: str = "") -> Profile:
    """The profile of a visitor, of a customer, or of a visitor known to be that customer."""
    key = PersonKey(visitor_key, customer_key)
    with transaction.atomic():
        return resolve([key], now=NOW)[key]


def event(profile: Profile, visitor_key: str = "", **values: Any) -> Event:
    row = {
        "name": "product_viewed",
        "source": "browser",
        "occurred_at": NOW,
        "received_at": NOW,
        "message_hash": uuid.UUID(int=next(_numbers)),
    }
    return Event.objects.create(profile=profile, visitor_key=visitor_key, **row | values)


def track(visitor_key: str = "", customer_key: str = "") -> Event | None:
    """What any writer of events does: find and lock the person, then store. None: refused."""
    key = PersonKey(visitor_key, customer_key)
    with transaction.atomic():
        profile = resolve([key], now=NOW).get(key)
        if profile is None:
            return None
        return event(profile, visitor_key, message_hash=uuid.uuid4())


def fact(profile: Profile, name: str = "gender", text: str = "female", **values: Any) -> Fact:
    row = {"origin": profile, "source": "crm", "valid_from": NOW}
    return Fact.objects.create(profile=profile, name=name, text=text, **row | values)


def owners() -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    """Whose each event, identity and fact is."""
    return (
        dict(Event.objects.values_list("pk", "profile_id")),
        {(row.kind, row.value): row.profile_id for row in Identity.objects.all()},
        {row.pk: (row.profile_id, row.origin_id) for row in Fact.objects.all()},
    )
