"""The command `microseg_sweep`: who waits gets an answer, nobody else is touched, and it stops when told."""

from __future__ import annotations

import datetime as dt
import io
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from django_microseg.management import pulse as pulse_module
from django_microseg.management.commands import microseg_sweep
from django_microseg.management.pulse import Pulse
from django_microseg.management.until_stopped import UntilStopped
from django_microseg.profile.models import Profile
from django_microseg.segment import runs
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.heartbeat import SWEEP, last_seen
from django_microseg.segment.models import Membership, MembershipChange, RefreshRun
from django_microseg.segment.outbox import segment_entered
from django_microseg.segment.refresh import Refreshed
from django_microseg.segment.sweep import Swept, sweep
from tests.commands.console import refusal, say, say_json
from tests.commands.shop import NOW, fill, order, segment

RECENT = 'count("order_completed", days=30) >= 1'
BIG = 'avg("order_completed", "value") > 1 * shop("average_order_value")'
DAY = dt.timedelta(days=1)


def members(slug: str) -> set[str]:
    rows = Membership.objects.filter(segment__slug=slug)
    return set(rows.values_list("profile__customer_key", flat=True))


@pytest.mark.django_db
def test_who_is_dirty_gets_an_answer() -> None:
    segment("recent", RECENT)
    fill()
    assert members("recent") == set()
    assert sweep(NOW).refreshed == Refreshed(profiles=3, entered=2, left=0)
    assert members("recent") == {"anna", "cleo"}


@pytest.mark.django_db
def test_only_those_whose_time_has_come_are_touched() -> None:
    segment("recent", RECENT)
    fill()
    sweep(NOW)
    # anna's last order leaves the 30 days on day 28, cleo's on day 29.
    assert sweep(NOW + 28 * DAY).refreshed == Refreshed(profiles=1, entered=0, left=1)
    assert members("recent") == {"cleo"}
    assert sweep(NOW + 28 * DAY).refreshed == Refreshed()


@pytest.mark.django_db
def test_a_limit_leaves_the_rest_for_the_next_sweep() -> None:
    segment("recent", RECENT)
    fill()
    assert [sweep(NOW, limit=2).refreshed.profiles for _ in range(3)] == [2, 1, 0]


@pytest.mark.django_db
def test_it_stops_between_batches_when_it_is_told_to() -> None:
    segment("recent", RECENT)
    fill()
    assert sweep(NOW, should_stop=lambda: True).refreshed.profiles == 0
    assert Profile.objects.filter(dirty_since__isnull=False).count() == 3


@pytest.mark.django_db
def test_the_shops_own_figures_are_computed_once_an_hour() -> None:
    segment("big", BIG)
    fill()
    hours = [dt.timedelta(), dt.timedelta(minutes=59), dt.timedelta(minutes=60)]
    assert [sweep(NOW + each).has_measured for each in hours] == [True, False, True]


@pytest.mark.django_db
def test_a_new_average_moves_those_between_the_old_and_the_new_one() -> None:
    fill()
    segment("big", BIG)
    sweep(NOW)
    assert members("big") == {"bert"}
    fill(order("cleo", 3, 1000))
    sweep(NOW + DAY)
    assert members("big") == {"cleo"}


@pytest.mark.django_db
def test_a_signal_that_a_dead_process_owes_is_delivered_once() -> None:
    heard: list[tuple[str, int]] = []

    def hear(sender: Any, *, segment: str, profile_id: int, **news: Any) -> None:
        heard.append((segment, profile_id))

    segment("recent", RECENT)
    fill()
    sweep(NOW)
    MembershipChange.objects.update(delivered_at=None)
    segment_entered.connect(hear)
    try:
        delivered = [sweep(NOW + dt.timedelta(minutes=n)).delivered for n in (1, 2)]
    finally:
        segment_entered.disconnect(hear)
    assert delivered == [2, 0]
    assert [slug for slug, _ in heard] == ["recent", "recent"]


@pytest.mark.django_db
def test_a_full_refresh_that_nobody_works_on_is_brought_to_its_end() -> None:
    segment("recent", RECENT)
    fill()
    Profile.objects.update(dirty_since=None)  # so that nobody waits but the run
    run = start_full_refresh(now=NOW)
    assert sweep(NOW).refreshed == Refreshed(profiles=3, entered=2, left=0)
    run.refresh_from_db()
    assert (run.state, run.profiles, run.entered, members("recent")) == ("done", 3, 2, {"anna", "cleo"})
    assert sweep(NOW).refreshed == Refreshed()


@pytest.mark.django_db
def test_a_limit_holds_for_a_full_refresh_too() -> None:
    fill()
    segment("recent", RECENT)
    run = start_full_refresh(now=NOW)
    assert [sweep(NOW, limit=2).refreshed.profiles for _ in range(3)] == [2, 1, 0]
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.django_db
def test_a_full_refresh_that_others_hold_does_not_keep_the_sweep() -> None:
    fill()
    sweep(NOW)
    run = start_full_refresh(now=NOW)
    run.shards.update(state="taken", taken_at=timezone.now())
    assert sweep(NOW).refreshed == Refreshed()


