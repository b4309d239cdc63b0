"""Times: one clock for what happened, the visitor's wall for the hour, the shop's where it is unknown."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from django_microseg.collect.localtime import local_at, read_instant, zone_of
from django_microseg.collect.reasons import Rejected
from tests.collect.making import NOON, event, send, stored

BERLIN = ZoneInfo("Europe/Berlin")
LATER = 4_102_444_800_000  # 2100-01-01


def local(text, zone):
    return local_at(read_instant(text, LATER, dt.UTC), ZoneInfo(zone))


def test_a_minute_past_eight_in_the_evening_is_the_visitors():
    # 20:01 in New York is 01:01 the next day in UTC: server time would say hour 1.
    assert local("2026-03-02T01:01:00Z", "America/New_York") == (20, 6, 20513)
    assert local("2026-03-02T01:01:00Z", "UTC") == (1, 0, 20514)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-29T00:59:59Z", 1),  # Berlin skips from 2 to 3
        ("2026-03-29T01:00:00Z", 3),
        ("2026-10-25T00:30:00Z", 2),  # Berlin lives through 2 o'clock twice
        ("2026-10-25T01:30:00Z", 2),
        ("2026-10-25T02:00:00Z", 3),
    ],
)
def test_the_clocks_change_twice_a_year(text, hour):
    assert local(text, "Europe/Berlin").hour == hour


def test_quarters_of_an_hour_count():
    assert local("2026-03-01T12:00:00Z", "Asia/Kathmandu").hour == 17  # UTC+05:45


def test_a_time_without_a_zone_is_the_shops():
    assert read_instant("2026-03-01T13:00:00", LATER, BERLIN) == NOON
    assert read_instant(dt.datetime(2026, 3, 1, 13), LATER, BERLIN) == NOON
    assert read_instant(dt.datetime(2026, 7, 1, 14), LATER, BERLIN) == 1_782_907_200_000  # 12:00 UTC in summer


def test_a_time_with_a_zone_is_what_it_says():
    assert read_instant("2026-03-01T07:00:00-05:00", LATER, BERLIN) == NOON
    assert read_instant("2026-03-01T12:00:00.000Z", LATER, BERLIN) == NOON


def test_the_future_is_now_and_a_missing_time_is_now():
    assert read_instant("2099-01-01T00:00:00Z", NOON, BERLIN) == NOON
    assert read_instant("9999-12-31T23:59:59-14:00", NOON, BERLIN) == NOON
    assert read_instant(None, NOON, BERLIN) == NOON
    assert read_instant("2026-03-01T11:59:59.999Z", NOON, BERLIN) == NOON - 1


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "12:00",
        "2026-13-01",
        "0000-01-01",
        "1970-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        5,
        True,
        b"2026",
    ],
)
def test_what_is_no_time_is_refused(value):
    with pytest.raises(Rejected) as refused:
        read_instant(value, LATER, BERLIN)
    assert refused.value.reason == "bad_time"


def test_the_first_instant_that_counts():
    assert read_instant("1971-01-01T00:00:00Z", LATER, BERLIN) == 31_536_000_000


@pytest.mark.parametrize("name", ["", None, 5, "Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "x" * 100, "a\x00"])
def test_what_is_no_zone_is_none(name):
    assert zone_of(name) is None


def test_the_zone_of_a_name():
    assert zone_of("Europe/Berlin") == BERLIN


@pytest.mark.django_db
def test_hour_weekday_and_day_are_fixed_on_the_way_in(settings):
    settings.MICROSEG = {"TIME_ZONE": "Europe/Berlin"}
    at = "2026-02-28T23:30:00Z"
    send(
        event(occurred_at=at, timezone="America/New_York", visitor_key="a"),
        event(occurred_at=at, timezone="Nowhere", visitor_key="b"),
    )
    rows = sorted(stored("visitor_key", "local_hour", "local_weekday", "local_date"))
    assert rows == [("a", 18, 5, dt.date(2026, 2, 28)), ("b", 0, 6, dt.date(2026, 3, 1))]
