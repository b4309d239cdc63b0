"""What one live event costs: statements, and time against the bare insert of its row."""

from __future__ import annotations

import datetime as dt
import re
import time
import uuid
from collections.abc import Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.result import Result, ratio
from benchmarks.rules import hundred_rules
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import go_live, save_definition

__all__ = ["run"]

EVENTS = 200
CUSTOMERS = 50
WARM_UP = 12
_START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def run(database: str) -> Iterator[Result]:
    versions = [
        save_definition(Segment.objects.create(slug=slug, name=slug), to_json(rule), now=_START)
        for slug, rule in hundred_rules().items()
    ]
    go_live(versions, now=_START)
    note = f"{database}, 100 segments"
    for number in range(WARM_UP):  # until no threshold of a rule is crossed any more
        _live(number * CUSTOMERS)
    with CaptureQueriesContext(connection) as captured:
        _live(WARM_UP * CUSTOMERS)
    statements = re.findall(r"\b(?:INSERT|SELECT|UPDATE|DELETE) ", " ".join(q["sql"][:20] for q in captured))
    yield Result("event.queries", len(statements), "queries", "lower", 1, f"a page view of a known customer, {note}")
    rest = iter(range(WARM_UP * CUSTOMERS + 1, 10**9))

    def live() -> None:
        for _ in range(EVENTS):
            _live(next(rest))

    def bare() -> None:
        for _ in range(EVENTS):
            _bare()

    times, slow, fast = ratio(live, bare, rounds=7, clock=time.perf_counter)
    each = f"{1e3 * slow / EVENTS:.2f} and {1e3 * fast / EVENTS:.2f} ms an event here"
    yield Result(
        "event.cost_vs_bare_insert", times, "times", "lower", 7,
        f"validate, store once, evaluate, write back against Event.save() in a transaction; {note}; {each}",
    )  # fmt: skip


def _live(number: int) -> None:
    moment = _START + dt.timedelta(seconds=number)
    event = IncomingEvent(
        name="product_viewed",
        message_id=f"bench-{number}",
        occurred_at=moment,
        customer_key=f"c{number % CUSTOMERS}",
        properties={"product_id": f"p{number % 100}", "category": "boots"},
    )
    assert ingest([event], source="server", received_at=moment).stored == 1


def _bare() -> None:
    with transaction.atomic():
        Event(
            name="product_viewed", source="bare", message_hash=uuid.uuid4(), occurred_at=_START, received_at=_START,
            product_key="p1", category="boots", local_hour=0, local_weekday=0, local_date=_START.date(),
        ).save()  # fmt: skip
