"""Past sizes: what today's rule makes of the recorded events, held against what was counted as they came in."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_microseg.collect.models import Event
from django_microseg.profile.models import Profile
from django_microseg.segment.models import Membership, Segment, SegmentSize
from django_microseg.segment.refresh import refresh_due
from django_microseg.segment.sizes.count import update_sizes
from django_microseg.segment.sizes.past import recompute_days
from tests.segment.shop import DAY, NOW, buy, put_in_force

RECENT = 'count("order_completed", days=3) >= 1'


def _days(*, is_recomputed: bool) -> list[tuple[str, int, int, int]]:
    rows = SegmentSize.objects.filter(is_recomputed=is_recomputed, segment__slug="recent").order_by("day")
    return [(str(row.day), row.size, row.joined, row.left) for row in rows]


@pytest.mark.django_db
def test_past_days_are_worked_out_under_todays_rule() -> None:
    buy("ann", NOW - 5 * DAY)
    buy("bob", NOW - 2 * DAY)
    put_in_force(recent=RECENT)
    assert recompute_days(4, now=NOW) == 4
    assert _days(is_recomputed=True) == [
        ("2026-02-25", 1, 0, 0),  # 5 days ago Ann bought; the day before the first one shown
        ("2026-02-26", 1, 0, 0),
        ("2026-02-27", 1, 1, 1),  # Bob came at noon, and Ann's three days were over
        ("2026-02-28", 1, 0, 0),
    ]


@pytest.mark.django_db
def test_nobody_counts_before_their_first_event() -> None:
    buy("ann", NOW - 2 * DAY)
    put_in_force(recent='count("cart_viewed") == 0')
    recompute_days(3, now=NOW)
    assert _days(is_recomputed=True) == [("2026-02-26", 0, 0, 0), ("2026-02-27", 1, 1, 0), ("2026-02-28", 1, 0, 0)]


@pytest.mark.django_db
def test_days_that_were_counted_stay_and_a_second_time_replaces_only_recomputed_ones() -> None:
    put_in_force(NOW - 2 * DAY, recent=RECENT)
    update_sizes(NOW - DAY)
    SegmentSize.objects.filter(day="2026-02-27").update(size=77)
    buy("ann", NOW - 4 * DAY)
    assert (recompute_days(4, now=NOW), recompute_days(4, now=NOW)) == (2, 2)
    assert _days(is_recomputed=False) == [("2026-02-27", 77, 0, 0), ("2026-02-28", 0, 0, 0)]
    assert _days(is_recomputed=True) == [("2026-02-25", 1, 1, 0), ("2026-02-26", 1, 0, 0)]


@pytest.mark.django_db
def test_without_a_rule_in_force_there_is_nothing_to_work_out() -> None:
    buy("ann")
    Segment.objects.create(slug="empty", name="Empty")
    assert (recompute_days(3, now=NOW), SegmentSize.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_nobodys_membership_changes() -> None:
    buy("ann", NOW - 5 * DAY)
    put_in_force(recent='count("order_completed") >= 1')
    before = list(Membership.objects.values_list("profile", "since"))
    recompute_days(3, now=NOW)
    assert list(Membership.objects.values_list("profile", "since")) == before


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 8)), min_size=1, max_size=10))
def test_recomputed_sizes_are_those_that_were_counted_as_the_events_came_in(db, orders) -> None:
    """Orders at noon, a count at each day's end; the rule was there from the start."""
    for model in (Segment, Event, Profile):
        model.objects.all().delete()
    put_in_force(NOW - 9 * DAY, recent=RECENT)
    for days_ago in range(8, 0, -1):
        for customer in (who for who, when in orders if when == days_ago):
            buy(f"{customer}", NOW - days_ago * DAY)
        refresh_due(NOW - days_ago * DAY + DAY / 2 - DAY / 1000)
        update_sizes(NOW - days_ago * DAY + DAY / 2 - DAY / 1000)
    counted = dict(SegmentSize.objects.filter(day__lt="2026-03-01").values_list("day", "size"))
    SegmentSize.objects.all().delete()
    recompute_days(8, now=NOW)
    assert dict(SegmentSize.objects.values_list("day", "size")) == {
        day: size for day, size in counted.items() if str(day) >= "2026-02-21"
    }
