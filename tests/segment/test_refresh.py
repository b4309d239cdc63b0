"""Refresh: events change memberships at once, time changes them when the sweep comes, both fully logged."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_microseg.collect.fields import from_ms
from django_microseg.collect.hooks import PersonKey
from django_microseg.profile.facts import set_fact
from django_microseg.profile.models import Profile
from django_microseg.profile.resolve import resolve
from django_microseg.segment import refresh
from django_microseg.segment.listen import deferred
from django_microseg.segment.membership import read_snapshot
from django_microseg.segment.models import Membership, Publication
from django_microseg.segment.refresh import refresh_all, refresh_due, refresh_population
from tests.segment.shop import DAY, NOW, buy, changes_of, do, members, profile_of, put_in_force

pytestmark = pytest.mark.django_db


def _die(*args: object, **options: object) -> None:
    raise KeyboardInterrupt


def test_third_order_in_30_days_lets_the_buyer_in_and_the_twin_with_two_stays_out() -> None:
    put_in_force(frequent='count("order_completed", days=30) >= 3')
    for days in (20, 10, 0):
        buy("ann", NOW - days * DAY)
    for days in (20, 0):
        buy("bob", NOW - days * DAY)
    assert members("frequent") == ["ann"]
    assert changes_of("frequent") == [("ann", True, "event")]


def test_snapshot_repeats_the_membership_rows() -> None:
    put_in_force(buyers='count("order_completed") >= 1', lookers='count("product_viewed") >= 1')
    buy("ann")
    do("ann", "product_viewed", product_id="p1")
    rows = Membership.objects.filter(profile__customer_key="ann").values_list("definition_id", flat=True)
    assert read_snapshot(profile_of("ann").snapshot) == frozenset(rows)
    assert len(rows) == 2


def test_window_closes_on_the_millisecond_by_the_sweep_alone() -> None:
    put_in_force(recent='count("order_completed", days=30) >= 1')
    buy("ann")
    flip = NOW + 30 * DAY
    assert profile_of("ann").next_flip == flip
    refresh_due(flip - dt.timedelta(milliseconds=1))
    assert members("recent") == ["ann"]
    refresh_due(flip)
    assert members("recent") == []
    assert changes_of("recent") == [("ann", True, "event"), ("ann", False, "time")]


def test_lagged_window_opens_by_the_sweep_alone() -> None:
    put_in_force(sleeping='count("order_completed", days=180) >= 1 and count("order_completed", days=90) == 0')
    buy("ann")
    refresh_due(NOW + 90 * DAY - dt.timedelta(milliseconds=1))
    assert members("sleeping") == []
    refresh_due(NOW + 90 * DAY)
    assert members("sleeping") == ["ann"]
    refresh_due(NOW + 180 * DAY)
    assert members("sleeping") == []


def test_sweep_touches_due_profiles_and_no_other() -> None:
    put_in_force(recent='count("order_completed", days=30) >= 1')
    buy("due", NOW - 29 * DAY)
    for customer in ("fresh-1", "fresh-2"):
        buy(customer)
    untouched = {row.customer_key: row.revision for row in Profile.objects.exclude(customer_key="due")}
    assert refresh_due(NOW + DAY).profiles == 1
    assert {row.customer_key: row.revision for row in Profile.objects.exclude(customer_key="due")} == untouched
    assert refresh_due(NOW + DAY).profiles == 0
    assert members("recent") == ["fresh-1", "fresh-2"]


def test_birthday_flips_at_the_shops_midnight() -> None:
    put_in_force(NOW, adult="age >= 18")
    person = resolve([PersonKey("", "ann")], now=NOW)[PersonKey("", "ann")]
    set_fact(person, "birthday", dt.date(2008, 7, 15), source="crm", now=NOW)
    # London is an hour ahead of UTC in July.
    midnight = dt.datetime(2026, 7, 14, 23, tzinfo=dt.UTC)
    assert profile_of("ann").next_flip == midnight
    refresh_due(midnight - dt.timedelta(milliseconds=1))
    assert members("adult") == []
    refresh_due(midnight)
    assert members("adult") == ["ann"]


def test_refund_of_the_whole_order_takes_the_membership_away_at_once() -> None:
    put_in_force(buyers='count("order_completed") >= 1')
    do("ann", "order_completed", order_id="A", revenue=80, currency="GBP")
    do("ann", "order_refunded", NOW + DAY, order_id="A", amount=80, currency="GBP")
    assert members("buyers") == []


def test_partial_refund_lowers_what_was_spent_at_once() -> None:
    put_in_force(spenders='sum("order_completed", "value") >= 80')
    do("ann", "order_completed", order_id="A", revenue=80, currency="GBP")
    assert members("spenders") == ["ann"]
    do("ann", "order_refunded", NOW + DAY, order_id="A", amount=Decimal("0.01"), currency="GBP")
    assert members("spenders") == []


def test_in_order_arrival_reads_no_event() -> None:
    put_in_force(
        frequent='count("order_completed", days=30) >= 3',
        fans='top("product_viewed", "category", days=30) == "footwear"',
    )
    do("ann", "product_viewed", NOW - DAY, product_id="p1", category="footwear")
    with CaptureQueriesContext(connection) as queries:
        do("ann", "product_viewed", product_id="p2", category="footwear")
    table = '"django_microseg_event"'
    assert not [q["sql"] for q in queries if q["sql"].startswith("SELECT") and table in q["sql"]]


@pytest.mark.parametrize("segments", [1, 100])
def test_event_takes_five_statements_whatever_the_number_of_segments(segments: int) -> None:
    put_in_force(**{f"s{n}": f'count("product_viewed", days={n + 1}) >= 1000' for n in range(segments)})
    do("ann", "product_viewed", NOW - DAY, product_id="p1")
    with CaptureQueriesContext(connection) as queries:
        do("ann", "product_viewed", product_id="p1")
    statements = re.findall(r"\b(?:INSERT|SELECT|UPDATE|DELETE) ", " ".join(q["sql"][:20] for q in queries))
    # the message's key, the locked profile, the event, the rules' version, the profile
    assert statements == ["INSERT ", "SELECT ", "INSERT ", "SELECT ", "UPDATE "]


def test_deferred_events_wait_for_the_sweep() -> None:
    put_in_force(buyers='count("order_completed") >= 1')
    with deferred():
        buy("ann")
    assert members("buyers") == []
    assert profile_of("ann").dirty_since == NOW
    refresh_due(NOW)
    assert members("buyers") == ["ann"]
    assert profile_of("ann").dirty_since is None


@pytest.mark.parametrize("by", ["fold", "scan"])
def test_full_refresh_finds_what_was_put_off(by: str) -> None:
    put_in_force(buyers='count("order_completed") >= 1')
    with deferred():
        buy("ann")
        do("bob", "product_viewed", product_id="p1")
    refresh_all(NOW, by=by)
    assert members("buyers") == ["ann"]


def test_full_refresh_by_scan_leaves_the_unread_profile_due() -> None:
    put_in_force(recent='count("order_completed", days=30) >= 1')
    with deferred():
        buy("ann")
    refresh_all(NOW, by="scan")
    refresh_due(NOW)
    assert profile_of("ann").next_flip == NOW + 30 * DAY


def test_too_large_a_profile_is_answered_by_scan(settings: object) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "STATE_CAP": 3}  # type: ignore[attr-defined]
    put_in_force(spenders='sum("order_completed", "value") >= 200')
    for days in (5, 4, 3, 2, 1):
        buy("ann", NOW - days * DAY, revenue=50)
    assert profile_of("ann").is_over_cap
    refresh_due(NOW)
    assert members("spenders") == ["ann"]
    assert profile_of("ann").state is None


def test_measurement_that_died_midway_is_made_up_for_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_force(big='avg("order_completed", "value") > shop("average_order_value")')
    buy("low", revenue=10)
    buy("high", revenue=30)
    refresh_population(NOW)
    buy("low", revenue=1000)
    with monkeypatch.context() as dying:
        dying.setattr(refresh, "refresh_profiles", _die)
        with pytest.raises(KeyboardInterrupt):
            refresh_population(NOW + DAY)
    assert members("big") == ["high", "low"]
    # the average has not moved since, but nobody has looked at those whom it concerns
    refresh_population(NOW + DAY + dt.timedelta(hours=1))
    assert members("big") == ["low"]
    assert refresh_population(NOW + DAY + dt.timedelta(hours=2)).profiles == 0


def test_moved_average_touches_only_those_between_the_old_and_the_new_one() -> None:
    put_in_force(big='avg("order_completed", "value") > shop("average_order_value")')
    for customer, revenue in (("low", 10), ("mid", 60), ("high", 100)):
        buy(customer, NOW - DAY, revenue=revenue)
    refresh_population(NOW)
    assert members("big") == ["high", "mid"]  # the average is 56.67
    buy("whale", NOW, revenue=110)
    before = dict(Profile.objects.values_list("customer_key", "revision"))
    assert refresh_population(NOW).profiles == 1  # it is 70 now, and only "mid" lies between
    assert members("big") == ["high", "whale"]
    after = dict(Profile.objects.values_list("customer_key", "revision"))
    assert {key for key in after if after[key] != before[key]} == {"mid"}


def test_population_fact_that_did_not_move_publishes_nothing() -> None:
    put_in_force(big='avg("order_completed", "value") > shop("average_order_value")')
    buy("ann")
    refresh_population(NOW)
    version = Publication.objects.get().version
    refresh_population(NOW + DAY)
    assert Publication.objects.get().version == version


def test_next_flip_is_kept_to_the_millisecond() -> None:
    put_in_force(idle='minutes_since("product_viewed") >= 60')
    do("ann", "product_viewed", product_id="p1")
    assert profile_of("ann").next_flip == from_ms(1_772_366_400_000 + 3_600_000)
