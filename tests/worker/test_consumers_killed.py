"""Consumers are killed with -9 fifty times under load: everything received is stored, quarantined or a duplicate."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from django_microseg.collect import sinks
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.collect.sinks.stream import FIELD, GROUP, Stream
from django_microseg.profile.models import Profile
from tests.worker.conftest import ROOT, environment, kill, wait_while_it_shrinks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

KILLS = 50
#: In line before the first consumer starts, and at least as long as consumers die.
HEAD_START = 2000
PEOPLE = 300

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(event_stream: Stream, redis_url: str) -> Iterator[Start]:
    running: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        env = environment() | {
            "DJANGO_SETTINGS_MODULE": "tests.worker.stream_settings",
            "STREAM_TEST_URL": redis_url,
            "STREAM_TEST_NAME": event_stream.name,
        }
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, start_new_session=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        kill(process)
        assert process.stdout is not None
        process.stdout.close()


def view(number: int) -> IncomingEvent:
    return IncomingEvent(
        name="page_viewed",
        message_id=f"m-{number}",
        occurred_at=timezone.now(),
        visitor_key=f"visitor-{number % PEOPLE}",
        properties={"path": f"/{number}"},
    )


class Load:
    """Sends twenty at a time, one of which was sent before and one of which is no event, and counts."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.good = self.again = self.broken = 0

    def send(self) -> None:
        events = [view(number) for number in range(self.good, self.good + 18)]
        self.good += 18
        report = sinks.take([*events, view(self.good // 2)], source="web", received_at=timezone.now())
        assert report.waiting == 19
        self.again += 1
        self._stream.client.xadd(self._stream.name, {FIELD: f"broken {self.broken}"})
        self.broken += 1

    @property
    def received(self) -> int:
        return self.good + self.again + self.broken


def test_fifty_killed_consumers_lose_nothing_and_store_nothing_twice(event_stream: Stream, start: Start) -> None:
    load = Load(event_stream)
    while load.received < HEAD_START:
        load.send()
    killer = start("-m", "tests.worker.short_lived", str(KILLS), "7")
    while killer.poll() is None:
        if event_stream.client.xlen(event_stream.name) < HEAD_START:
            load.send()
    assert killer.stdout is not None
    caught = int(killer.stdout.read())
    assert (killer.returncode, caught > KILLS // 2) == (0, True)  # they died at work, not at rest

    last = start("manage.py", "microseg_consume", "--loop", "--patience", "0.3", "-v0")
    wait_while_it_shrinks(lambda: event_stream.client.xlen(event_stream.name), "events waited")
    last.send_signal(signal.SIGTERM)
    assert last.wait(30) == 0

    stored, quarantined = Event.objects.count(), QuarantinedEvent.objects.count()
    assert (stored, quarantined, load.received - stored - quarantined) == (load.good, load.broken, load.again)
    assert Event.objects.values("message_hash").distinct().count() == stored
    assert set(QuarantinedEvent.objects.values_list("reason", flat=True)) == {"unreadable"}
    assert Profile.objects.count() == PEOPLE
    assert event_stream.client.xpending(event_stream.name, GROUP)["pending"] == 0
    assert event_stream.client.hlen(event_stream.tries) == 0


def test_told_to_stop_it_ends_its_batch_and_goes(event_stream: Stream, start: Start) -> None:
    load = Load(event_stream)
    consumer = start("manage.py", "microseg_consume", "--loop", "--json")
    for _ in range(30):
        load.send()
    assert consumer.stdout is not None
    assert consumer.stdout.readline().startswith(b'{"received": ')
    consumer.send_signal(signal.SIGTERM)
    assert consumer.wait(30) == 0
    assert event_stream.client.xpending(event_stream.name, GROUP)["pending"] == 0
    assert event_stream.client.xinfo_consumers(event_stream.name, GROUP) == []
