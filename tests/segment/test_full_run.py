"""A full run: everybody once, whoever works on it, stops, dies or starts another one meanwhile."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from django_microseg.profile.models import PopulationFact, Profile
from django_microseg.segment import full_run, refresh, shards
from django_microseg.segment.full_run import (
    Progress,
    RunRefused,
    cancel,
    progress_of,
    retry,
    start_full_refresh,
    unfinished,
    work_on,
)
from django_microseg.segment.listen import deferred
from django_microseg.segment.models import MembershipChange, RefreshRun, RefreshShard, Segment
from django_microseg.segment.refresh import Refreshed
from tests.segment.shop import DAY, NOW, buy, do, members, profile_of, put_in_force

BUYERS = 'count("order_completed") >= 1'
ABOVE = 'avg("order_completed", "value") > shop("average_order_value")'
PEOPLE = [f"c{n:02}" for n in range(10)]


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of four profiles and steps of two, so that ten people are three shards and six steps."""
    monkeypatch.setattr(full_run, "_SHARD", 4)
    monkeypatch.setattr(full_run, "BATCH", 2)
    monkeypatch.setattr(full_run, "_SMALLEST_STEP", {"fold": 1, "scan": 1})


@pytest.fixture
def waiting(db: None, small_steps: None) -> None:
    """Ten people; those with an even number bought something, and nobody has looked at them yet."""
    put_in_force(buyers=BUYERS)
    fill()


def fill() -> None:
    with deferred():
        for number, person in enumerate(PEOPLE):
            if number % 2:
                do(person, "product_viewed", product_id="p1")
            else:
                buy(person)


def shards_of(run: RefreshRun) -> list[tuple[str, int, int]]:
    return list(run.shards.order_by("low").values_list("state", "attempts", "profiles"))


def fails(monkeypatch: pytest.MonkeyPatch, *, below: int = 1_000_000_000) -> list[int]:
    """Whoever refreshes the first profiles finds the disk full."""
    tried: list[int] = []
    original = refresh.refresh_span

    def fail(*, after: int, **options: Any) -> tuple[Refreshed, int]:
        if after >= below:
            return original(after=after, **options)
        tried.append(after)
        raise OperationalError("disk full")

    monkeypatch.setattr(shards, "refresh_span", fail)
    return tried


def pass_time(seconds: float) -> None:
    """As though shards had been taken so long ago."""
    for shard in RefreshShard.objects.exclude(taken_at=None):
        RefreshShard.objects.filter(pk=shard.pk).update(taken_at=shard.taken_at - dt.timedelta(seconds=seconds))


# -- everybody, once


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("by", ["fold", "scan"])
def test_everybody_is_looked_at_and_only_buyers_are_in(by: str) -> None:
    run = start_full_refresh(now=NOW, by=by, asked_by="mary")
    assert (run.state, run.total, run.asked_by) == ("running", 10, "mary")
    come = work_on(run, seconds=60)
    assert (come.done, come.total, come.state, come.entered, come.left, come.error) == (10, 10, "done", 5, 0, "")
    assert members("buyers") == PEOPLE[::2]


@pytest.mark.usefixtures("waiting")
def test_nothing_is_done_by_starting_alone() -> None:
    start_full_refresh(now=NOW)
    assert members("buyers") == []


@pytest.mark.usefixtures("waiting")
def test_a_slice_without_time_takes_one_step_and_the_next_goes_on_there() -> None:
    run = start_full_refresh(now=NOW)
    assert [work_on(run, seconds=0).done for _ in range(6)] == [2, 4, 6, 8, 10, 10]
    run.refresh_from_db()
    assert (run.state, run.profiles, run.entered) == ("done", 10, 5)


