"""Door: what Celery runs. Imported by Celery's autodiscovery alone, so nothing else needs Celery.

Every task is a nudge to look at the database, where the truth is: lost, doubled or late, it does no
harm, and a sweep finds what was left. None takes longer than `SLICE_SECONDS` and a step, far less
than the broker waits before it hands a task to another worker.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from celery import shared_task
from celery.signals import beat_embedded_init, beat_init, before_task_publish
from django.db import close_old_connections
from django.utils import timezone

from .collect.sinks.consumer import Consumer
from .collect.sinks.stream import is_there, open_stream
from .decide import shelf
from .privacy import retention
from .segment.full_run import start_full_refresh, unfinished, work_on
from .segment.heartbeat import BEAT, CONSUMER, PURGE, WORKER, note_seen, was_seen_within
from .segment.models import RefreshRun
from .segment.renew_context import renew_if_due
from .segment.sweep import sweep
from .task_names import (
    CONSUME_WAITING,
    HEARTBEAT,
    PURGE_EXPIRED,
    REFRESH_ALL,
    REFRESH_DUE,
    REFRESH_SHARD,
    RENEW_CONTEXT,
    TIME_LIMIT_SECONDS,
)

__all__ = [
    "consume_waiting",
    "heartbeat",
    "purge_expired",
    "refresh_all",
    "refresh_due",
    "refresh_shard",
    "renew_context",
]

SLICE_SECONDS = 45.0
_STREAM_SECONDS = 5.0
#: A full run that was started more recently than this is shared, not superseded by another.
_RECENT = dt.timedelta(hours=1)
_log = logging.getLogger(__name__)


def _task(name: str) -> Callable[[Callable[..., None]], Any]:
    """With a name of its own, and settings under which a worker that is killed loses nothing."""
    task: Callable[[Callable[..., None]], Any] = shared_task(
        name=name,
        bind=True,
        acks_late=True,
        reject_on_worker_lost=True,
        ignore_result=True,
        soft_time_limit=90,
        time_limit=TIME_LIMIT_SECONDS,
    )
    return task


@_task(REFRESH_DUE)
def refresh_due(self: Any) -> None:
    """Look at who is dirty or due, and go on with what others have left."""
    if not _killed_its_worker(self):
        note_seen(WORKER, now=timezone.now())
        sweep(timezone.now(), should_stop=_after(SLICE_SECONDS))


@_task(REFRESH_ALL)
def refresh_all(self: Any, by: str = "scan", run_id: int | None = None) -> None:
    """Share a full refresh among the workers: one that was just started, or a new one."""
    note_seen(WORKER, now=timezone.now())
    run = _run_to_share(by) if run_id is None else RefreshRun.objects.filter(pk=run_id).first()
    if run is None or work_on(run, seconds=0).is_over:
        return
    for _ in range(run.shards.count()):
        if not _nudge(refresh_shard, run.pk):
            return


@_task(REFRESH_SHARD)
def refresh_shard(self: Any, run_id: int) -> None:
    """Take a shard that is free, and another, until the time is up."""
    note_seen(WORKER, now=timezone.now())
    run = RefreshRun.objects.filter(pk=run_id).first()
    if run is not None:
        come = work_on(run, seconds=SLICE_SECONDS)
        if not come.is_over and not come.is_idle:
            _nudge(refresh_shard, run_id)


@_task(PURGE_EXPIRED)
def purge_expired(self: Any) -> None:
    """Remove what has been kept long enough, in as many slices as it takes."""
    if _killed_its_worker(self):
        return
    began = timezone.now()
    note_seen(WORKER, now=began)
    retention.purge_expired(now=began, should_stop=_after(SLICE_SECONDS))
    if not was_seen_within(PURGE, timezone.now() - began + dt.timedelta(seconds=1), now=timezone.now()):
        _nudge(purge_expired)


@_task(CONSUME_WAITING)
def consume_waiting(self: Any) -> None:
    """Store what waits in the stream, until nobody waits or the time is up."""
    note_seen(WORKER, now=timezone.now())
    if _killed_its_worker(self) or not is_there():
        return
    note_seen(CONSUMER, now=timezone.now())
    consumer = Consumer(open_stream(seconds=_STREAM_SECONDS), on_stored=shelf.outdate)
    is_over = _after(SLICE_SECONDS)
    while not is_over() and consumer.step().received:
        pass
    consumer.leave()


@_task(RENEW_CONTEXT)
def renew_context(self: Any) -> None:
    """Ask for holidays and weather, if it is time."""
    note_seen(WORKER, now=timezone.now())
    renew_if_due(timezone.now())


@_task(HEARTBEAT)
def heartbeat(self: Any) -> None:
    """Leave a sign that a worker takes what beat sends."""
    note_seen(WORKER, now=timezone.now())


def _run_to_share(by: str) -> RefreshRun:
    """Two beats at once, or a message that comes twice, share one run."""
    run, now = unfinished(), timezone.now()
    if run is not None and run.started_at > now - _RECENT:
        return run
    return start_full_refresh(now=now, by=by, asked_by="celery")


def _killed_its_worker(task: Any) -> bool:
    """Handed out again because its worker died: that may be its fault, and beat sends another anyway."""
    return bool((task.request.delivery_info or {}).get("redelivered"))


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _nudge(task: Any, *args: Any) -> bool:
    """Whether it was sent. A broker that is gone costs time, nothing else: the next sweep finds what is left."""
    try:
        task.apply_async(args, retry=False)
        return True
    except Exception as error:  # noqa: BLE001 - brokers raise what they like
        _log.warning("could not send %s: %r. The next sweep goes on with it.", task.name, error)
        return False


def _in_beat(sender: Any = None, **kwargs: Any) -> None:
    """From now on this process is beat's, and what it sends is its sign of life."""
    before_task_publish.connect(_beat_sends, sender=HEARTBEAT, weak=False, dispatch_uid="django_microseg.beat")


def _beat_sends(sender: Any = None, **kwargs: Any) -> None:
    try:
        close_old_connections()
        note_seen(BEAT, now=timezone.now())
    except Exception as error:  # noqa: BLE001 - beat goes on, whatever the database does
        _log.warning("beat could not leave its sign of life: %r", error)


for _signal in (beat_init, beat_embedded_init):
    _signal.connect(_in_beat, weak=False, dispatch_uid="django_microseg.in_beat")
