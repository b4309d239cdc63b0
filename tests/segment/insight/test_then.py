"""Who was in a segment at a past moment, under the rule of then and that of now."""

from __future__ import annotations

from uuid import UUID

import pytest

from django_microseg.profile.models import Profile
from django_microseg.segment.insight import then
from django_microseg.segment.insight.then import compare_then, in_force_at, log_begins, shown_then
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate
from django_microseg.segment.refresh import refresh_due
from tests.segment.shop import DAY, NOW, buy, put_in_force, redefine

pytestmark = pytest.mark.django_db
RECENT = 'count("order_completed", days=3) >= 1'


def _names(ids) -> set[str]:
    return set(Profile.objects.filter(pk__in=ids).values_list("customer_key", flat=True))


@pytest.fixture
def recent() -> Segment:
    """Ann bought four days before now, Bob two, and both were seen at once; the rule has been in force for ten days."""
    put_in_force(NOW - 10 * DAY, recent=RECENT)
    buy("ann", NOW - 4 * DAY)
    buy("bob", NOW - 2 * DAY)
    refresh_due(NOW)
    return Segment.objects.get(slug="recent")


@pytest.mark.parametrize(("days", "who"), [(5, set()), (4, {"ann"}), (3, {"ann"}), (1.5, {"ann", "bob"}), (0, {"bob"})])
def test_log_tells_who_was_shown(recent, days, who):
    assert _names(shown_then(recent, NOW - days * DAY)) == who


def test_both_answers_agree_but_for_what_the_sweep_came_late_for(recent):
    found = compare_then(recent, NOW - 0.5 * DAY)
    assert _names(found.shown) == {"ann", "bob"}  # her three days were over a day ago, and nobody looked until now
    assert _names(found.recomputed) == {"bob"}
    assert (found.shown_number, found.people, found.is_estimate) == (2, 2, False)


def test_nobody_counts_before_they_were_known(recent):
    assert compare_then(recent, NOW - 3 * DAY).people == 1
    assert compare_then(recent, NOW - 5 * DAY).people == 0


def test_rule_of_then_is_not_the_rule_of_now(recent):
    redefine("recent", 'count("order_completed", days=30) >= 1')
    activate([recent], now=NOW)
    recent.refresh_from_db()
    found = compare_then(recent, NOW - DAY / 24)
    assert (_names(found.shown), _names(found.recomputed)) == ({"ann", "bob"}, {"ann", "bob"})
    assert in_force_at(recent, NOW - DAY).number == 1
    assert in_force_at(recent, NOW).number == 2
    assert in_force_at(recent, NOW - 11 * DAY) is None


def test_log_begins_with_the_first_rule_and_reaches_as_far_as_changes_are_kept(recent, settings):
    assert log_begins(recent, NOW) == NOW - 10 * DAY
    settings.MICROSEG = {**settings.MICROSEG, "RETENTION_DAYS": {"changes": 5}}
    assert log_begins(recent, NOW) == NOW - 5 * DAY
    assert log_begins(Segment.objects.create(slug="draft", name="Draft"), NOW) is None


def test_without_a_rule_in_force_only_the_log_answers(recent):
    Segment.objects.filter(pk=recent.pk).update(live_version=None)
    recent.refresh_from_db()
    assert compare_then(recent, NOW - 3.5 * DAY).recomputed is None


def test_of_many_people_a_part_is_recomputed(recent, monkeypatch):
    monkeypatch.setattr(then, "MOST", 1)
    for name, key in (("ann", 1), ("bob", (1 << 128) - 1)):
        Profile.objects.filter(customer_key=name).update(key=UUID(int=key))
    found = compare_then(recent, NOW - 1.5 * DAY)
    assert (found.people, found.asked, found.shown_number, found.is_estimate) == (2, 1, 2, True)
    assert (_names(found.shown), _names(found.recomputed)) == ({"ann"}, {"ann"})


def test_statements_do_not_grow_with_people(recent, django_assert_max_num_queries):
    for number in range(30):
        buy(f"customer-{number}", NOW - 2 * DAY)
    with django_assert_max_num_queries(7):
        assert compare_then(recent, NOW - DAY).shown_number == 32
