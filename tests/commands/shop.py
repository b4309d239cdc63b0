"""A shop of three customers with a few orders, and segments that tell them apart."""

from __future__ import annotations

import datetime as dt

from django_microseg.collect.ingest import IncomingEvent, ingest
from django_microseg.segment.json_form import to_json
from django_microseg.segment.listen import deferred
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

#: Customer, days before NOW, pounds.
ORDERS = (("anna", 2, 10), ("anna", 20, 20), ("anna", 80, 30), ("bert", 100, 90), ("cleo", 1, 5))


def order(customer: str, days: int, pounds: int) -> IncomingEvent:
    return IncomingEvent(
        name="order_completed",
        occurred_at=NOW - dt.timedelta(days=days),
        customer_key=customer,
        properties={"order_id": f"{customer}-{days}", "revenue": pounds, "currency": "GBP"},
    )


def fill(*orders: IncomingEvent, is_deferred: bool = True) -> None:
    """Store orders, as an import would: who ordered waits for a sweep."""
    events = orders or [order(*each) for each in ORDERS]
    if not is_deferred:
        ingest(events, source="shop", received_at=NOW, basis="contract")
        return
    with deferred():
        ingest(events, source="shop", received_at=NOW, basis="contract")


def segment(slug: str, rule: str) -> Segment:
    """A segment in force."""
    made = Segment.objects.create(slug=slug, name=slug.title())
    save_definition(made, to_json(parse(rule)), now=NOW)
    activate([made], now=NOW)
    made.refresh_from_db()
    return made
