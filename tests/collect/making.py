"""Events for tests, and a short way to send them and to look at what was stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory

from django_microseg.collect.catalogue import STANDARD
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import IngestReport, ingest
from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.collect.validate import Terms

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
NOON = 1_772_366_400_000  # NOW in milliseconds
HOUR = dt.timedelta(hours=1)


class Incoming(factory.Factory[IncomingEvent]):
    """An hour ago somebody saw a page."""

    class Meta:
        model = IncomingEvent

    name = "page_viewed"
    message_id = factory.Sequence(lambda number: f"m-{number}")
    visitor_key = "visitor-1"
    occurred_at = NOW - HOUR


def event(name: str = "page_viewed", properties: Any = None, **values: Any) -> IncomingEvent:
    return Incoming.build(name=name, properties={} if properties is None else properties, **values)


def order(key: str = "A", revenue: Any = 100, at: dt.timedelta = 5 * HOUR, **properties: Any) -> IncomingEvent:
    """An order of some hours ago."""
    given = {"order_id": key, "revenue": revenue, **properties}
    return event("order_completed", given, customer_key="c-1", visitor_key="", occurred_at=NOW - at)


def refund(key: str = "A", amount: Any = None, at: dt.timedelta = HOUR, **properties: Any) -> IncomingEvent:
    given = {"order_id": key, "amount": amount, **properties}
    return event("order_refunded", given, customer_key="c-1", visitor_key="", occurred_at=NOW - at)


def cancellation(key: str = "A", at: dt.timedelta = HOUR) -> IncomingEvent:
    return event("order_cancelled", {"order_id": key}, customer_key="c-1", visitor_key="", occurred_at=NOW - at)


def send(*events: IncomingEvent, source: str = "server", **options: Any) -> IngestReport:
    return ingest(events, source=source, received_at=options.pop("received_at", NOW), **options)


def stored(*fields: str, **which: Any) -> list[Any]:
    """Some columns of the stored events, in the order of events; a single column comes bare."""
    rows = Event.objects.filter(**which).order_by("occurred_at", "source", "message_hash", "position")
    return list(rows.values_list(*fields, flat=len(fields) == 1))


def reasons() -> list[str]:
    return list(QuarantinedEvent.objects.order_by("pk").values_list("reason", flat=True))


def terms(**values: Any) -> Terms:
    """What pure tests judge by: the standard catalogue in a shop that keeps UTC and counts euros."""
    given = {
        "catalogue": STANDARD,
        "source": "server",
        "basis": "consent",
        "is_public": False,
        "received_at": NOON,
        "shop_zone": dt.UTC,
        "currency": "EUR",
    }
    return Terms(**given | values)
