"""Who joined came from where, who left went where: everybody once, and what a rule did is nobody's move."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.profile.models import Profile
from django_microseg.segment.insight.flow import Move, flow_of, nearest
from django_microseg.segment.models import Membership, MembershipChange, Segment, SegmentVersion
from tests.segment.shop import DAY, NOW

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def vips() -> Segment:
    return Segment.objects.create(slug="vips", name="VIPs", state="active")


@pytest.fixture
def fans() -> Segment:
    return Segment.objects.create(slug="fans", name="Fans", state="active")


def _somebody() -> Profile:
    return Profile.objects.create(created_at=NOW - 100 * DAY)


def _moves(who: Profile, *moves: tuple[Segment, bool, dt.datetime], cause: str = "event") -> Profile:
    for segment, is_entry, at in moves:
        MembershipChange.objects.create(profile=who, segment=segment, is_entry=is_entry, changed_at=at, cause=cause)
    return who


def test_who_joined_came_from_the_segment_that_they_left(vips, fans):
    _moves(_somebody(), (fans, False, NOW - 3 * DAY), (vips, True, NOW - 3 * DAY))
    found = flow_of(vips, days=7, now=NOW)
    assert (found.joined.people, dict(found.joined.moved), found.names) == (1, {fans.pk: 1}, {fans.pk: "Fans"})
    assert (found.left.people, dict(found.left.moved)) == (0, {})


def test_who_left_went_to_the_segment_that_they_entered(vips, fans):
    _moves(_somebody(), (vips, False, NOW - 3 * DAY), (fans, True, NOW - 2 * DAY))
    found = flow_of(vips, days=7, now=NOW)
    assert (found.left.people, dict(found.left.moved), found.joined.people) == (1, {fans.pk: 1}, 0)


def test_who_left_no_other_segment_came_from_nowhere(vips, fans):
    _moves(_somebody(), (vips, True, NOW - 3 * DAY), (fans, True, NOW - 3 * DAY))
    assert dict(flow_of(vips, days=7, now=NOW).joined.moved) == {None: 1}


def test_moves_before_the_period_and_to_and_fro_are_none(vips, fans):
    _moves(_somebody(), (vips, True, NOW - 8 * DAY))
    _moves(_somebody(), (vips, True, NOW - 3 * DAY), (vips, False, NOW - 2 * DAY))
    _moves(_somebody(), (fans, False, NOW - 8 * DAY), (vips, True, NOW - 2 * DAY))
    assert dict(flow_of(vips, days=7, now=NOW).joined.moved) == {None: 1}
    assert flow_of(vips, days=7, now=NOW).left.people == 0


@pytest.mark.parametrize("cause", ["definition", "merge"])
def test_what_a_rule_or_a_login_did_is_no_move(vips, fans, cause):
    _moves(_somebody(), (fans, False, NOW - DAY), (vips, True, NOW - DAY), cause=cause)
    assert flow_of(vips, days=7, now=NOW).joined.people == 0


def test_who_was_in_another_all_along_is_counted_beside(vips, fans):
    who = _moves(_somebody(), (vips, True, NOW - DAY))
    live = SegmentVersion.objects.create(segment=fans, number=1, rule={}, state="live", created_at=NOW)
    Membership.objects.create(profile=who, segment=fans, definition=live, since=NOW - 50 * DAY)
    Membership.objects.create(profile=_somebody(), segment=fans, definition=live, since=NOW - 50 * DAY)
    found = flow_of(vips, days=7, now=NOW)
    assert (dict(found.joined.moved), dict(found.joined.beside)) == ({None: 1}, {fans.pk: 1})


def test_nearest_in_time_is_where_somebody_came_from():
    joined = Move(1, 10, True, NOW)
    others = [Move(1, 20, False, NOW - 5 * HOUR), Move(1, 30, False, NOW + HOUR), Move(1, 40, True, NOW)]
    assert nearest(joined, others) == 30
    assert nearest(joined, [Move(1, 30, False, NOW + HOUR), Move(1, 20, False, NOW - HOUR)]) == 20
    assert nearest(joined, []) is None


def test_statements_do_not_grow_with_people_and_segments(vips, fans, django_assert_max_num_queries):
    for number in range(30):
        other = Segment.objects.create(slug=f"s{number}", name=str(number))
        _moves(_somebody(), (other, False, NOW - DAY), (vips, True, NOW - DAY))
    with django_assert_max_num_queries(5):
        assert flow_of(vips, days=7, now=NOW).joined.people == 30
