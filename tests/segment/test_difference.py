"""What would change if a version went live: who comes, who goes, which segments follow. Nothing is written."""

from __future__ import annotations

import pytest

from django_microseg.profile.models import Profile
from django_microseg.segment import difference
from django_microseg.segment.difference import Difference, difference_of
from django_microseg.segment.models import Membership, Segment, SegmentVersion
from django_microseg.segment.publish import pause
from tests.segment.shop import DAY, NOW, buy, put_in_force, redefine

pytestmark = pytest.mark.django_db

FREQUENT = 'count("order_completed") >= 2'


@pytest.fixture(autouse=True)
def _buyers() -> None:
    """Customers who have bought once, twice and three times."""
    put_in_force(frequent=FREQUENT)
    for customer, orders in (("one", 1), ("two", 2), ("three", 3)):
        for days in range(orders):
            buy(customer, NOW - (days + 1) * DAY)


def _names(found: tuple[int, ...]) -> list[str]:
    return [str(row) for row in Profile.objects.filter(pk__in=found).order_by("pk")]


def _figures(found: Difference) -> tuple[int, int, int, int]:
    return found.before, found.after, found.came.people, found.left.people


def test_who_would_come_and_who_would_leave() -> None:
    found = difference_of(redefine("frequent", 'count("order_completed") != 2'), NOW)
    assert _figures(found) == (2, 2, 1, 1)
    assert (_names(found.came.sample), _names(found.left.sample)) == (["one"], ["two"])
    assert (found.people, found.asked, found.is_estimate, found.is_nothing) == (3, 3, False, False)


def test_nothing_is_written() -> None:
    version = redefine("frequent", 'count("order_completed") >= 3')
    before = list(Membership.objects.values()), list(SegmentVersion.objects.values())
    difference_of(version, NOW)
    assert (list(Membership.objects.values()), list(SegmentVersion.objects.values())) == before


def test_rule_that_finds_the_same_people_changes_nobody() -> None:
    found = difference_of(redefine("frequent", 'count("order_completed") > 1'), NOW)
    assert (_figures(found), found.is_nothing) == ((2, 2, 0, 0), True)


def test_new_segment_comes_from_nobody() -> None:
    Segment.objects.create(slug="new", name="New")
    found = difference_of(redefine("new", FREQUENT), NOW)
    assert (_figures(found), found.live_id) == ((0, 2, 2, 0), None)


def test_paused_segment_comes_from_nobody() -> None:
    segment = Segment.objects.get()
    pause(segment, now=NOW)
    assert _figures(difference_of(segment.versions.get(), NOW)) == (0, 2, 2, 0)


def test_segments_that_use_it_follow_through_each_other_and_others_do_not() -> None:
    put_in_force(rare='not segment("frequent")')
    put_in_force(rarest='segment("rare") and count("order_completed") >= 1')
    put_in_force(apart='count("order_completed") >= 3')
    found = difference_of(redefine("frequent", 'count("order_completed") >= 3'), NOW)
    assert [(each.slug, each.came.people, each.left.people) for each in found.followers] == [
        ("rare", 1, 0),
        ("rarest", 1, 0),
    ]


def test_rule_that_uses_another_segment_is_judged_by_what_is_in_force() -> None:
    put_in_force(loyal='count("order_completed") >= 3')
    found = difference_of(redefine("frequent", 'segment("loyal")'), NOW)
    assert (_figures(found), found.followers) == ((2, 1, 0, 1), ())


def test_somebody_who_changed_meanwhile_is_counted_as_they_are_now() -> None:
    version = redefine("frequent", 'count("order_completed") >= 3')
    buy("two")
    assert _figures(difference_of(version, NOW)) == (2, 2, 0, 0)


def test_rule_of_the_moment_says_so() -> None:
    assert difference_of(redefine("frequent", f"{FREQUENT} and context.hour >= 20"), NOW).is_momentary
    assert not difference_of(redefine("frequent", FREQUENT), NOW).is_momentary


def test_of_many_people_a_part_is_asked_and_the_margin_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        buy(f"many-{number}")
    monkeypatch.setattr(difference, "EXACT", 20)
    monkeypatch.setattr(difference, "ASKED", 20)
    found = difference_of(redefine("frequent", 'count("order_completed") >= 1'), NOW)
    assert (found.people, found.is_estimate, found.came.margin > 0) == (63, True, True)
    assert 0 < found.asked < 63
    assert len(found.came.sample) <= 10


def test_takes_as_many_statements_with_followers_as_without(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    version = redefine("frequent", 'count("order_completed") >= 3')
    difference_of(version, NOW)
    with django_assert_num_queries(3):
        difference_of(version, NOW)
    for number in range(5):
        put_in_force(**{f"rare-{number}": 'not segment("frequent")'})
    difference_of(version, NOW)
    with django_assert_num_queries(3):
        difference_of(version, NOW)
