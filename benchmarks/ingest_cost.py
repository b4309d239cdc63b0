"""What storing events costs, against a bare `bulk_create` of the same rows in the same database.

`ingest_vs_bulk_create()` stores the same events both ways in turns and gives the ratio of the
medians. Ours judges, claims, finds people and derives lines; the bare way gets finished rows.
The tables must be there and are left with the rows in them.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import BATCH_SIZE, ingest
from django_microseg.collect.models import Event

__all__ = ["IngestCost", "ingest_vs_bulk_create", "shop_day"]

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class IngestCost:
    """Seconds for a batch (medians), rows in a batch, and their ratio."""

    ours_seconds: float
    bare_seconds: float
    events: int
    rows: int
    vendor: str

    @property
    def ratio(self) -> float:
        return self.ours_seconds / self.bare_seconds


def shop_day(count: int, *, people: int = 2000, seed: int = 1, prefix: str = "b") -> list[IncomingEvent]:
    """A shop's day without faults: three views for each click, some carts, few orders of three lines."""
    chance = random.Random(seed)
    return [_one(number, chance, people, f"{prefix}{seed}-{number}") for number in range(count)]


def ingest_vs_bulk_create(events: int = 20_000, *, batch: int = BATCH_SIZE, seed: int = 1) -> IngestCost:
    """Store ``events`` both ways, a batch of each in turns; the first pair warms up."""
    ours: list[float] = []
    bare: list[float] = []
    items = shop_day(events + batch, seed=seed)
    for start in range(0, len(items), batch):
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        began = time.perf_counter()
        ingest(items[start : start + batch], source=f"bench-{seed}", received_at=NOW)
        ours.append(time.perf_counter() - began)
        rows = _copies(list(Event.objects.filter(pk__gt=last).order_by("pk")), f"bare-{seed}")
        began = time.perf_counter()
        with transaction.atomic():
            Event.objects.bulk_create(rows)
        bare.append(time.perf_counter() - began)
    stored = Event.objects.filter(source=f"bench-{seed}").count()
    return IngestCost(
        ours_seconds=statistics.median(ours[1:]),
        bare_seconds=statistics.median(bare[1:]),
        events=events,
        rows=stored * events // len(items),
        vendor=connection.vendor,
    )


def _copies(rows: list[Event], source: str) -> list[Event]:
    for row in rows:
        row.pk, row.source = None, source
    return rows


def _one(number: int, chance: random.Random, people: int, message_id: str) -> IncomingEvent:
    person = chance.randrange(people)
    product = _product(chance)
    name, properties = chance.choices(
        [
            ("page_viewed", {"path": f"/c/{number % 90}", "page": "category", "title": "Trail shoes"}),
            ("product_viewed", product),
            ("product_added", {**product, "quantity": 1}),
            ("order_completed", {"order_id": message_id, "revenue": 120.5, "products": [product, product, product]}),
        ],
        weights=[60, 30, 8, 2],
    )[0]
    return IncomingEvent(
        name=name,
        message_id=message_id,
        occurred_at=NOW - dt.timedelta(seconds=chance.randrange(86_400)),
        visitor_key=f"bench-visitor-{person}",
        visit_key=f"bench-visit-{person}",
        properties=properties,
        device=chance.choice(["mobile", "desktop"]),
        channel="social",
        country="DE",
        language="de",
        timezone="Europe/Berlin",
    )


def _product(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(500)
    return {
        "product_id": f"P-{number}",
        "name": f"Trail Runner {number}",
        "category": f"shoes-{number % 20}",
        "brand": f"brand-{number % 30}",
        "price": 9.99 + number,
    }
