"""Tasks: each looks at the database and does what it finds; a message that is lost or comes twice does no harm."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from celery import Celery
from celery.signals import before_task_publish
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from django_microseg import task_names, tasks
from django_microseg.collect import sinks
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.collect.sinks.stream import Stream
from django_microseg.collect.surroundings.models import Holiday
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.heartbeat import BEAT, CONTEXT, PURGE, WORKER, last_seen, note_seen
from django_microseg.segment.models import RefreshRun
from example_shop import env
from tests.segment.shop import DAY, NOW, buy, members, put_in_force

pytestmark = pytest.mark.django_db

ALL = (
    tasks.refresh_due,
    tasks.refresh_all,
    tasks.refresh_shard,
    tasks.purge_expired,
    tasks.consume_waiting,
    tasks.renew_context,
    tasks.heartbeat,
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What tasks send to other tasks."""
    messages: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks, "_nudge", lambda task, *args: messages.append((task.name, *args)) is None)
    return messages


@pytest.fixture
def due() -> None:
    """Ann bought something 31 days ago, and was in the segment for 30; bob bought yesterday."""
    now = timezone.now()
    put_in_force(now - 40 * DAY, recent='count("order_completed", days=30) >= 1')
    buy("ann", now - 31 * DAY)
    buy("bob", now - DAY)
    assert members("recent") == ["ann", "bob"]


def test_names_are_fixed_and_a_killed_worker_loses_nothing() -> None:
    assert [task.name for task in ALL] == [
        "django_microseg.refresh_due",
        "django_microseg.refresh_all",
        "django_microseg.refresh_shard",
        "django_microseg.purge_expired",
        "django_microseg.consume_waiting",
        "django_microseg.renew_context",
        "django_microseg.heartbeat",
    ]
    for task in ALL:
        assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True)
        assert task.soft_time_limit < task.time_limit == task_names.TIME_LIMIT_SECONDS
        assert task.soft_time_limit > tasks.SLICE_SECONDS


@pytest.mark.usefixtures("due")
def test_refresh_due_takes_out_whose_time_has_come_and_leaves_the_twin() -> None:
    tasks.refresh_due()
    assert members("recent") == ["bob"]
    assert last_seen(WORKER) is not None


@pytest.mark.usefixtures("due")
def test_task_that_was_handed_out_again_is_left_to_the_next_one() -> None:
    tasks.refresh_due.push_request(delivery_info={"redelivered": True})
    try:
        tasks.refresh_due.run()
    finally:
        tasks.refresh_due.pop_request()
    assert members("recent") == ["ann", "bob"]


@pytest.mark.usefixtures("due")
def test_refresh_all_of_a_small_shop_is_done_by_itself(sent: list[tuple[Any, ...]]) -> None:
    tasks.refresh_all()
    run = RefreshRun.objects.get(kind="full")
    assert (run.state, run.by, run.asked_by, sent) == ("done", "scan", "celery", [])
    assert members("recent") == ["bob"]


