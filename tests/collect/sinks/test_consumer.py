"""The consumer stores what waits, once, whoever dies; what cannot be stored holds up nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.dispatch import Signal

from django_microseg.collect import ingest, sinks
from django_microseg.collect.fields import from_ms
from django_microseg.collect.ids import clean_id
from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.collect.report import IngestReport
from django_microseg.collect.sinks import consumer as room
from django_microseg.collect.sinks import outlet
from django_microseg.collect.sinks.consumer import MOST_TRIES, Consumer, DatabaseDown
from django_microseg.collect.sinks.stream import ERRORS, FIELD, GROUP, Stream
from tests.collect.making import HOUR, NOON, NOW, event, reasons, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

LATER = NOW + 3 * HOUR


def put(*events: Any, source: str = "web", at: dt.datetime = NOW, **terms: Any) -> None:
    assert sinks.take(events, source=source, received_at=at, **terms).waiting == len(events)


def start(stream: Stream, *, patience_seconds: float = 0, **how: Any) -> Consumer:
    """A consumer to whom everything in anybody's hands has been there for too long."""
    return Consumer(stream, patience_seconds=patience_seconds, clock=lambda: LATER, **how)


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.received, report.stored, report.quarantined, report.duplicates


def left(stream: Stream) -> tuple[int, int, int]:
    """How many are in line, in somebody's hands, and noted as tried."""
    pending = stream.client.xpending(stream.name, GROUP)["pending"]
    return stream.client.xlen(stream.name), pending, stream.client.hlen(stream.tries)


def test_what_waits_is_stored_and_taken_out(event_stream: Stream) -> None:
    put(event(message_id="a"), event(message_id="b"))
    worker = start(event_stream)
    assert counts(worker.step()) == (2, 2, 0, 0)
    assert counts(worker.step()) == (0, 0, 0, 0)
    assert (left(event_stream), stored("name")) == ((0, 0, 0), ["page_viewed"] * 2)


def test_times_and_terms_are_those_of_the_arrival(event_stream: Stream) -> None:
    put(event(occurred_at=None, message_id="a"), source="browser", is_public=True)
    put(event(occurred_at=NOW + HOUR, message_id="b"), basis="contract", at=NOW + dt.timedelta(seconds=1))
    start(event_stream).step()
    rows = stored("source", "basis", "occurred_at", "received_at")
    second = from_ms(NOON + 1000)
    assert rows == [("browser", "consent", NOW, NOW), ("web", "contract", second, second)]


def test_message_that_came_both_ways_is_stored_once(event_stream: Stream) -> None:
    put(event(message_id="a"), event("page_viewed", message_id=""))
    twin = event("page_viewed", message_id="")
    ingest.ingest([event(message_id="a"), twin], source="web", received_at=NOW)
    assert counts(start(event_stream).step()) == (2, 0, 0, 2)
    assert Event.objects.count() == 2


def test_consumer_hears_whose_events_were_stored(event_stream: Stream) -> None:
    heard: list[Any] = []
    put(event(), event(visitor_key="visitor-2"), event(visitor_key="", customer_key="c-1"))
    start(event_stream, on_stored=heard.append).step()
    assert heard == [{"visitor-1", "visitor-2"}]


