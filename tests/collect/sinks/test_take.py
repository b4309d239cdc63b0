"""What doors hand to the sink is stored, quarantined, a duplicate, waiting, or given back; never dropped."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from django_microseg.collect import ingest, sinks
from django_microseg.collect.sinks import TALLY, NotTaken, deferred
from django_microseg.collect.sinks.entry import load
from django_microseg.collect.sinks.producer import PRODUCER, Producer
from django_microseg.collect.sinks.stream import FIELD, Stream
from django_microseg.collect.sources import WrongSource
from tests.collect.making import NOW, event, reasons, stored
from tests.conftest import forget_sinks

pytestmark = pytest.mark.django_db


def take(*events: Any, source: str = "web", **terms: Any) -> Any:
    return sinks.take(events, source=source, received_at=NOW, **terms)


def waiting(stream: Stream) -> list[str]:
    return [load(fields[FIELD]).item.message_id for _, fields in stream.client.xrange(stream.name)]


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **terms: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(ingest, "ingest", fail)


@pytest.fixture
def nobody_there(settings: Any) -> Iterator[None]:
    """A stream at an address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.MICROSEG = {"SINK": "redis", "SINK_URL": f"redis://127.0.0.1:{probe.getsockname()[1]}/0"}
        forget_sinks()
        yield
    forget_sinks()


def test_without_a_stream_everything_is_stored_at_once() -> None:
    report = take(event(message_id="a"), event("no_such_event"), event(message_id="a"))
    assert (report.received, report.stored, report.quarantined, report.duplicates, report.waiting) == (3, 1, 1, 1, 0)
    assert stored("name") == ["page_viewed"]


def test_source_that_a_door_may_not_use_is_refused_before_anything_waits(event_stream: Stream) -> None:
    with pytest.raises(WrongSource):
        take(event(), source="browser")
    assert waiting(event_stream) == []


@pytest.mark.redis
def test_good_events_wait_and_bad_ones_are_named_where_they_stood(event_stream: Stream) -> None:
    report = take(event(message_id="a"), event("no_such_event"), event(message_id="b"), event(visitor_key=""))
    assert (report.received, report.waiting, report.quarantined, report.stored) == (4, 2, 2, 0)
    assert [(refusal.index, refusal.reason) for refusal in report.refusals] == [(1, "unknown_event"), (3, "no_person")]
    assert (waiting(event_stream), stored("name"), reasons()) == (["a", "b"], [], ["unknown_event", "no_person"])


@pytest.mark.redis
def test_public_door_may_send_no_order_into_the_line(event_stream: Stream) -> None:
    order = event("order_completed", {"order_id": "A", "revenue": 1})
    report = take(event(message_id="a"), order, source="browser", is_public=True)
    assert ([refusal.reason for refusal in report.refusals], waiting(event_stream)) == (["not_public"], ["a"])


@pytest.mark.redis
def test_event_that_cannot_stand_in_a_line_is_stored_at_once(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(deferred, "dump", lambda item, terms: 1 / 0)
    assert take(event()).stored == 1
    assert "could not be judged" in caplog.text


@pytest.mark.redis
def test_long_line_takes_nothing_more_until_it_is_shorter(
    event_stream: Stream, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "SINK_LIMIT": 2}
    now = [100.0]
    producer = Producer(clock=lambda: now[0])
    producer.seconds = 5.0
    monkeypatch.setattr(deferred, "PRODUCER", producer)
    assert take(event(), event()).waiting == 2
    assert take(event(), event()).stored == 2
    now[0] += 1.5
    assert take(event()).stored == 1
    event_stream.client.delete(event_stream.name)
    assert take(event()).stored == 1  # asked less than a second ago
    now[0] += 1.5
    assert take(event()).waiting == 1
    assert "2 events wait to be consumed" in caplog.text


def test_stream_that_is_gone_is_tried_three_times_and_events_are_stored(
    nobody_there: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = []
    monkeypatch.setattr(PRODUCER, "_put", lambda stream, lines: tried.append(1) or real(stream, lines))
    real = Producer._put.__get__(PRODUCER)
    reports = [take(event(), event()) for _ in range(10)]
    assert (sum(report.stored for report in reports), len(tried)) == (20, 3)
    assert (TALLY.direct, TALLY.waiting, TALLY.refused) == (20, 0, 0)
    assert caplog.text.count("did not answer") == 1


def test_after_a_pause_one_attempt_decides(nobody_there: None) -> None:
    now = [100.0]
    producer = Producer(clock=lambda: now[0])
    attempts = []
    producer._put = lambda stream, lines: attempts.append(now[0]) or _refuse()  # type: ignore[method-assign]
    for _ in range(5):
        producer.put(["x"])
    now[0] += 10.0
    for _ in range(5):
        producer.put(["x"])
    assert attempts == [100.0, 100.0, 100.0, 110.0]


def _refuse() -> bool:
    raise ConnectionRefusedError


def test_missing_address_or_package_costs_no_event(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.MICROSEG = {"SINK": "redis"}
    forget_sinks()
    assert take(event()).stored == 1
    assert 'MICROSEG["SINK_URL"] is not set' in caplog.text
    forget_sinks()


def test_what_nobody_takes_is_given_back_and_counted(
    nobody_there: None, no_database: None, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotTaken) as refusal:
        take(event(), event())
    assert (refusal.value.count, refusal.value.retry_after_seconds, TALLY.refused) == (2, 10, 2)
    assert "refused; 2 so far" in caplog.text


@pytest.mark.redis
def test_line_takes_good_events_while_the_database_is_down(event_stream: Stream, no_database: None) -> None:
    assert take(event(message_id="a")).waiting == 1
    assert (waiting(event_stream), TALLY.waiting, TALLY.refused) == (["a"], 1, 0)