@pytest.mark.django_db
@pytest.mark.parametrize(("milliseconds", "steps"), [(1, [100, 200, 200, 200, 200]), (4, [100, 50, 50])])
def test_slice_of_a_second_begins_no_step_that_would_not_fit(
    monkeypatch: pytest.MonkeyPatch, milliseconds: int, steps: list[int]
) -> None:
    """By a clock that stands still but for the steps, which take so long for each profile."""
    clock, taken = [0.0], []

    def pretend(shard: RefreshShard, *, size: int, **options: Any) -> Refreshed:
        taken.append(size)
        clock[0] += size * milliseconds / 1000
        return Refreshed(size, 0, 0)

    run = RefreshRun.objects.create(kind="full", by="fold", started_at=NOW, as_of=NOW, measured_at=NOW)
    RefreshShard.objects.create(run=run, low=1, high=9999, reached=0)
    monkeypatch.setattr(full_run, "step", pretend)
    monkeypatch.setattr(full_run.time, "monotonic", lambda: clock[0])
    work_on(run, seconds=1)
    assert taken == steps
    assert clock[0] <= 1


@pytest.mark.usefixtures("waiting")
def test_no_more_profiles_than_asked_for() -> None:
    run = start_full_refresh(now=NOW)
    assert [work_on(run, seconds=60, most=3).here.profiles for _ in range(4)] == [3, 3, 3, 1]


@pytest.mark.usefixtures("waiting")
def test_it_stops_when_it_is_told_to() -> None:
    run = start_full_refresh(now=NOW)
    assert work_on(run, seconds=60, should_stop=lambda: True).done == 0


@pytest.mark.usefixtures("waiting")
def test_ended_run_is_not_worked_on_again() -> None:
    run = start_full_refresh(now=NOW)
    work_on(run, seconds=60)
    run.refresh_from_db()
    ended = run.finished_at
    come = work_on(run, seconds=60)
    run.refresh_from_db()
    assert (come.is_idle, come.here, run.finished_at) == (True, Refreshed(), ended)


@pytest.mark.django_db
def test_shop_without_anybody_is_done_at_once() -> None:
    come = work_on(start_full_refresh(now=NOW), seconds=60)
    assert (come.state, come.done, come.total, come.rate) == ("done", 0, 0, None)


@pytest.mark.usefixtures("waiting")
def test_merged_profiles_are_nobody() -> None:
    Profile.objects.filter(customer_key="c00").update(merged_into=Profile.objects.get(customer_key="c02"))
    assert start_full_refresh(now=NOW).total == 9


@pytest.mark.usefixtures("waiting")
def test_sizes_are_noted_at_the_end_and_not_before() -> None:
    run = start_full_refresh(now=NOW + DAY)
    work_on(run, seconds=0)
    assert Segment.objects.get(slug="buyers").size == 0
    work_on(run, seconds=60)
    segment = Segment.objects.get(slug="buyers")
    assert (segment.size, segment.size_at) == (5, NOW + DAY)


@pytest.mark.django_db
def test_clock_of_a_run_ticks_so_that_what_happened_since_it_began_is_not_taken_back() -> None:
    put_in_force(buyers=BUYERS)
    now = timezone.now()
    run = start_full_refresh(now=now - dt.timedelta(minutes=4))
    RefreshRun.objects.update(started_at=now - dt.timedelta(minutes=4))
    do("ann", "product_viewed", now - DAY, product_id="p1")
    buy("ann", now - dt.timedelta(minutes=2))
    RefreshShard.objects.create(run=run, low=1, high=profile_of("ann").pk, reached=0)
    work_on(run, seconds=60)
    assert members("buyers") == ["ann"]


@pytest.mark.django_db
def test_clock_that_somebody_named_stands_still() -> None:
    put_in_force(recent='count("order_completed", days=30) >= 1')
    buy("in", NOW - 30 * DAY + dt.timedelta(milliseconds=1))
    buy("out", NOW - 30 * DAY)
    run = start_full_refresh(now=NOW)
    RefreshRun.objects.update(started_at=run.started_at - dt.timedelta(hours=1))
    work_on(run, seconds=60)
    assert members("recent") == ["in"]


def test_a_way_that_is_none_is_refused() -> None:
    with pytest.raises(RunRefused, match=r"cannot be done by 'guess'\. Choose one of fold, scan"):
        start_full_refresh(now=NOW, by="guess")


# -- watched


