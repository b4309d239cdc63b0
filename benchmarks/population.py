"""A seeded population with realistic skew, loaded straight into the tables.

Activity is Pareto distributed, a person's events come in visits within a lifetime that ended more
likely recently than long ago, and event names follow a funnel. Loading goes around ingest, because
what is measured here comes after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from django_microseg.collect.fields import from_ms
from django_microseg.collect.models import Event
from django_microseg.collect.record import EventRecord
from django_microseg.profile.models import Profile

__all__ = ["DAY", "NOW", "load", "records"]

DAY = 86_400_000
#: A fixed midnight.
NOW = 1_759_968_000_000
_SPAN = 730
_NAMES = ("product_viewed", "product_list_viewed", "product_dwelled", "product_added", "order_completed",
          "recommendation_clicked", "email_opened")  # fmt: skip
_WEIGHTS = (52, 16, 13, 8, 4, 4, 3)
_COLUMNS = (
    "profile_id", "visitor_key", "name", "source", "message_hash", "position", "occurred_at", "received_at",
    "local_hour", "local_weekday", "local_date", "visit_key", "value_minor", "currency", "value_base_minor",
    "quantity", "measure", "product_key", "category", "brand", "coupon", "order_key", "channel", "campaign",
    "device", "country", "region", "language", "labels", "basis", "properties",
)  # fmt: skip


def load(profiles: int, events: int) -> int:
    """Fill the tables; returns how many events went in."""
    Profile.objects.bulk_create(
        (Profile(id=pk, customer_key=f"c{pk}", created_at=from_ms(0)) for pk in range(1, profiles + 1)),
        batch_size=5000,
    )
    rows = _rows(profiles, events)
    with _without_indexes():
        return _copy(rows) if connection.vendor == "postgresql" else _insert(rows)


def _rows(profiles: int, events: int) -> Iterator[tuple[Any, ...]]:
    random = Random(7)
    weights = [min(random.paretovariate(1.15), 400.0) for _ in range(profiles)]
    per_weight = events / sum(weights)
    number = 0
    for pk, weight in enumerate(weights, start=1):
        count = max(1, round(weight * per_weight))
        ended = min(random.expovariate(1 / 150), _SPAN - 1)
        lived = min(random.expovariate(1 / (20 + 8 * count**0.5)), _SPAN - ended)
        visits = sorted(ended + random.random() * lived for _ in range(1 + count // 9))
        buys, favourite = random.betavariate(1.2, 2.5) * 2.4, random.randrange(60)
        for _ in range(count):
            number += 1
            yield _row(random, pk, number, random.choice(visits), buys, favourite)


def _row(random: Random, pk: int, number: int, age: float, buys: float, favourite: int) -> tuple[Any, ...]:
    moment = NOW - int(age * DAY) - random.randrange(1, 1_800_000)
    (name,) = random.choices(_NAMES, _WEIGHTS)
    if name == "order_completed" and random.random() > buys:
        name = "product_viewed"
    is_order = name == "order_completed"
    category = favourite if random.random() < 0.45 else random.randrange(60)
    value = int(random.lognormvariate(3.6, 0.8) * 100) if is_order else None
    return (
        pk, "", name, "bench", UUID(int=number), 0, moment, moment, moment // 3_600_000 % 24,
        (moment // DAY + 3) % 7, moment // DAY, f"{pk}-{moment // 1_800_000}", value, "EUR" if is_order else "",
        value, 1, random.randrange(1000, 90_000) if name == "product_dwelled" else None,
        f"p{random.randrange(20_000)}", f"category {category}", "", "welcome" if random.random() < 0.1 else "",
        f"o{number}" if is_order else "", "", "", "mobile" if random.random() < 0.6 else "desktop", "gb", "", "en",
        "", "contract", "{}",
    )  # fmt: skip


def records(profiles: int, events: int) -> Iterator[tuple[int, EventRecord]]:
    """The same population as records for the fold, by profile."""
    at = {name: place for place, name in enumerate(_COLUMNS)}
    for row in _rows(profiles, events):
        yield (
            row[0],
            EventRecord(
                occurred_at=row[at["occurred_at"]],
                source=row[at["source"]],
                message_hash=row[at["message_hash"]].hex,
                position=0,
                name=row[at["name"]],
                visit_key=row[at["visit_key"]],
                value=row[at["value_base_minor"]],
                quantity=row[at["quantity"]],
                measure=row[at["measure"]],
                product_key=row[at["product_key"]],
                category=row[at["category"]],
                coupon=row[at["coupon"]],
                order_key=row[at["order_key"]],
                device=row[at["device"]],
                local_date=row[at["local_date"]],
            ),
        )


class _without_indexes:  # noqa: N801 - reads as a word in a with statement
    """Loading without the event table's indexes, and making them afterwards, takes a third of the time."""

    def __enter__(self) -> None:
        with connection.schema_editor() as editor:
            for index in Event._meta.indexes:
                editor.remove_index(Event, index)

    def __exit__(self, *exception: object) -> None:
        with connection.schema_editor() as editor:
            for index in Event._meta.indexes:
                editor.add_index(Event, index)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _copy(rows: Iterator[tuple[Any, ...]]) -> int:
    count = 0
    with connection.cursor() as cursor:
        command = f"COPY {Event._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN"
        with cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    return count


def _insert(rows: Iterator[tuple[Any, ...]]) -> int:
    holes = ", ".join("?" for _ in _COLUMNS)
    command = f"INSERT INTO {Event._meta.db_table} ({', '.join(_COLUMNS)}) VALUES ({holes})"
    count = 0

    def plain() -> Iterator[tuple[Any, ...]]:
        nonlocal count
        for row in rows:
            count += 1
            yield (*row[:4], row[4].hex, *row[5:])

    connection.ensure_connection()
    with connection.connection:
        connection.connection.executemany(command, plain())
    return count
