"""What taking in a batch of a hundred events costs: against the bare write of the rows, and against the usual way.

The endpoint is the whole view: key, JSON, judging, who it is, rows, and evaluation of who they are. CPU is that of
this process: on SQLite the engine is in it, on PostgreSQL it is not.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.test import RequestFactory, override_settings
from django.utils import timezone

from benchmarks import plain_drf
from benchmarks.result import Result, median_cpu
from benchmarks.rules import hundred_rules
from benchmarks.shop_day import batches
from django_microseg.collect.draft import ROW
from django_microseg.collect.ingest import rehearse
from django_microseg.collect.models import Event
from django_microseg.collect.write_keys import make_key
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import go_live, save_definition
from django_microseg.trackers.pieces import open_batch
from django_microseg.trackers.segment_calls import Sender, read_call

__all__ = ["run"]

SIZE, ROUNDS, PEOPLE = 100, 60, 300
_TABLE = Event._meta.db_table
_COLUMNS = ", ".join(ROW)


def run(database: str) -> Iterator[Result]:
    now = timezone.now()
    secret = make_key("bench", now=now)[1]
    with override_settings(ROOT_URLCONF="benchmarks.pages", MIDDLEWARE=[], DEBUG=False):
        ours = _Endpoint(secret)
        bodies = batches(3 * ROUNDS + 30, size=SIZE, people=PEOPLE, now=now)
        for body in bodies[:10]:  # everybody is known, and every reader made
            ours.take(body)
        pairs = [(ours.take(body), _bare()) for body in bodies[10 : 10 + ROUNDS]]
        usual = [_usual(body) for body in bodies[10 + ROUNDS : 10 + 2 * ROUNDS]]
        _put_in_force()
        for body in bodies[10 + 2 * ROUNDS : 20 + 2 * ROUNDS]:
            ours.take(body)
        evaluated = [ours.take(body) for body in bodies[20 + 2 * ROUNDS :]]
    mine, bare = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    about = f"{database}, batches of {SIZE} events of known visitors, in-process handler, CPU of this process"
    yield Result(
        f"ingest.endpoint_cpu_vs_bare_write_{database}", mine / bare, "times", "lower", ROUNDS,
        f"{about}, no segments in force; {1e3 * mine:.1f} and {1e3 * bare:.2f} ms a batch here, "
        f"{1e3 * median(evaluated):.1f} with 100 segments evaluated",
    )  # fmt: skip
    if database == "sqlite":
        yield from _validation(bodies[0], now)
    yield Result(
        f"ingest.drf_bulk_create_vs_ours{'' if database == 'postgres' else '_sqlite'}", median(usual) / mine,
        "times", "higher", ROUNDS,
        f"{about}; a serializer and bulk_create, without keys, people and lines; {1e3 * median(usual):.1f} ms here",
    )  # fmt: skip


class _Endpoint:
    """Our view behind Django's own handler."""

    def __init__(self, secret: str) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._auth = f"Basic {base64.b64encode(f'{secret}:'.encode()).decode()}"

    def take(self, body: bytes) -> float:
        """Seconds of CPU for one batch."""
        request = RequestFactory().post(
            "/microseg/v1/batch", body, content_type="application/json", headers={"authorization": self._auth}
        )
        start = time.process_time()
        response = self._handler.get_response(request)
        spent = time.process_time() - start
        assert json.loads(response.content)["stored"] == SIZE
        return spent


def _bare() -> float:
    """Seconds of CPU for writing the rows of the last batch once more, by the engine's fastest way."""
    rows = _last_rows()
    start = time.process_time()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{_TABLE}" ({_COLUMNS}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(ROW))
            cursor.executemany(f'INSERT INTO "{_TABLE}" ({_COLUMNS}) VALUES ({marks})', rows)
    return time.process_time() - start


def _last_rows() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {_COLUMNS.replace("properties", "CAST(properties AS text)")} FROM "{_TABLE}" '
            f'WHERE id > (SELECT MAX(id) FROM "{_TABLE}") - {SIZE}'
        )
        return [tuple(row) for row in cursor.fetchall()]


def _usual(body: bytes) -> float:
    start = time.process_time()
    assert plain_drf.take_in(body) == SIZE
    return time.process_time() - start


def _validation(body: bytes, now: Any) -> Iterator[Result]:
    sender = Sender(is_trusted=True, received_at=now, sent_at=now.isoformat())

    def judged() -> None:
        envelope = open_batch(body, most_bytes=32 * 1024)
        calls = [read_call(message, None, sender) for message in envelope.messages]
        assert rehearse([call.event for call in calls], source="bench", received_at=now).stored == SIZE

    mine = median_cpu(judged, rounds=ROUNDS)
    parsed = median_cpu(lambda: json.loads(body), rounds=ROUNDS)
    yield Result(
        "ingest.validation_us_per_event_vs_json_loads", mine / parsed, "times", "lower", ROUNDS,
        f"parse, map and judge {SIZE} events until their rows are made, against json.loads of the same body; "
        f"{1e6 * mine / SIZE:.1f} and {1e6 * parsed / SIZE:.1f} µs an event here",
    )  # fmt: skip


def _put_in_force() -> None:
    now = timezone.now()
    versions = [
        save_definition(Segment.objects.create(slug=slug, name=slug), to_json(rule), now=now)
        for slug, rule in hundred_rules().items()
    ]
    go_live(versions, now=now)