@pytest.mark.usefixtures("waiting")
def test_rate_and_time_left_are_unknown_before_the_first_step() -> None:
    come = progress_of(start_full_refresh(now=NOW))
    assert (come.rate, come.seconds_left, come.done, come.total) == (None, None, 0, 10)


@pytest.mark.usefixtures("waiting")
def test_rate_is_profiles_a_second_since_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_full_refresh(now=NOW)
    work_on(run, seconds=0)
    monkeypatch.setattr(
        "django_microseg.segment.run_progress.timezone.now", lambda: run.started_at + dt.timedelta(seconds=4)
    )
    come = progress_of(run)
    # two profiles in four seconds, eight are left
    assert (come.rate, come.seconds_left) == (0.5, 16.0)


# -- the shop's own figures


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_the_shops_own_figures_come_first_and_are_settled_at_the_end() -> None:
    put_in_force(big=ABOVE)
    with deferred():
        buy("low", revenue=10)
        buy("high", revenue=30)
    run = start_full_refresh(now=NOW + DAY)
    work_on(run, seconds=60, most=1)
    unsettled = PopulationFact.objects.get(settled_at=None)
    assert (unsettled.numerator, unsettled.denominator) == (4000, 2)
    work_on(run, seconds=60)
    assert members("big") == ["high"]
    assert not PopulationFact.objects.filter(settled_at=None).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_a_cancelled_run_leaves_its_figures_to_be_settled_by_the_next_measurement() -> None:
    put_in_force(big=ABOVE)
    buy("low", revenue=10)
    buy("high", revenue=30)
    refresh.refresh_population(NOW)
    assert members("big") == ["high"]
    buy("low", revenue=1000)
    run = start_full_refresh(now=NOW + DAY)
    full_run._measure(run)
    cancel(run)
    assert members("big") == ["high", "low"]
    refresh.refresh_population(NOW + DAY + dt.timedelta(hours=1))
    assert members("big") == ["low"]


# -- cancelled, superseded, taken up again


@pytest.mark.usefixtures("waiting")
def test_cancelled_run_keeps_what_it_did_and_does_no_more() -> None:
    run = start_full_refresh(now=NOW)
    work_on(run, seconds=0)
    cancel(run)
    come = work_on(run, seconds=60)
    assert (come.state, come.done, come.is_idle, come.error) == ("cancelled", 2, True, "")
    assert members("buyers") == ["c00"]
    assert unfinished() is None


@pytest.mark.usefixtures("waiting")
def test_step_that_a_cancellation_overtakes_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_full_refresh(now=NOW)
    original = refresh.refresh_span

    def cancel_meanwhile(**options: Any) -> tuple[Refreshed, int]:
        cancel(RefreshRun.objects.get(pk=run.pk))
        return original(**options)

    monkeypatch.setattr(shards, "refresh_span", cancel_meanwhile)
    come = work_on(run, seconds=60)
    # the step's transaction is undone, and the cancellation with it, for this test makes it in there
    assert (come.done, members("buyers")) == (0, [])


@pytest.mark.usefixtures("waiting")
def test_newer_run_supersedes_an_older_one() -> None:
    older, newer = start_full_refresh(now=NOW), start_full_refresh(now=NOW)
    assert (work_on(older, seconds=60).state, members("buyers")) == ("cancelled", [])
    older.refresh_from_db()
    assert older.error == "a newer full refresh was started"
    assert (work_on(newer, seconds=60).state, members("buyers")) == ("done", PEOPLE[::2])


