"""Every ready-made segment against plain SQL, on a year of a small shop, by fold and by scan.

The presets are in force before anybody comes; the year comes in with answers put off; then everybody is refreshed, once
by scan and once by fold from the same start. What the table of memberships holds is compared with what the queries of
`answers`, which know nothing of the package, find in the table of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from django_microseg.collect.fields import to_ms
from django_microseg.collect.importing.statistics import renew_statistics
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event
from django_microseg.profile.models import Identity, Profile
from django_microseg.segment import rulebook
from django_microseg.segment.full import refresh_fully
from django_microseg.segment.json_form import to_json
from django_microseg.segment.listen import deferred
from django_microseg.segment.models import Segment
from django_microseg.segment.presets import PRESETS, preset_rule
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.reader import read
from tests.presets.answers import ADJUSTED, ANSWERS, MEMBERS, NAMES, NEW_VISITOR
from tests.presets.population import NOW, population

#: Without the mark pytest-django sets up no test database, and the fixture would look into the shop's own.
pytestmark = pytest.mark.django_db

#: What a shop would type into the form to get the figures of `answers.ADJUSTED`.
THRESHOLDS: dict[str, dict[str, Any]] = {
    "frequent-buyers": {"orders": 2, "days": 60},
    "lapsing-buyers": {"bought_days": 270, "quiet_days": 45},
    "regular-buyers": {"orders": 8, "days": 365},
    "coupon-only-buyers": {"orders": 3, "share": Decimal("0.5")},
    "fans-of-one-kind": {"property": "brand", "name": "tarnway", "pieces": 3, "days": 180},
    "recommendation-clickers": {"clicks": 3, "days": 200},
    "abandoned-cart": {"idle_minutes": 1440, "days": 90},
    "browsers": {"pages": 12, "days": 90},
    "long-lookers": {"seconds": 200, "days": 14},
    "big-spenders": {"factor": Decimal("1.5")},
    "vip": {"orders": 4, "order_days": 180, "value": Decimal("150.50"), "value_days": 90},
    "lost": {"cadence_orders": 2, "factor": 3, "min_days": 14, "days": 120},
    "new-visitor-from-social-campaign": {"channel": "email"},
}
CASES = [slug for slug, *_ in ANSWERS] + [f"{slug}-adjusted" for slug, *_ in ADJUSTED]
SOCIAL = "new-visitor-from-social-campaign"
Names = frozenset[str]


@dataclass(frozen=True)
class Proof:
    """All that was found, by names. ``members`` by way of refreshing and slug; ``here`` by context, on a page."""

    everybody: Names
    found: Mapping[str, Names]
    members: Mapping[str, Mapping[str, Names]]
    new_visitors: Names
    here: Mapping[str, Names]


@pytest.fixture(scope="module")
def proof(django_db_setup: None, django_db_blocker: Any) -> Proof:
    """One year for all tests of this file, gone when it has been looked at."""
    rulebook.forget()
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                found = _prove()
                transaction.set_rollback(True)
        finally:
            rulebook.forget()
    return found


def _prove() -> Proof:
    _put_in_force()
    with deferred():
        report = ingest(population(), source="server", received_at=NOW)
    assert (report.quarantined, report.duplicates) == (0, 0), report.refusals[:3]
    renew_statistics(Event, Profile, Identity)  # within one transaction, PostgreSQL would never notice the rows
    names = dict(_rows(NAMES))
    members = {by: _refreshed(by, names) for by in ("scan", "fold")}
    refresh_fully(NOW, by="fold")
    return Proof(
        everybody=frozenset(names.values()),
        found={slug: _named(sql, names, **figures) for slug, sql, figures in _answers()},
        members=members,
        new_visitors=_named(NEW_VISITOR, names),
        here={key: _here(context, names) for key, context in CONTEXTS.items()},
    )


def _put_in_force() -> None:
    segments = []
    for case in CASES:
        slug = case.removesuffix("-adjusted")
        rule = preset_rule(slug, **(THRESHOLDS[slug] if case != slug else {}))
        segment = Segment.objects.create(slug=case, name=case)
        save_definition(segment, to_json(rule), now=NOW)
        segments.append(segment)
    activate(segments, now=NOW)


def _answers() -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield from ANSWERS
    yield from ((f"{slug}-adjusted", sql, figures) for slug, sql, figures in ADJUSTED)


def _refreshed(by: str, names: Mapping[int, str]) -> dict[str, Names]:
    """The members of every segment after a refresh, which is undone."""
    start = transaction.savepoint()
    refresh_fully(NOW, by=by)
    members = {case: _named(MEMBERS, names, slug=case) for case in CASES}
    transaction.savepoint_rollback(start)
    rulebook.forget()
    return members


def _named(sql: str, names: Mapping[int, str], **figures: Any) -> Names:
    return frozenset(names[row[0]] for row in _rows(sql, now=to_ms(NOW), **figures))


def _rows(sql: str, **figures: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, figures)
        return list(cursor.fetchall())


#: What a page request may say of the moment.
CONTEXTS: dict[str, dict[str, str | int]] = {
    "first page": {"channel": "social", "campaign": "spring", "visit_number": 1},
    "number unknown": {"channel": "social", "campaign": "spring"},
    "capital letters": {"channel": "Social", "campaign": "Spring", "visit_number": 1},
    "second visit": {"channel": "social", "campaign": "spring", "visit_number": 2},
    "no campaign": {"channel": "social", "visit_number": 1},
    "other channel": {"channel": "search", "campaign": "spring", "visit_number": 1},
    "nothing known": {},
}


def _here(context: Mapping[str, str | int], names: Mapping[int, str]) -> Names:
    """Who would be taken for a new visitor from a social campaign on a page that they ask for like this."""
    visitors = {name: f"visitor-{name}" for name in names.values() if not name.startswith(("visitor-", "edge-"))}
    visitors |= {name: name for name in names.values() if name.startswith("visitor-")}
    views = {name: read(key, now=NOW).segments_for([SOCIAL], context) for name, key in visitors.items()}
    return frozenset(name for name, slugs in views.items() if SOCIAL in slugs)


def test_every_preset_has_an_answer_and_adjusted_ones_where_it_has_thresholds() -> None:
    assert [slug for slug, *_ in ANSWERS] == list(PRESETS)
    assert [slug for slug, *_ in ADJUSTED] == [slug for slug, preset in PRESETS.items() if preset.gaps]


def test_there_are_three_hundred_customers_at_least(proof: Proof) -> None:
    assert len([name for name in proof.everybody if not name.startswith("visitor-")]) >= 300


@pytest.mark.parametrize("case", CASES)
def test_somebody_is_in_and_somebody_is_not(proof: Proof, case: str) -> None:
    assert 3 <= len(proof.found[case]) <= len(proof.everybody) - 3


@pytest.mark.parametrize("by", ["scan", "fold"])
@pytest.mark.parametrize("case", CASES)
def test_memberships_are_what_plain_sql_finds(proof: Proof, case: str, by: str) -> None:
    assert proof.members[by][case] == proof.found[case]


@pytest.mark.parametrize(
    ("case", "outside", "inside"),
    [
        ("frequent-buyers", "edge-month-at", "edge-month-after"),
        ("regular-buyers", "edge-half-year-at", "edge-half-year-after"),
        ("lapsing-buyers", "edge-bought-at", "edge-bought-after"),
        ("lapsing-buyers", "edge-quiet-after", "edge-quiet-at"),
        ("abandoned-cart", "edge-idle-59", "edge-idle-60"),
        ("abandoned-cart", "edge-cart-forgotten", "edge-cart-kept"),
        ("vip", "edge-vip-short", "edge-vip-paid"),
        ("lost", "edge-rhythm-as-ever", "edge-rhythm-late"),
        ("long-lookers", "edge-dwell-599", "edge-dwell-600"),
    ],
)
def test_one_millisecond_or_penny_decides(proof: Proof, case: str, outside: str, inside: str) -> None:
    assert {outside, inside} & proof.members["fold"][case] == {inside}


@pytest.mark.parametrize("context", ["first page", "number unknown", "capital letters"])
def test_by_a_social_campaign_come_all_who_were_here_once_at_most_and_bought_nothing(
    proof: Proof, context: str
) -> None:
    assert proof.here[context] == frozenset(name for name in proof.new_visitors if not name.startswith("edge-"))
    assert 10 <= len(proof.here[context]) <= len(proof.everybody) - 10


@pytest.mark.parametrize("context", ["second visit", "no campaign", "other channel", "nothing known"])
def test_by_any_other_way_nobody_is_a_new_visitor_from_a_social_campaign(proof: Proof, context: str) -> None:
    assert proof.here[context] == frozenset()
