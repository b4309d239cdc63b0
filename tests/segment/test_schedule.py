"""Segments that start and end by appointment: at the instant and not before, once, however late the sweep is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from django_microseg.collect.shared_cache import clear_own
from django_microseg.segment import news, objections, schedule
from django_microseg.segment.models import MembershipChange, Segment, SegmentVersion
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


@pytest.mark.parametrize("cache", ["default", None])
@pytest.mark.usefixtures("frequent")
def test_what_holds_a_start_up_is_logged_once_and_another_reason_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Any, cache: str | None
) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "CACHE": cache}
    clear_own()
    found = [Objection("personas", "Eve would leave.")]
    monkeypatch.setattr(objections, "_judges", {"eve": lambda version, now: found})
    keep_appointments(START)
    keep_appointments(START + MOMENT)
    found[:] = [Objection("personas", "Ann would leave.")]
    keep_appointments(START + DAY)
    said = "The segment frequent does not come into force as scheduled:"
    assert caplog.messages == [f"{said} Eve would leave.", f"{said} Ann would leave."]


def test_cache_that_is_down_holds_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "_said", lambda: None)
    assert [news.is_news("a", "b"), news.is_news("a", "b")] == [True, True]


def _second() -> Segment:
    """A segment that is to start together with the first one."""
    segment = Segment.objects.create(slug="second", name="second", in_force_from=START)
    redefine("second", 'count("order_completed") >= 1')
    return segment


@pytest.mark.usefixtures("frequent")
def test_segment_that_fails_is_logged_and_the_others_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _second()
    monkeypatch.setattr(objections, "_judges", {"fail": lambda version, now: {"second": []}[version.segment.slug]})
    assert (keep_appointments(START), members("frequent"), members("second")) == (1, ["two"], ["one", "two"])
    assert caplog.messages == ["The segment frequent could not be started or ended as scheduled."]
    monkeypatch.setattr(objections, "_judges", {})
    assert (keep_appointments(START), members("frequent")) == (1, ["one", "two"])


@pytest.mark.usefixtures("frequent")
def test_start_that_outlasts_a_sweep_is_kept_and_the_next_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_SECONDS", 0.0)
    monkeypatch.setattr("django_microseg.segment.refresh.BATCH", 1)
    assert (keep_appointments(START), keep_appointments(START), members("frequent")) == (1, 0, ["two"])
    segment = Segment.objects.get(slug="frequent")
    assert (segment.in_force_from, segment.versions.get(state="preparing").started_by_schedule) == (None, START)
    sweep(START + MOMENT)
    live = segment.versions.get(state="live")
    assert (members("frequent"), live.started_by_schedule, live.live_from) == (["one", "two"], START, START + MOMENT)


def test_end_that_fails_is_tried_again(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _appointed(in_force_from=None, in_force_until=END)
    with monkeypatch.context() as broken:
        broken.setattr(schedule, "pause", lambda segment, now: {}[segment.slug])
        assert keep_appointments(END) == 0
    live = frequent.versions.get(state="live")
    assert (members("frequent"), live.ended_by_schedule, len(caplog.messages)) == (["two"], None, 1)
    assert (keep_appointments(END), members("frequent")) == (1, [])


def _moves_the_second(monkeypatch: pytest.MonkeyPatch, **when: dt.datetime) -> None:
    """While the first one is judged, an editor gives the second one another time."""

    def move(version: SegmentVersion, now: dt.datetime) -> list[Objection]:
        Segment.objects.filter(slug="second").update(**when)
        return []

    monkeypatch.setattr(objections, "_judges", {"move": move})


@pytest.mark.usefixtures("frequent")
def test_start_that_is_moved_while_the_sweep_is_at_work_waits_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    second = _second()
    _moves_the_second(monkeypatch, in_force_from=END)
    assert (keep_appointments(START), members("second")) == (1, [])
    second.refresh_from_db()
    assert second.in_force_from == END
    assert (keep_appointments(END), members("second")) == (1, ["one", "two"])


@pytest.mark.usefixtures("frequent")
def test_end_that_is_moved_while_the_sweep_is_at_work_waits_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_force(second='count("order_completed") >= 1')
    Segment.objects.filter(slug="second").update(in_force_until=START)
    _moves_the_second(monkeypatch, in_force_until=END)
    assert (keep_appointments(START), members("second")) == (1, ["one", "two"])
    assert (keep_appointments(END), members("second")) == (1, [])


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