@pytest.mark.django_db
def test_database_refuses_two_full_runs_at_once() -> None:
    start_full_refresh(now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RefreshRun.objects.create(kind="full", started_at=NOW)
    RefreshRun.objects.create(kind="sweep", started_at=NOW)
    RefreshRun.objects.create(kind="sweep", started_at=NOW)


@pytest.mark.usefixtures("waiting")
def test_cancelled_run_is_taken_up_again_where_it_stopped() -> None:
    run = start_full_refresh(now=NOW)
    work_on(run, seconds=0)
    cancel(run)
    retry(run)
    come = work_on(run, seconds=60)
    assert (come.state, come.done, come.here.profiles) == ("done", 10, 8)


@pytest.mark.usefixtures("waiting")
def test_older_run_is_not_taken_up_again_while_a_newer_one_is_under_way() -> None:
    older = start_full_refresh(now=NOW)
    start_full_refresh(now=NOW)
    with pytest.raises(RunRefused, match="Another full refresh is under way"):
        retry(older)
    assert older.shards.filter(state="waiting").count() == 3


@pytest.mark.usefixtures("waiting")
def test_done_run_stays_done() -> None:
    run = start_full_refresh(now=NOW)
    work_on(run, seconds=60)
    with pytest.raises(RunRefused, match="Only a full refresh that failed or was cancelled"):
        retry(run)
    with pytest.raises(RunRefused, match="Only a full refresh that is under way"):
        cancel(run)
    assert (run.state, set(shards_of(run))) == ("done", {("done", 0, 4), ("done", 0, 2)})


@pytest.mark.usefixtures("waiting")
def test_whoever_ends_it_or_takes_it_up_second_is_told_and_changes_nothing() -> None:
    first = start_full_refresh(now=NOW)
    second = RefreshRun.objects.get(pk=first.pk)
    cancel(first)
    with pytest.raises(RunRefused, match="Only a full refresh that is under way"):
        cancel(second)
    assert (second.state, second.finished_at) == ("cancelled", first.finished_at)
    retry(first)
    shards.take(first)
    with pytest.raises(RunRefused, match="Only a full refresh that failed or was cancelled"):
        retry(second)
    assert [state for state, _, _ in shards_of(first)] == ["taken", "waiting", "waiting"]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "do_it"), [("running", cancel), ("failed", retry)])
def test_run_of_another_kind_is_neither_ended_nor_taken_up(state: str, do_it: Callable[[RefreshRun], None]) -> None:
    run = RefreshRun.objects.create(kind="sweep", state=state, started_at=NOW)
    with pytest.raises(RunRefused):
        do_it(run)
    run.refresh_from_db()
    assert (run.state, run.finished_at) == (state, None)


# -- what goes wrong


@pytest.mark.usefixtures("waiting")
def test_failed_step_is_noted_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_full_refresh(now=NOW)
    second = run.shards.order_by("low")[1]
    fails(monkeypatch, below=second.low - 1)
    first = work_on(run, seconds=60)
    assert (first.state, first.done, first.error) == ("running", 0, "OperationalError: disk full")
    rest = work_on(run, seconds=60)
    assert (rest.state, rest.done) == ("running", 6)
    assert shards_of(run) == [("waiting", 1, 0), ("done", 0, 4), ("done", 0, 2)]


@pytest.mark.usefixtures("waiting")
def test_failed_shard_is_left_alone_for_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_full_refresh(now=NOW)
    tried = fails(monkeypatch)
    for _ in range(4):
        work_on(run, seconds=60)
    assert len(tried) == 3  # each shard once
    assert work_on(run, seconds=60).is_idle
    pass_time(9)
    assert work_on(run, seconds=60).is_idle
    pass_time(2)
    work_on(run, seconds=60)
    assert len(tried) == 4


@pytest.mark.usefixtures("waiting")
def test_after_three_attempts_it_is_parked_and_the_run_fails_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_full_refresh(now=NOW)
    first, second = run.shards.order_by("low")[:2]
    tried = fails(monkeypatch, below=second.low - 1)
    for _ in range(4):
        work_on(run, seconds=60)
        pass_time(11)
    run.refresh_from_db()
    assert len(tried) == 3
    assert shards_of(run) == [("parked", 3, 0), ("done", 0, 4), ("done", 0, 2)]
    assert (run.state, run.profiles) == ("failed", 6)
    assert run.error == f"profiles {first.low} to {first.high}: OperationalError: disk full"


@pytest.mark.usefixtures("waiting")
def test_parked_shard_is_done_when_the_cause_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_full_refresh(now=NOW)
    with monkeypatch.context() as broken:
        fails(broken)
        for _ in range(9):
            work_on(run, seconds=60)
            pass_time(11)
    assert progress_of(run).state == "failed"
    retry(run)
    come = work_on(run, seconds=60)
    assert (come.state, come.done, come.error) == ("done", 10, "")
    assert members("buyers") == PEOPLE[::2]