@pytest.mark.usefixtures("due")
def test_refresh_all_shares_what_is_left_shard_by_shard(
    sent: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_microseg.segment.full_run._SHARD", 1)
    tasks.refresh_all(by="fold")
    run = RefreshRun.objects.get(kind="full")
    assert sent == [("django_microseg.refresh_shard", run.pk)] * 2
    tasks.refresh_shard(run.pk)
    run.refresh_from_db()
    assert (run.state, run.profiles, members("recent")) == ("done", 2, ["bob"])


@pytest.mark.usefixtures("due")
def test_broker_that_is_gone_is_not_tried_once_for_each_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []
    monkeypatch.setattr(tasks, "_nudge", lambda task, *args: tried.append(args))
    monkeypatch.setattr("django_microseg.segment.full_run._SHARD", 1)
    tasks.refresh_all(by="fold")
    assert len(tried) == 1


@pytest.mark.usefixtures("due")
def test_two_messages_at_once_share_one_run(sent: list[tuple[Any, ...]]) -> None:
    first = start_full_refresh(now=timezone.now())
    tasks.refresh_all()
    assert list(RefreshRun.objects.filter(kind="full").values_list("pk", "state")) == [(first.pk, "done")]


@pytest.mark.usefixtures("due")
def test_run_that_was_left_an_hour_ago_gives_way_to_a_new_one(sent: list[tuple[Any, ...]]) -> None:
    old = start_full_refresh(now=timezone.now())
    RefreshRun.objects.update(started_at=timezone.now() - dt.timedelta(hours=1))
    tasks.refresh_all()
    assert list(RefreshRun.objects.filter(kind="full").order_by("pk").values_list("state", flat=True)) == [
        "cancelled",
        "done",
    ]
    assert old.pk == RefreshRun.objects.filter(kind="full").order_by("pk")[0].pk


def test_message_about_a_run_that_is_gone_does_nothing(sent: list[tuple[Any, ...]]) -> None:
    tasks.refresh_all(run_id=1)
    tasks.refresh_shard(1)
    assert (sent, RefreshRun.objects.count()) == ([], 0)


@pytest.mark.usefixtures("due")
def test_slice_that_is_over_asks_for_another_and_an_idle_one_does_not(
    sent: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_microseg.segment.full_run._SHARD", 1)
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0.0)
    run = start_full_refresh(now=timezone.now())
    tasks.refresh_shard(run.pk)
    assert sent == [("django_microseg.refresh_shard", run.pk)]
    run.shards.exclude(state="done").update(state="taken", taken_at=timezone.now())
    tasks.refresh_shard(run.pk)
    assert len(sent) == 1


def test_purge_that_is_not_through_goes_on_in_another_task(
    sent: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    QuarantinedEvent.objects.create(source="shop", reason="x", detail="", payload="", received_at=NOW - 9999 * DAY)
    with monkeypatch.context() as hurried:
        hurried.setattr(tasks, "SLICE_SECONDS", -1.0)
        tasks.purge_expired()
    assert (sent, last_seen(PURGE)) == ([("django_microseg.purge_expired",)], None)
    tasks.purge_expired()
    assert (len(sent), QuarantinedEvent.objects.count()) == (1, 0)


def test_heartbeat_is_a_sign_of_the_worker_alone() -> None:
    tasks.heartbeat()
    assert last_seen(WORKER) is not None
    assert last_seen(BEAT) is None


# -- beat


@pytest.fixture
def in_beat() -> Any:
    """As though this process were beat's."""
    tasks._in_beat()
    yield
    before_task_publish.disconnect(tasks._beat_sends, sender=task_names.HEARTBEAT, dispatch_uid="django_microseg.beat")


@pytest.mark.usefixtures("in_beat")
def test_what_beat_sends_is_its_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    before_task_publish.send(sender=task_names.REFRESH_DUE)
    assert last_seen(BEAT) is None
    before_task_publish.send(sender=task_names.HEARTBEAT)
    assert last_seen(BEAT) is not None


def test_what_a_page_sends_is_no_sign_of_beat() -> None:
    before_task_publish.send(sender=task_names.HEARTBEAT)
    assert last_seen(BEAT) is None


@pytest.mark.usefixtures("in_beat")
def test_beat_goes_on_when_the_database_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str, now: dt.datetime) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    monkeypatch.setattr(tasks, "note_seen", fail)
    before_task_publish.send(sender=task_names.HEARTBEAT)
    assert caplog.messages == ["beat could not leave its sign of life: DatabaseError('gone')"]


def test_broker_that_is_gone_stops_no_task(caplog: pytest.LogCaptureFixture) -> None:
    app = Celery("gone", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.broker_transport_options = env.BROKER_OPTIONS

    @app.task(name="t")
    def task() -> None:
        """Never runs."""

    assert not tasks._nudge(task)
    assert "could not send t: " in caplog.text
    note_seen(WORKER, now=NOW)  # and the database is as usable as before


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_what_waits_in_the_stream_is_stored_and_without_a_stream_nothing_happens(
    event_stream: Stream, settings: Any
) -> None:
    event = IncomingEvent(name="page_viewed", visitor_key="ann")
    sinks.take([event], source="web", received_at=timezone.now())
    stream_set = settings.MICROSEG
    settings.MICROSEG = {**stream_set, "SINK_URL": None}
    tasks.consume_waiting()
    assert Event.objects.count() == 0
    settings.MICROSEG = stream_set
    tasks.consume_waiting()
    assert (Event.objects.count(), event_stream.client.xlen(event_stream.name)) == (1, 0)


def test_holidays_are_renewed_each_half_hour_by_whoever_comes_first(settings: Any) -> None:
    settings.MICROSEG = {"HOLIDAY_PLACES": ["AT"]}
    tasks.renew_context()
    assert Holiday.objects.exists()
    Holiday.objects.all().delete()
    call_command("microseg_sweep", verbosity=0)
    assert not Holiday.objects.exists()
    note_seen(CONTEXT, now=timezone.now() - dt.timedelta(minutes=30))
    call_command("microseg_sweep", verbosity=0)
    assert Holiday.objects.exists()
