"""Sizes by day: counted today, settled tomorrow, untouched by erasures; a rule's doing is told from people's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_microseg.privacy.erase import erase
from django_microseg.profile.models import Profile
from django_microseg.segment.models import MembershipChange, Segment, SegmentSize
from django_microseg.segment.publish import go_live, pause
from django_microseg.segment.refresh import refresh_due
from django_microseg.segment.sizes.count import update_sizes
from tests.segment.shop import DAY, NOW, buy, do, put_in_force, redefine

pytestmark = pytest.mark.django_db

RECENT = 'count("order_completed", days=10) >= 1'


def _days(slug: str = "recent") -> list[tuple[str, int, int, int, int]]:
    """(day, size, joined, left, by rule), oldest first."""
    rows = SegmentSize.objects.filter(segment__slug=slug).order_by("day")
    return [(str(row.day), row.size, row.joined, row.left, row.by_rule) for row in rows]


@pytest.fixture
def recent() -> Segment:
    """Ann and Bob bought before the rule came into force at noon of 1 March."""
    for customer in ("ann", "bob"):
        buy(customer, NOW - DAY)
    put_in_force(recent=RECENT)
    return Segment.objects.get()


def test_who_is_in_when_a_rule_comes_into_force_did_not_join(recent):
    assert _days() == [("2026-03-01", 2, 0, 0, 2)]


def test_who_buys_has_joined_and_a_later_count_of_the_day_replaces_the_earlier(recent):
    buy("cleo")
    update_sizes(NOW)
    update_sizes(NOW + dt.timedelta(hours=1))
    assert _days() == [("2026-03-01", 3, 1, 0, 2)]


def test_who_stays_away_has_left_on_the_day_the_sweep_saw_it(recent):
    refresh_due(NOW + 12 * DAY)
    update_sizes(NOW + 12 * DAY)
    assert _days()[-2:] == [("2026-03-12", 2, 0, 0, 0), ("2026-03-13", 0, 0, 2, 0)]


def test_days_on_which_nobody_counted_are_settled_backwards_from_the_log(recent):
    buy("cleo", NOW + DAY)
    buy("dan", NOW + 2 * DAY)
    buy("eve", NOW + 2 * DAY)
    update_sizes(NOW + 3 * DAY)
    assert _days() == [
        ("2026-03-01", 2, 0, 0, 2),
        ("2026-03-02", 3, 1, 0, 0),
        ("2026-03-03", 5, 2, 0, 0),
        ("2026-03-04", 5, 0, 0, 0),
    ]


def test_change_after_the_last_count_of_a_day_belongs_to_that_day(recent):
    buy("cleo", NOW + dt.timedelta(hours=11, minutes=59))
    buy("dan", NOW + dt.timedelta(hours=12))
    update_sizes(NOW + DAY)
    assert _days() == [("2026-03-01", 3, 1, 0, 2), ("2026-03-02", 4, 1, 0, 0)]


def test_days_are_those_of_the_shop(recent, settings):
    settings.MICROSEG = {"TIME_ZONE": "Pacific/Auckland"}
    update_sizes(NOW + dt.timedelta(hours=1))
    assert _days()[-1][0] == "2026-03-02"


def test_an_erasure_leaves_the_figures_of_days_before_it(recent):
    buy("cleo", NOW + DAY)
    update_sizes(NOW + DAY)
    update_sizes(NOW + 2 * DAY)
    erase(Profile.objects.get(customer_key="cleo"), now=NOW + 2 * DAY)
    update_sizes(NOW + 2 * DAY)
    assert not MembershipChange.objects.filter(is_entry=True, cause="event").exists()
    assert _days() == [
        ("2026-03-01", 2, 0, 0, 2),
        ("2026-03-02", 3, 1, 0, 0),
        ("2026-03-03", 2, 0, 0, 0),
    ]


def test_somebody_who_came_and_was_erased_on_one_day_did_come(recent):
    buy("cleo")
    update_sizes(NOW)
    erase(Profile.objects.get(customer_key="cleo"), now=NOW)
    update_sizes(NOW)
    assert _days() == [("2026-03-01", 2, 1, 0, 2)]


def test_a_narrower_rule_takes_people_out_and_nobody_left(recent):
    buy("ann")
    go_live([redefine("recent", 'count("order_completed", days=10) >= 2')], now=NOW + DAY)
    assert _days() == [("2026-03-01", 2, 0, 0, 2), ("2026-03-02", 1, 0, 0, -1)]


def test_a_paused_segment_is_not_counted_and_was_empty_when_it_comes_back(recent):
    pause(recent, now=NOW + DAY)
    update_sizes(NOW + 2 * DAY)
    assert _days() == [("2026-03-01", 2, 0, 0, 2)]
    go_live([redefine("recent", RECENT)], now=NOW + 3 * DAY)
    assert _days()[1:] == [("2026-03-02", 0, 0, 0, -2), ("2026-03-03", 0, 0, 0, 0), ("2026-03-04", 2, 0, 0, 2)]


def test_after_a_long_pause_only_ninety_days_are_settled(recent):
    update_sizes(NOW + 400 * DAY)
    assert (len(_days()), _days()[1][0], _days()[-1][0]) == (92, "2027-01-05", "2027-04-05")


def test_a_clock_set_back_changes_nothing(recent):
    update_sizes(NOW + 2 * DAY)
    before = _days()
    update_sizes(NOW)
    assert _days() == before


def test_customers_are_counted_apart_from_visitors_without_a_name(recent):
    Profile.objects.filter(customer_key="bob").update(customer_key=None)
    update_sizes(NOW)
    recent.refresh_from_db()
    assert (recent.size, recent.size_identified) == (2, 1)


def test_counting_takes_no_more_queries_for_more_segments(recent, django_assert_num_queries):
    update_sizes(NOW)
    with CaptureQueriesContext(connection) as few:
        update_sizes(NOW)
    put_in_force(**{f"more-{n}": f'count("order_completed") >= {n}' for n in range(1, 20)})
    do("ann", "page_viewed", path="/")
    with django_assert_num_queries(len(few)):
        update_sizes(NOW)
