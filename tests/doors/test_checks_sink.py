"""System checks of the sink: what does not fit together, who is silent, and what the server may lose."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from django_microseg.checks import installation
from django_microseg.checks import sink as door
from django_microseg.checks.sink import check_sink, check_stream
from django_microseg.collect import sinks
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.sinks import waiting
from django_microseg.collect.sinks.stream import Stream
from django_microseg.collect.sinks.waiting import Backlog

URL = "redis://127.0.0.1:1/0"


def ids(found: list[Any]) -> list[str]:
    return [str(each.id).rpartition(".")[2] for each in found]


def look() -> list[str]:
    return ids(check_stream(None, databases=["default"]))


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({}, []),
        ({"SINK_URL": URL}, []),
        ({"SINK": "redis", "SINK_URL": URL}, []),
        ({"SINK": "redis"}, ["E130"]),
        ({"NO_SUCH_KEY": 1}, []),
    ],
)
def test_stream_must_be_somewhere(settings: Any, own: dict[str, Any], found: list[str]) -> None:
    settings.MICROSEG = own
    assert ids(check_sink(None)) == found


@pytest.mark.parametrize(
    "own",
    [
        {"SINK": "kafka"},
        {"SINK": None},
        {"SINK_URL": "127.0.0.1"},
        {"SINK_URL": 6379},
        {"SINK_STREAM": "two words"},
        {"SINK_STREAM": ""},
        {"SINK_LIMIT": 0},
    ],
)
def test_wrong_value_is_named(settings: Any, own: dict[str, Any]) -> None:
    settings.MICROSEG = own
    assert "E021" in ids(run_checks())


def test_missing_package_is_named(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MICROSEG = {"SINK_URL": URL}
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    hints = [each.hint for each in run_checks() if each.id == "django_microseg.W011"]
    assert 'Install it: pip install "django-microseg[redis]".' in hints


def test_shop_without_a_stream_is_left_in_peace(settings: Any) -> None:
    settings.MICROSEG = {}
    assert look() == []


def test_stream_is_asked_only_together_with_the_database(settings: Any) -> None:
    settings.MICROSEG = {"SINK_URL": URL}
    assert ids(check_stream(None)) == []
    assert look() == ["W131"]


@pytest.mark.redis
def test_stream_that_somebody_works_off_is_left_in_peace_but_for_the_disk(event_stream: Stream) -> None:
    assert look() == ["I134"]
    sinks.take([IncomingEvent(name="page_viewed", visitor_key="ann")], source="web", received_at=timezone.now())
    assert look() == ["I134"]


@pytest.mark.redis
def test_events_for_which_nobody_comes_are_counted(event_stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    event = IncomingEvent(name="page_viewed", visitor_key="ann")
    sinks.take([event, event], source="web", received_at=timezone.now())
    in_a_while = timezone.now() + dt.timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(door.timezone, "now", lambda: in_a_while)
    late, _ = check_stream(None, databases=["default"])
    assert re.fullmatch(r"2 events wait in the stream, the first since .* UTC: nobody stores them\.", late.msg)
    assert late.id == "django_microseg.W132"


@pytest.mark.parametrize(
    ("evicts", "is_kept_on_disk", "found"),
    [("", True, []), ("", None, []), ("", False, ["I134"]), ("allkeys-lru", True, ["W133"])],
)
def test_server_that_may_lose_what_waits_is_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch, evicts: str, is_kept_on_disk: bool | None, found: list[str]
) -> None:
    settings.MICROSEG = {"SINK_URL": URL}
    monkeypatch.setattr(door, "read_backlog", lambda: Backlog(0, None, evicts, is_kept_on_disk))
    assert look() == found


@pytest.mark.redis
def test_backlog_reads_what_the_server_says_of_itself(event_stream: Stream) -> None:
    client = event_stream.client
    before = client.config_get("maxmemory-policy")["maxmemory-policy"]
    try:
        client.config_set("maxmemory-policy", "volatile-lru")
        assert waiting.read_backlog() == Backlog(0, None, "", is_kept_on_disk=False)
    finally:
        client.config_set("maxmemory-policy", before)
