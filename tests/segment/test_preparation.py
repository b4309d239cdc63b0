"""New rules on their way: stopped midway and gone on with, given up, joined with what they have to do with."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from django_microseg.segment import preparation as room
from django_microseg.segment import publish, refresh, rulebook
from django_microseg.segment.launch import (
    Objected,
    Shown,
    Stale,
    Switched,
    Underway,
    discard,
    put_all_in_force,
    put_in_force,
)
from django_microseg.segment.models import Membership, Preparation, Segment, SegmentVersion
from django_microseg.segment.preparation import left_over, percent, take, waiting
from django_microseg.segment.publish import begin, go_on, pause
from django_microseg.segment.refresh import refresh_all
from django_microseg.segment.sweep import sweep
from django_microseg.segment.versions import candidate_of
from tests.effort import cases
from tests.segment.shop import (
    DAY,
    NOW,
    being_prepared,
    buy,
    do,
    members,
    prepared_members,
    profile_of,
    redefine,
)
from tests.segment.shop import (
    put_in_force as live,
)

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)
TWICE = 'count("order_completed") >= 2'
ONCE = 'count("order_completed") >= 1'
ALL = ["ann", "bob", "cid", "dan"]


@pytest.fixture(autouse=True)
def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "BATCH", 1)


@pytest.fixture
def frequent() -> Segment:
    """Four people; those in it have bought twice, so only Ann is."""
    live(frequent=TWICE)
    for name in (*ALL, "ann"):
        buy(name, NOW - DAY)
    return Segment.objects.get()


def shown(segment: Segment) -> Shown:
    segment.refresh_from_db()
    version = candidate_of(segment)
    return Shown(version.pk if version else None, segment.live_version_id)


def go(segment: Segment, seconds: float = 0.0, now: dt.datetime = NOW) -> Switched | Underway:
    return put_in_force(segment, shown=shown(segment), now=now, seconds=seconds)


def run_sweep(now: dt.datetime = NOW, **more: Any) -> None:
    sweep(now, **more)


# -- midway


def test_what_takes_longer_than_anybody_waits_is_gone_on_with_by_whoever_asks_again(frequent: Segment) -> None:
    draft = redefine("frequent", ONCE)
    far = [go(frequent) for _ in ALL]
    assert far == [Underway(25), Underway(50), Underway(75), Underway(99)]
    assert (members("frequent"), prepared_members(draft)) == (["ann"], ALL)
    assert go(frequent, now=NOW + DAY) == Switched(3, 0)
    assert (members("frequent"), Preparation.objects.count()) == (ALL, 0)


def test_sweep_brings_it_into_force(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    run_sweep(NOW + MINUTE)
    frequent.refresh_from_db()
    assert frequent.live_version is not None
    assert (members("frequent"), frequent.live_version.live_from) == (ALL, NOW + MINUTE)


def test_nobody_is_asked_twice(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    go(frequent)
    (row,) = waiting()
    assert take(row)
    assert go_on(row, now=NOW).profiles == 2


def test_who_comes_while_it_is_prepared_is_in_it_and_who_stops_fitting_is_not(frequent: Segment) -> None:
    draft = redefine("frequent", 'count("order_completed") == 1')
    go(frequent)
    go(frequent)
    assert prepared_members(draft) == ["bob"]
    buy("bob", NOW)
    buy("eve", NOW)
    assert (prepared_members(draft), members("frequent")) == (["eve"], ["ann", "bob"])
    run_sweep()
    assert members("frequent") == ["cid", "dan", "eve"]


def test_sweep_stops_when_it_is_told_to_and_at_its_limit(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    run_sweep(should_stop=lambda: True)
    assert [percent(row) for row in waiting()] == [25]
    run_sweep(limit=2)
    assert [percent(row) for row in waiting()] == [75]
    run_sweep(limit=10)
    assert (list(waiting()), members("frequent")) == ([], ALL)


def test_several_that_outlast_the_request_go_on_together(frequent: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_microseg.segment.launch.PATIENCE_SECONDS", 0.0)
    for slug in ("one", "two"):
        Segment.objects.create(slug=slug, name=slug)
        redefine(slug, ONCE)
    chosen = {row: shown(row) for row in Segment.objects.filter(slug__in=["one", "two"])}
    assert set(put_all_in_force(chosen, now=NOW).values()) == {Underway(25)}
    assert Preparation.objects.count() == 1
    run_sweep()
    assert [members(slug) for slug in ("one", "two")] == [ALL, ALL]


# -- one at a time


def test_whoever_is_at_work_is_left_alone_and_whoever_died_is_followed(frequent: Segment) -> None:
    draft = redefine("frequent", ONCE)
    begin([draft], now=NOW)
    with pytest.raises(Stale, match="at this moment"):
        go(frequent)
    run_sweep()
    assert (members("frequent"), list(left_over(timezone.now()))) == (["ann"], [])
    Preparation.objects.update(worked_at=timezone.now() - 5 * MINUTE)
    assert list(left_over(timezone.now())) == [draft]
    run_sweep()
    assert members("frequent") == ALL


def test_only_one_takes_it(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    (row,), (same,) = list(waiting()), list(waiting())
    assert [take(row), take(same)] == [True, False]


@pytest.mark.parametrize(
    ("state", "silent", "is_free", "is_left_over"),
    [
        ("preparing", 5 * MINUTE, False, True),
        ("preparing", 5 * MINUTE, True, True),
        ("preparing", 4 * MINUTE, False, False),
        ("live", 5 * MINUTE, False, False),
    ],
)
def test_what_shows_no_sign_of_work_was_left_over(
    frequent: Segment, state: str, silent: dt.timedelta, is_free: bool, is_left_over: bool
) -> None:
    draft = redefine("frequent", ONCE, NOW - 30 * DAY)
    being_prepared(draft, worked_at=NOW - silent, is_free=is_free)
    SegmentVersion.objects.filter(pk=draft.pk).update(state=state)
    assert left_over(NOW).exists() is is_left_over


def test_signs_say_how_far_it_is(frequent: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_SECONDS_BETWEEN_SIGNS", 0.0)
    row, found = begin([redefine("frequent", ONCE)], now=NOW), []
    Preparation.objects.update(worked_at=timezone.now() - MINUTE)
    go_on(row, now=NOW, report=lambda n: found.append(list(Preparation.objects.values_list("reached", "is_free"))))
    reached = [profile_of(name).pk for name in ALL]
    assert found[1:] == [[(pk, False)] for pk in reached[:3]]


def test_who_is_robbed_of_it_midway_stops(frequent: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_SECONDS_BETWEEN_SIGNS", 0.0)
    row = begin([redefine("frequent", ONCE)], now=NOW)
    done = go_on(row, now=NOW, report=lambda n: pause(frequent, now=NOW))
    assert (done.profiles, Membership.objects.count(), Preparation.objects.count()) == (1, 0, 0)


# -- what goes wrong


def test_one_that_fails_is_logged_and_tried_again_and_holds_up_no_other(
    frequent: Segment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Segment.objects.create(slug="other", name="other")
    for slug in ("frequent", "other"):
        redefine(slug, ONCE)
        go(Segment.objects.get(slug=slug))
    usual = publish._switch

    def switch(version: SegmentVersion, now: dt.datetime) -> None:
        if version.segment.slug == "frequent":
            raise OSError("disk full")
        usual(version, now)

    with monkeypatch.context() as broken:
        broken.setattr(publish, "_switch", switch)
        run_sweep()
    assert (members("frequent"), members("other")) == (["ann"], ALL)
    assert [record.name for record in caplog.records] == ["django_microseg.sweep"]
    run_sweep()
    assert members("frequent") == ALL


# -- given up


def test_newer_rule_takes_the_place_of_one_that_is_being_prepared(frequent: Segment) -> None:
    old = redefine("frequent", ONCE)
    go(frequent)
    redefine("frequent", 'count("order_completed") < 2')
    go(frequent)
    old.refresh_from_db()
    assert (old.state, old.preparation, Preparation.objects.count()) == ("retired", None, 1)
    run_sweep()
    assert members("frequent") == ["bob", "cid", "dan"]


def test_draft_that_waits_does_not_hold_up_what_is_being_prepared(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    draft = redefine("frequent", 'count("order_completed") >= 9')
    run_sweep()
    frequent.refresh_from_db()
    assert (members("frequent"), candidate_of(frequent)) == (ALL, draft)


def test_what_is_paused_or_discarded_meanwhile_does_not_come_into_force(frequent: Segment) -> None:
    for end in (
        lambda version: pause(frequent, now=NOW),
        lambda version: discard(frequent, version_id=version.pk, now=NOW),
    ):
        version = redefine("frequent", ONCE)
        go(frequent)
        end(version)
        run_sweep()
        version.refresh_from_db()
        assert (version.state, Preparation.objects.count()) != ("live", 0)
        assert (Preparation.objects.count(), prepared_members(version)) == (0, [])
    assert (version.state, candidate_of(frequent) == version) == ("discarded", False)


def test_what_was_discarded_leaves_what_is_in_force_as_it_is(frequent: Segment) -> None:
    version = redefine("frequent", ONCE)
    go(frequent)
    assert discard(frequent, version_id=version.pk, now=NOW)
    assert not discard(frequent, version_id=version.pk, now=NOW)
    assert (members("frequent"), candidate_of(frequent)) == (["ann"], None)


# -- together with what it has to do with


def test_segments_that_use_one_go_live_with_it(frequent: Segment) -> None:
    live(rare='not segment("frequent")')
    redefine("frequent", ONCE)
    go(frequent)
    assert Preparation.objects.get().versions.count() == 2
    assert members("rare") == ["bob", "cid", "dan"]
    run_sweep()
    assert (members("frequent"), members("rare")) == (ALL, [])


def test_one_that_asks_for_what_is_being_prepared_waits_for_it(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    rare = Segment.objects.create(slug="rare", name="rare")
    redefine("rare", 'not segment("frequent")')
    go(rare)
    row = Preparation.objects.get()
    assert (set(row.versions.values_list("segment__slug", flat=True)), percent(row)) == ({"frequent", "rare"}, 25)
    run_sweep()
    assert (members("frequent"), members("rare")) == (ALL, [])


def test_one_that_is_asked_for_by_what_is_being_prepared_takes_it_along(frequent: Segment) -> None:
    rare = Segment.objects.create(slug="rare", name="rare")
    redefine("rare", 'not segment("frequent")')
    go(rare)
    go(rare)  # Ann and Bob were asked, by what was in force then
    redefine("frequent", ONCE)
    go(frequent)
    assert Preparation.objects.get().versions.count() == 2
    run_sweep()
    assert (members("frequent"), members("rare")) == (ALL, [])


def test_own_new_rule_of_a_follower_is_not_lost(frequent: Segment) -> None:
    live(rare='not segment("frequent")')
    rare = Segment.objects.get(slug="rare")
    redefine("rare", 'count("page_viewed") >= 1')
    do("dan", "page_viewed", NOW)
    go(rare)
    redefine("frequent", ONCE)
    go(frequent)
    run_sweep()
    assert (members("frequent"), members("rare")) == (ALL, ["dan"])


def test_what_has_nothing_to_do_with_it_goes_on_by_itself(frequent: Segment) -> None:
    redefine("frequent", ONCE)
    go(frequent)
    Segment.objects.create(slug="other", name="other")
    redefine("other", ONCE)
    go(Segment.objects.get(slug="other"))
    assert sorted(percent(row) for row in waiting()) == [25, 25]


# -- whatever happens in between

SLUGS = ("a", "b", "c")
RULES = {
    "a": (ONCE, TWICE, 'count("order_completed") >= 3'),
    "b": ('segment("a")', 'not segment("a")', TWICE),
    "c": ('segment("b") or segment("a")', 'not segment("b")', ONCE),
}
STEPS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(SLUGS), st.integers(0, 2)),
    st.tuples(st.just("go"), st.sampled_from(SLUGS)),
    st.tuples(st.just("pause"), st.sampled_from(SLUGS)),
    st.tuples(st.just("discard"), st.sampled_from(SLUGS)),
    st.tuples(st.just("buy"), st.sampled_from(ALL)),
    st.tuples(st.just("sweep"), st.integers(1, 4)),
)


class TestInBetween(TestCase):
    """Hypothesis empties the database after each case, as the marker does after each test."""

    @effort(max_examples=cases(quick=15, ci=60), deadline=None)
    @given(steps=st.lists(STEPS, max_size=14))
    def test_in_the_end_everybody_is_where_the_rules_in_force_put_them(self, steps: list[tuple[Any, ...]]) -> None:
        rulebook.forget()
        live(a=TWICE, b='segment("a")', c='not segment("b")')
        for name in (*ALL, "ann"):
            buy(name, NOW - DAY)
        now = NOW
        for step in steps:
            now += SECOND
            _do(step, now)
        run_sweep(now + SECOND)
        assert Preparation.objects.count() == 0
        assert SegmentVersion.objects.filter(state="preparing").count() == 0
        for row in Segment.objects.filter(state="active").select_related("live_version"):
            assert row.live_version is not None
            assert row.live_version.state == "live"
        again = refresh_all(now + 2 * SECOND, by="fold")
        assert (again.entered, again.left) == (0, 0)


def _do(step: tuple[Any, ...], now: dt.datetime) -> None:
    match step:
        case ("put", slug, number):
            redefine(slug, RULES[slug][number], now)
            _try(slug, now)
        case ("go", slug):
            _try(slug, now)
        case ("pause", slug):
            pause(Segment.objects.get(slug=slug), now=now)
        case ("discard", slug):
            segment = Segment.objects.get(slug=slug)
            version = candidate_of(segment)
            if version is not None:
                discard(segment, version_id=version.pk, now=now)
        case ("buy", name):
            buy(name, now)
        case ("sweep", limit):
            run_sweep(now, limit=limit)


def _try(slug: str, now: dt.datetime) -> None:
    with suppress(Stale, Objected):
        go(Segment.objects.get(slug=slug), now=now)