@pytest.mark.django_db
def test_a_sweep_leaves_a_row_that_says_what_it_did() -> None:
    segment("recent", RECENT)
    fill()
    sweep(NOW)
    assert list(
        RefreshRun.objects.filter(kind="sweep").values_list("state", "profiles", "entered", "left", "error")
    ) == [("done", 3, 2, 0, "")]


@pytest.mark.django_db
def test_a_sweep_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> Refreshed:
        raise OperationalError("disk full")

    monkeypatch.setattr("django_microseg.segment.sweep.refresh_due", fail)
    code, sentence = refusal("microseg_sweep")
    assert (code, sentence) == (2, "The database refused: disk full.")
    row = RefreshRun.objects.get(kind="sweep")
    assert (row.state, row.error) == ("failed", "OperationalError: disk full")


@pytest.mark.django_db
def test_a_failed_measurement_is_tried_again_at_once() -> None:
    with pytest.raises(OperationalError), runs.recorded(runs.POPULATION, now=NOW):
        raise OperationalError
    assert runs.is_overdue(runs.POPULATION, dt.timedelta(hours=1), now=NOW)


@pytest.mark.django_db
def test_one_sweep_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microseg_sweep.timezone, "now", lambda: NOW)
    segment("recent", RECENT)
    fill()
    assert say_json("microseg_sweep") == {"profiles": 3, "entered": 2, "left": 0, "delivered": 0, "measured": True}


@pytest.mark.django_db
def test_the_command_leaves_a_sign_of_life() -> None:
    before = timezone.now()
    say("microseg_sweep")
    seen = last_seen(SWEEP)
    assert seen is not None
    assert before - dt.timedelta(milliseconds=1) <= seen <= timezone.now()


def test_a_sign_of_life_is_left_at_once_and_then_every_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, seen = [100.0], []
    monkeypatch.setattr(pulse_module.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(pulse_module, "note_seen", lambda name, now: seen.append((name, clock[0])))
    pulse = Pulse(SWEEP, lambda: False)
    for second in (100.0, 129.0, 130.0, 140.0, 160.0):
        clock[0] = second
        assert not pulse.is_over()
    assert seen == [("sweep", 100.0), ("sweep", 130.0), ("sweep", 160.0)]


@pytest.mark.django_db
def test_what_has_expired_is_removed_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    for hours in (0, 23, 24):
        RefreshRun.objects.create(kind="sweep", started_at=NOW - 30 * DAY)
        monkeypatch.setattr(microseg_sweep.timezone, "now", lambda hours=hours: NOW + dt.timedelta(hours=hours))
        say("microseg_sweep")
        left.append(RefreshRun.objects.filter(started_at__lt=NOW).count())
    assert left == [0, 1, 0]


def test_a_pause_of_no_time_is_refused() -> None:
    assert refusal("microseg_sweep", "--every", "0") == (2, "--every and --limit must be above 0.")


# -- the loop


@pytest.fixture
def sweeps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Stands for the sweep: fails the first time, and is told to stop in the middle of the second."""
    done: list[str] = []

    def pretend(now: dt.datetime, **options: Any) -> Swept:
        done.append("failed" if not done else "swept")
        if done == ["failed"]:
            raise OperationalError("server closed the connection")
        os.kill(os.getpid(), signal.SIGTERM)
        return Swept(Refreshed(), 0, False)

    monkeypatch.setattr(microseg_sweep, "sweep", pretend)
    monkeypatch.setattr(microseg_sweep, "purge_daily", lambda **options: {})
    monkeypatch.setattr(microseg_sweep, "renew_if_due", lambda now: False)
    monkeypatch.setattr(microseg_sweep, "close_old_connections", lambda: None)
    monkeypatch.setattr(microseg_sweep.connections, "close_all", lambda: None)
    return done


def test_the_loop_survives_the_database_and_stops_at_sigterm(
    sweeps: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    call_command("microseg_sweep", "--loop", "--every", "0.05", stdout=io.StringIO())
    assert sweeps == ["failed", "swept"]
    assert caplog.messages == ["The sweep failed: server closed the connection. It is tried again in 0 s."]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_pause_ends_when_somebody_says_stop() -> None:
    with UntilStopped() as life:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        life.wait(60)
        assert life.is_over()


# -- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_the_work_once() -> None:
    segment("recent", RECENT)
    fill(*(order(f"customer-{n}", 2, 10) for n in range(1200)))
    done: list[Swept] = []

    def work() -> None:
        try:
            done.append(sweep(NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2
    sweep(NOW)
    assert MembershipChange.objects.filter(is_entry=True).count() == 1200
    assert Membership.objects.count() == 1200
    assert not Profile.objects.filter(dirty_since__isnull=False).exists()
