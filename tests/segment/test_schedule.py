"""Segments that start and end by appointment: at the instant and not before, once, however late the sweep is."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.segment import objections
from django_microseg.segment.models import MembershipChange, Segment
from django_microseg.segment.objections import Objection, judge
from django_microseg.segment.schedule import keep_appointments
from django_microseg.segment.sweep import sweep
from tests.segment.shop import DAY, NOW, buy, members, put_in_force, redefine

pytestmark = pytest.mark.django_db

START, END = NOW + DAY, NOW + 2 * DAY
MOMENT = dt.timedelta(milliseconds=1)


@pytest.fixture
def frequent() -> Segment:
    """In force for who bought twice; a draft for who bought once waits for START."""
    put_in_force(frequent='count("order_completed") >= 2')
    for customer, orders in (("one", 1), ("two", 2)):
        for days in range(orders):
            buy(customer, NOW - (days + 1) * DAY)
    redefine("frequent", 'count("order_completed") >= 1')
    return _appointed(in_force_from=START)


def _appointed(**when: dt.datetime) -> Segment:
    Segment.objects.update(**when)
    return Segment.objects.get()


@pytest.mark.parametrize(("moment", "inside"), [(START - MOMENT, ["two"]), (START, ["one", "two"])])
@pytest.mark.usefixtures("frequent")
def test_sweep_starts_at_the_instant_and_not_before(moment: dt.datetime, inside: list[str]) -> None:
    sweep(moment)
    assert members("frequent") == inside


@pytest.mark.parametrize(("moment", "inside"), [(END - MOMENT, ["one", "two"]), (END, [])])
@pytest.mark.usefixtures("frequent")
def test_sweep_ends_at_the_instant_and_not_before(moment: dt.datetime, inside: list[str]) -> None:
    _appointed(in_force_until=END)
    sweep(START)
    sweep(moment)
    assert members("frequent") == inside


def test_start_happens_once_and_stands_in_the_history(frequent: Segment) -> None:
    assert [keep_appointments(START + DAY), keep_appointments(START + DAY)] == [1, 0]
    frequent.refresh_from_db()
    version = frequent.versions.get(number=2)
    assert (frequent.in_force_from, version.started_by_schedule, version.live_from) == (None, START, START + DAY)
    assert MembershipChange.objects.filter(changed_at=START + DAY).count() == 1


def test_end_happens_once_and_a_segment_that_is_active_again_stays(frequent: Segment) -> None:
    _appointed(in_force_until=END)
    keep_appointments(START)
    assert keep_appointments(END + DAY) == 1
    put_in_force(END + DAY, other='count("order_completed") >= 1')
    frequent.refresh_from_db()
    assert (frequent.state, frequent.in_force_until) == ("paused", None)
    assert frequent.versions.get(number=2).ended_by_schedule == END
    assert keep_appointments(END + 2 * DAY) == 0
    assert members("other") == ["one", "two"]


def test_sweep_that_missed_both_lets_nobody_in(frequent: Segment) -> None:
    _appointed(in_force_until=END)
    keep_appointments(END + DAY)
    frequent.refresh_from_db()
    assert (members("frequent"), frequent.state, frequent.in_force_from) == ([], "paused", None)
    assert frequent.versions.get(number=2).live_from is None


def test_what_speaks_against_it_holds_the_start_up_until_it_is_mended(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Objection("personas", "Eve would leave.", may_be_acknowledged=True)]
    monkeypatch.setattr(objections, "_judges", {**objections._judges})
    judge(lambda version, now: found)
    assert (keep_appointments(START), members("frequent")) == (0, ["two"])
    found.clear()
    assert (keep_appointments(START + DAY), members("frequent")) == (1, ["one", "two"])


def test_draft_segment_starts_from_nobody_and_one_without_a_rule_does_not() -> None:
    buy("one", NOW - DAY)
    for slug in ("new", "empty"):
        Segment.objects.create(slug=slug, name=slug, in_force_from=START)
    redefine("new", 'count("order_completed") >= 1')
    keep_appointments(START)
    assert members("new") == ["one"]
    assert list(Segment.objects.order_by("slug").values_list("state", flat=True)) == ["draft", "active"]


@pytest.mark.usefixtures("frequent")
def test_one_statement_where_nothing_is_due(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        keep_appointments(START - MOMENT)
