"""A period's growth: from the end of its first day to now, gaps left as gaps."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.segment.models import Segment, SegmentSize
from django_microseg.segment.sizes.growth import Change, Growth, Known, growth_of
from tests.segment.shop import NOW

FIRST = dt.date(2026, 2, 27)


def _growth(*sizes: int | None) -> Growth:
    """One size a day; each day one person joined and two left."""
    known = [None if size is None else Known(size, 1, 2, 0, is_recomputed=False) for size in sizes]
    return Growth(tuple((FIRST + dt.timedelta(days=n), each) for n, each in enumerate(known)))


@pytest.mark.parametrize(
    ("sizes", "change"),
    [
        ((), None),
        ((None, None), None),
        ((5,), None),
        ((None, 5, None), None),
        ((5, 8), Change(5, 8, 1)),
        ((None, 5, None, 3, None), Change(5, 3, 2)),
        ((0, 0, 4), Change(0, 4, 2)),
    ],
)
def test_change_is_from_the_first_known_day_to_the_last(sizes, change):
    assert _growth(*sizes).change == change


def test_percent_of_nobody_is_unknown():
    assert (Change(0, 4, 2).percent, Change(50, 60, 2).percent, Change(4, 4, 2).percent) == (None, 20.0, 0.0)


def test_who_came_on_the_first_day_is_in_its_size_already():
    growth = _growth(5, None, 6, 7)
    assert (growth.joined, growth.left) == (2, 4)


@pytest.mark.django_db
def test_days_come_in_one_query_for_all_segments(django_assert_num_queries):
    grown, other = (Segment.objects.create(slug=slug, name=slug) for slug in ("grown", "other"))
    for day, size in (("2026-02-26", 1), ("2026-02-27", 5), ("2026-03-01", 8), ("2026-03-02", 9)):
        SegmentSize.objects.create(segment=grown, day=day, size=size, joined=2, left=1, by_rule=3)
    with django_assert_num_queries(1):
        found = growth_of([grown.pk, other.pk], days=2, now=NOW)
    assert found[grown.pk].days == (
        (dt.date(2026, 2, 27), Known(5, 2, 1, 3, is_recomputed=False)),
        (dt.date(2026, 2, 28), None),
        (dt.date(2026, 3, 1), Known(8, 2, 1, 3, is_recomputed=False)),
    )
    assert found[other.pk].sizes == (None, None, None)
