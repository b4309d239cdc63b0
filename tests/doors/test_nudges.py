"""Nudges: workers hear of a full refresh, and a broker that is down or hangs holds up nobody for long."""

from __future__ import annotations

import json
import socket
import time
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery import Celery, _state
from django.db import transaction
from django.utils import timezone

from django_microseg import nudges
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.models import RefreshRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    nudges._SENDING.reset()
    yield
    nudges._SENDING.reset()


@pytest.fixture
def celery() -> Iterator[Celery]:
    """The shop's Celery application, with a broker that is not there."""
    before, default = _state._tls.current_app, _state.default_app
    app = Celery("shop", broker="redis://127.0.0.1:1/0", set_as_current=True)
    yield app
    _state._tls.current_app, _state.default_app = before, default
    app.close()


@pytest.fixture
def hanging() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def start() -> float:
    """A request within a transaction that starts a full refresh; how long it takes."""
    began = time.monotonic()
    with transaction.atomic():
        start_full_refresh(now=timezone.now())
    return time.monotonic() - began


@pytest.mark.redis
def test_workers_are_told_after_the_commit(celery: Celery, redis_url: str) -> None:
    celery.conf.broker_url = redis_url
    celery.conf.task_default_queue = "microseg-test-nudges"
    with redis.Redis.from_url(redis_url) as client:
        with transaction.atomic():
            run = start_full_refresh(now=timezone.now())
            assert client.llen("microseg-test-nudges") == 0
        message = json.loads(client.lpop("microseg-test-nudges"))
        client.delete("_kombu.binding.microseg-test-nudges")
    assert message["headers"]["task"] == "django_microseg.refresh_all"
    assert json.loads(b64decode(message["body"]))[1] == {"run_id": run.pk}


@pytest.mark.usefixtures("celery")
def test_broker_that_is_down_costs_no_time_and_no_run(caplog: pytest.LogCaptureFixture) -> None:
    assert min(start() for _ in range(3)) < 1.0  # a busy machine may hold up any of them
    assert RefreshRun.objects.filter(state="running").count() == 1
    assert "Could not nudge Celery's workers" in caplog.text


def test_broker_that_hangs_costs_a_moment_three_times_and_then_nothing(
    celery: Celery, hanging: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = nudges._send
    celery.conf.broker_url = hanging
    sent: list[Any] = []
    monkeypatch.setattr(nudges._SENDING, "_clock", lambda: 100.0)  # the pause does not end by itself
    monkeypatch.setattr(nudges, "_send", lambda *args: (sent.append(args), real(*args)))
    times = [start() for _ in range(8)]
    assert 0.3 < min(times[:3]) < 2.0  # the quickest of each kind: a busy machine may hold up any of them
    assert min(times[3:]) < 0.3
    assert (len(sent), RefreshRun.objects.count()) == (3, 8)


def test_shop_without_celery_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(nudges, "_send", lambda *args: sent.append(args))
    start()
    assert sent == []


@pytest.mark.usefixtures("celery")
def test_task_that_starts_a_run_needs_no_nudge(celery: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(nudges, "_send", lambda *args: sent.append(args))

    @celery.task(name="starts")
    def starts() -> None:
        start()

    starts.apply()
    assert (RefreshRun.objects.count(), sent) == (1, [])
    start()
    assert len(sent) == 1