@pytest.mark.usefixtures("waiting")
def test_run_whose_end_goes_wrong_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(now: dt.datetime) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(full_run, "update_sizes", fail)
    come = work_on(start_full_refresh(now=NOW), seconds=60)
    assert (come.state, come.done, come.error) == ("failed", 10, "OperationalError: disk full")


@pytest.mark.usefixtures("waiting")
def test_interrupted_shard_is_free_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(**options: Any) -> tuple[Refreshed, int]:
        raise KeyboardInterrupt

    run = start_full_refresh(now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr(shards, "refresh_span", interrupt)
        with pytest.raises(KeyboardInterrupt):
            work_on(run, seconds=60)
    assert work_on(run, seconds=60).state == "done"


# -- who died


@pytest.fixture
def dead(waiting: None) -> RefreshRun:
    """A run whose one worker died over the first shard, after one of its two steps."""
    run = start_full_refresh(now=NOW)
    full_run._measure(run)
    shard = shards.take(run)
    assert shard is not None
    shards.step(shard, size=2, by="fold", now=NOW)
    return run


def test_shard_of_a_dead_worker_waits_for_a_minute_and_is_taken_then(dead: RefreshRun) -> None:
    work_on(dead, seconds=60)
    assert shards_of(dead) == [("taken", 0, 2), ("done", 0, 4), ("done", 0, 2)]
    pass_time(59)
    assert work_on(dead, seconds=60).is_idle
    pass_time(2)
    come = work_on(dead, seconds=60)
    assert (come.state, come.done, come.here.profiles, come.entered) == ("done", 10, 2, 5)


def test_step_of_a_worker_that_was_only_slow_counts_once(dead: RefreshRun) -> None:
    slow = dead.shards.order_by("low")[0]
    pass_time(61)
    work_on(dead, seconds=60)
    with pytest.raises(shards.GaveWay):
        shards.step(slow, size=2, by="fold", now=NOW)
    come = progress_of(dead)
    assert (come.state, come.done, come.entered) == ("done", 10, 5)
    assert MembershipChange.objects.count() == 5


def test_shard_that_kills_its_workers_is_parked(dead: RefreshRun) -> None:
    for _ in range(3):
        pass_time(61)
        assert shards.take(dead) is not None
    pass_time(61)
    come = work_on(dead, seconds=60)
    assert come.state == "failed"
    assert "whoever worked on it died or hung, 3 times at the same place" in come.error


def test_worker_that_died_before_the_end_leaves_it_to_the_next(dead: RefreshRun) -> None:
    RefreshShard.objects.update(state="done")
    assert work_on(dead, seconds=60).state == "done"


# -- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_steps")
def test_four_workers_at_once_do_everybody_once() -> None:
    put_in_force(buyers=BUYERS)
    with deferred():
        for number in range(60):
            buy(f"buyer-{number}")
    run = start_full_refresh(now=NOW)
    come: list[Progress] = []

    def work() -> None:
        try:
            come.append(work_on(RefreshRun.objects.get(pk=run.pk), seconds=60))
        finally:
            connection.close()

    for thread in (threads := [threading.Thread(target=work) for _ in range(4)]):
        thread.start()
    for thread in threads:
        thread.join()
    ended = work_on(run, seconds=60)
    assert (ended.state, ended.done, ended.entered) == ("done", 60, 60)
    assert sum(each.here.profiles for each in come) == 60
    assert MembershipChange.objects.count() == 60


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_runs_started_at_once_leave_one_under_way() -> None:
    failed: list[BaseException] = []

    def start() -> None:
        try:
            start_full_refresh(now=NOW)
        except RunRefused as error:
            failed.append(error)
        finally:
            connection.close()

    for thread in (threads := [threading.Thread(target=start) for _ in range(4)]):
        thread.start()
    for thread in threads:
        thread.join()
    states = sorted(RefreshRun.objects.values_list("state", flat=True))
    assert states == ["cancelled"] * (3 - len(failed)) + ["running"]