def test_one_who_dies_before_the_commit_leaves_all_to_the_next(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(event(message_id="a"))
    dying(monkeypatch, ingest, "ingest")
    with pytest.raises(KeyboardInterrupt):
        start(event_stream).step()
    monkeypatch.undo()
    assert counts(start(event_stream).step()) == (1, 1, 0, 0)
    assert left(event_stream) == (0, 0, 0)


def test_one_who_dies_after_the_commit_leaves_a_duplicate(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(event(message_id="a"))
    dying(monkeypatch, outlet.Outlet, "take_out")
    with pytest.raises(KeyboardInterrupt):
        start(event_stream).step()
    monkeypatch.undo()
    assert counts(start(event_stream).step()) == (1, 0, 0, 1)
    assert (left(event_stream), Event.objects.count()) == ((0, 0, 0), 1)


def test_what_somebody_is_still_working_on_is_left_to_them(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(event(message_id="a"))
    dying(monkeypatch, ingest, "ingest")
    with pytest.raises(KeyboardInterrupt):
        start(event_stream).step()
    monkeypatch.undo()
    assert counts(start(event_stream, patience_seconds=60).step()) == (0, 0, 0, 0)


def dying(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    def die(*args: Any, **terms: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(where, name, die)


@pytest.fixture
def refuses_bad(stored: Signal) -> list[int]:
    """A receiver of the shop that cannot bear events of the visitor ``bad``; how often it was asked."""
    asked: list[int] = []

    def receive(sender: Any, *, batch: Any, **kwargs: Any) -> None:
        asked.append(1)
        if Event.objects.filter(visitor_key="bad").exists():
            raise ZeroDivisionError("of the shop")

    stored.connect(receive, weak=False)
    return asked


def test_event_that_cannot_be_stored_costs_its_neighbours_nothing_and_ends_in_quarantine(
    event_stream: Stream, refuses_bad: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    put(event(message_id="a"), event(message_id="b", visitor_key="bad"), event(message_id="c"))
    worker = start(event_stream)
    assert counts(worker.step()) == (2, 2, 0, 0)
    reports = [counts(worker.step()) for _ in range(MOST_TRIES)]
    assert reports == [(0, 0, 0, 0)] * (MOST_TRIES - 1) + [(1, 0, 1, 0)]
    row = QuarantinedEvent.objects.get()
    assert (row.reason, row.name, row.visitor_key, row.source) == ("unstorable", "page_viewed", "bad", "web")
    assert (left(event_stream), Event.objects.count()) == ((0, 0, 0), 2)
    assert caplog.text.count("ZeroDivisionError: of the shop") == MOST_TRIES


def test_event_that_kills_each_consumer_is_tried_last_and_five_times(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*(event(message_id=str(number), visitor_key="bad" if number == 3 else "good") for number in range(6)))
    real, deaths = ingest.ingest, []

    def deadly(events: Any, **terms: Any) -> IngestReport:
        if any(each.visitor_key == "bad" for each in events):
            deaths.append(len(events))
            raise KeyboardInterrupt
        return real(events, **terms)

    monkeypatch.setattr(ingest, "ingest", deadly)
    reports = [counts_or_death(event_stream) for _ in range(10)]
    assert deaths == [6] * 3 + [1] * MOST_TRIES
    assert reports[-2:] == [(1, 0, 1, 0), (0, 0, 0, 0)]
    assert (left(event_stream), Event.objects.count(), reasons()) == ((0, 0, 0), 5, ["unstorable"])


def counts_or_death(stream: Stream) -> tuple[int, int, int, int] | None:
    try:
        return counts(start(stream).step())
    except KeyboardInterrupt:
        return None


@pytest.mark.parametrize("fields", [{FIELD: "no json"}, {"other": "x"}, {FIELD: b"\xff\x00"}])
def test_what_is_no_event_of_ours_goes_to_quarantine(event_stream: Stream, fields: Any) -> None:
    event_stream.client.xadd(event_stream.name, fields)
    put(event())
    assert counts(start(event_stream).step()) == (2, 1, 1, 0)
    row = QuarantinedEvent.objects.get()
    assert (row.reason, row.source, left(event_stream)) == ("unreadable", "unknown", (0, 0, 0))


def test_event_that_is_no_longer_known_goes_to_quarantine(
    event_stream: Stream, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"EVENTS": {"dog_walked": {}}}
    before = settings.MICROSEG
    settings.MICROSEG = {**before, **own}
    put(event("dog_walked"))
    settings.MICROSEG = before
    assert counts(start(event_stream).step()) == (1, 0, 1, 0)
    assert reasons() == ["unknown_event"]


def test_while_the_database_is_down_nothing_counts_as_an_attempt(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(event(message_id="a"))
    worker = start(event_stream)
    with monkeypatch.context() as down:
        down.setattr(ingest, "ingest", failing(OperationalError))
        down.setattr(room, "_database_answers", lambda: False)
        for _ in range(2 * MOST_TRIES):
            with pytest.raises(DatabaseDown):
                worker.step()
        assert left(event_stream) == (1, 1, 0)
    assert counts(worker.step()) == (1, 1, 0, 0)


def test_attempt_alone_that_the_database_broke_off_does_not_count(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(event(message_id="a"))
    monkeypatch.setattr(room, "_MOST_HANDS", 0)
    monkeypatch.setattr(ingest, "ingest", failing(OperationalError))
    monkeypatch.setattr(room, "_database_answers", lambda: False)
    with pytest.raises(DatabaseDown):
        start(event_stream).step()
    (tries,) = event_stream.client.hvals(event_stream.tries)
    assert (int(tries), left(event_stream)[:2]) == (0, (1, 1))


def failing(kind: type[Exception]) -> Any:
    def fail(*args: Any, **terms: Any) -> None:
        raise kind("gone")

    return fail


def test_connection_that_broke_is_made_anew() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert room._database_answers()


def test_server_that_forgot_everything_is_joined_again(event_stream: Stream) -> None:
    worker = start(event_stream)
    worker.step()
    event_stream.client.delete(event_stream.name)
    put(event())
    assert counts(worker.step()) == (1, 1, 0, 0)


def test_one_who_leaves_takes_the_name_along_and_one_with_full_hands_does_not(
    event_stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, busy = start(event_stream), start(event_stream, patience_seconds=60)
    put(event())
    monkeypatch.setattr(ingest, "ingest", failing(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        busy.step()
    idle._outlet._look_at = float("inf")
    idle.step()
    for each in (idle, busy):
        each.leave()
    names = [each["name"].decode() for each in event_stream.client.xinfo_consumers(event_stream.name, GROUP)]
    assert names == [busy._outlet._name]


def test_key_that_holds_something_else_is_an_error_of_the_stream(event_stream: Stream) -> None:
    event_stream.client.set(event_stream.name, "x")
    with pytest.raises(ERRORS, match="WRONGTYPE"):
        start(event_stream).step()


def test_two_consumers_share_what_waits(event_stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "BATCH", 3)
    put(*(event(message_id=clean_id(number + 10, "", 9)) for number in range(6)))
    one, two = (start(event_stream, patience_seconds=60) for _ in range(2))
    assert [counts(each.step()) for each in (one, two)] == [(3, 3, 0, 0)] * 2
