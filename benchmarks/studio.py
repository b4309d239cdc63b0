"""The segment studio: the live preview against bare SQL by hand, and how many statements an explanation takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.population import DAY, NOW, load
from benchmarks.result import Result, ratio
from django_microseg.collect.fields import from_ms
from django_microseg.profile.models import Profile
from django_microseg.segment.explain import explain
from django_microseg.segment.json_form import to_json
from django_microseg.segment.judged import read_rule
from django_microseg.segment.models import Segment
from django_microseg.segment.patience import Patience, limits_of
from django_microseg.segment.preview import ASKED, EXACT, Preview, preview_rule
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.rulebook import current
from django_microseg.segment.text import parse

__all__ = ["run"]

ROUNDS = 15
_RULE = (
    'count("order_completed", days=180) >= 1 and count("product_viewed", days=90) >= 2'
    ' and sum("order_completed", "value", days=365) >= 50'
)
_MOMENTS = {
    "now": NOW, "a_quarter": NOW - 90 * DAY, "half_a_year": NOW - 180 * DAY, "a_year": NOW - 365 * DAY,
}  # fmt: skip
#: As somebody would write it who knows the tables: the same people, the same figures, no refunds, no near misses.
_COUNT = """
WITH person AS MATERIALIZED (
    SELECT p.id, p.customer_key IS NOT NULL AS is_customer,
        count(e.id) FILTER (WHERE e.name = 'order_completed' AND e.occurred_at > %(half_a_year)s) AS recent,
        count(e.id) FILTER (WHERE e.name = 'product_viewed' AND e.occurred_at > %(a_quarter)s) AS views,
        sum(e.value_base_minor)
            FILTER (WHERE e.name = 'order_completed' AND e.occurred_at > %(a_year)s) AS spent,
        count(e.id) FILTER (WHERE e.name = 'order_completed') AS orders,
        coalesce(sum(e.value_base_minor) FILTER (WHERE e.name = 'order_completed'), 0) AS worth
    FROM django_microseg_profile p
    LEFT JOIN django_microseg_event e ON e.profile_id = p.id AND e.name IN ('order_completed', 'product_viewed')
        AND e.occurred_at <= %(now)s AND (e.voided_at IS NULL OR e.voided_at > %(now)s)
    WHERE p.merged_into_id IS NULL AND p.key < %(end)s
    GROUP BY p.id
)
SELECT coalesce(recent >= 1 AND views >= 2 AND spent >= 5000, false) AS is_in, count(*),
    count(*) FILTER (WHERE is_customer), count(*) FILTER (WHERE orders > 0), sum(orders), sum(worth),
    (array_agg(id ORDER BY id))[1:500]
FROM person GROUP BY 1
"""
_LAST_SEEN = """
SELECT id, (SELECT device FROM django_microseg_event e WHERE e.profile_id = p.id AND device <> ''
        AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s) ORDER BY occurred_at DESC LIMIT 1),
    (SELECT country FROM django_microseg_event e WHERE e.profile_id = p.id AND country <> ''
        AND occurred_at <= %(now)s AND (voided_at IS NULL OR voided_at > %(now)s) ORDER BY occurred_at DESC LIMIT 1)
FROM django_microseg_profile p WHERE id = ANY(%(ids)s)
"""


def run(database: str, profiles: int, events: int) -> Iterator[Result]:
    """The preview on PostgreSQL, the explanation on both."""
    stored = load(profiles, events)
    size = f"{profiles:,} profiles, {stored:,} events, {database}"
    if database == "postgres":
        yield from _preview_or_bare(profiles, size)
    yield _explanation(database, size)


def _preview_or_bare(profiles: int, size: str) -> Iterator[Result]:
    """Bare SQL as the database plans it by default, and once more with what we tell the planner."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    found = _preview()
    _agree(found, _bare(profiles))
    whole = _everybody_alone()
    for name, told in (("bare", {}), ("tuned", limits_of(60))):
        with connection.cursor() as cursor:
            for limit, value in told.items():
                cursor.execute(f"SET {limit} = {value}")
        times, ours, bare = ratio(_preview, lambda: _bare(profiles), rounds=ROUNDS, clock=time.perf_counter)
        note = (
            f"{size}; wall clock, alternating; three conditions; both ask the same {found.everybody.people:,} people "
            f"how many are in it, customers, buying, last device and country of 500 in it and 500 of all; ours adds "
            f"refunds and {len(found.near)} near misses; {1000 * ours:.0f} ms ours, {1000 * bare:.0f} ms {name} here; "
            f"bare SQL that counts among everybody {1000 * whole:.0f} ms"
        )
        yield Result(f"studio.preview_vs_{name}_sql_100k_postgres", times, "times", "lower", ROUNDS, note)


def _preview() -> Preview:
    return preview_rule(read_rule(_RULE), now=from_ms(NOW), patience=Patience(60))


def _bare(profiles: int, *, part: bool = True) -> list[Any]:
    """Two statements: the figures by who is in it, and where 500 of either kind were last seen."""
    share = ASKED / profiles if part and profiles > EXACT else 1
    end = f"{min(int(share * (1 << 128)), (1 << 128) - 1):032x}"
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {**_MOMENTS, "end": end})
        rows = cursor.fetchall()
        ids = [pk for row in rows for pk in row[-1]]
        cursor.execute(_LAST_SEEN, {"now": NOW, "ids": ids})
        cursor.fetchall()
    return rows


def _everybody_alone() -> float:
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {**_MOMENTS, "end": "f" * 32})
        cursor.fetchall()
    return time.perf_counter() - start


def _agree(found: Preview, rows: list[Any]) -> None:
    """Both answer the same."""
    (inside,) = [row for row in rows if row[0]]
    assert inside[1] == found.inside.people, f"{inside[1]} by hand, {found.inside.people} by the preview"
    assert (inside[3], inside[4], inside[5]) == (found.inside.buyers, found.inside.orders, found.inside.value_minor)
    assert sum(row[1] for row in rows) == found.everybody.people


def _explanation(database: str, size: str) -> Result:
    segment = Segment.objects.create(slug="bench", name="bench")
    save_definition(segment, to_json(parse(_RULE)), now=from_ms(NOW - DAY))
    activate([segment], now=from_ms(NOW - DAY))
    profile, segment = Profile.objects.get(pk=1), Segment.objects.select_related("live_version").get(slug="bench")
    current()
    with CaptureQueriesContext(connection) as captured:
        explain(profile, segment, now=from_ms(NOW))
    note = f"{size}; one person in one segment of three conditions, the rules in force already read"
    name = "studio.explain_queries" if database == "sqlite" else f"studio.explain_queries_{database}"
    return Result(name, len(captured), "queries", "lower", 1, note)
