"""A stream whose server is down or hangs costs no page and no event: it is tried three times, then left alone."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from asgiref.sync import async_to_sync
from django.db import DatabaseError
from django.test import AsyncClient, Client

from django_microseg.collect import ingest
from django_microseg.collect.models import Event
from django_microseg.collect.sinks.consumer import Consumer
from django_microseg.collect.sinks.producer import PRODUCER, Producer
from django_microseg.collect.sinks.stream import Stream, open_stream
from tests.absent import absent
from tests.conftest import forget_sinks
from tests.doors.agents import BROWSER
from tests.doors.browsers import cookie_of, names_of_events
from tests.servers import Server, ServerMissing, start_redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

VIEWS = 40
#: Connecting and asking, 50 ms each, three times; a page itself is milliseconds. Far above, for slow machines.
CEILING_SECONDS = 10.0


@pytest.fixture(scope="module")
def own_redis(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of this module alone: nobody else may find theirs hanging."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TEST_REDIS_URL", raising=False)
        try:
            server = start_redis()
        except ServerMissing as error:
            absent(request.config, str(error))
    with server:
        yield server


@pytest.fixture
def attempts(own_redis: Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The shop's events go to our own server; how often it was tried, in a pause that does not end by itself."""
    settings.MICROSEG = {**settings.MICROSEG, "SINK": "redis", "SINK_URL": own_redis.url}
    forget_sinks()
    tried: list[int] = []
    real = Producer._put

    def put(self: Producer, stream: Any, lines: Any) -> bool:
        tried.append(len(lines))
        return real(self, stream, lines)

    monkeypatch.setattr(Producer, "_put", put)
    began = time.monotonic()
    monkeypatch.setattr(PRODUCER, "clock", lambda: began)
    yield tried
    forget_sinks()
    with redis.Redis.from_url(own_redis.url) as client:
        client.flushall()


@contextmanager
def hanging(server: Server) -> Iterator[None]:
    """It takes connections and never answers."""
    process = open_stream(seconds=5.0).client.info("server")["process_id"]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def look(browser: Client, path: str = "/plain/") -> int:
    response = browser.get(path)
    b"".join(response)
    return response.status_code


def look_async(browser: Client, path: str) -> int:
    client = AsyncClient(headers={"user-agent": BROWSER})
    client.cookies = browser.cookies
    response = async_to_sync(client.get)(path)
    return int(response.status_code)


def consume() -> tuple[int, int]:
    report = Consumer(open_stream(seconds=5.0), patience_seconds=60).step()
    return report.stored, report.duplicates


def test_views_wait_while_all_is_well_and_carts_do_not(shopper: Client, event_stream: Stream, buyers: Any) -> None:
    assert [look(shopper) for _ in range(3)] == [200] * 3
    assert names_of_events() == []
    shopper.post("/add/")
    assert names_of_events() == ["product_added"]
    assert b"<b>for-buyers</b>" in shopper.get("/").content
    assert consume() == (4, 0)
    assert sorted(names_of_events()) == ["page_viewed"] * 4 + ["product_added"]


def test_cookie_promises_nothing_of_what_waits(shopper: Client, event_stream: Stream, buyers: Any) -> None:
    for _ in range(3):
        look(shopper)
    cookie = cookie_of(shopper)
    assert cookie is not None
    assert cookie.sequence == 0


def test_hanging_server_costs_no_page_and_no_event(own_redis: Server, shopper: Client, attempts: list[int]) -> None:
    began = time.monotonic()
    with hanging(own_redis):
        pages = [look(shopper) for _ in range(VIEWS)]
    assert time.monotonic() - began < CEILING_SECONDS
    assert (pages, len(attempts)) == ([200] * VIEWS, 3)
    assert names_of_events() == ["page_viewed"] * VIEWS
    stored, duplicates = consume()  # what the server had read before it hung, and carried out after
    assert (stored, duplicates <= 3, Event.objects.count()) == (0, True, VIEWS)


def test_after_the_pause_events_wait_again(
    own_redis: Server, shopper: Client, attempts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr(PRODUCER, "clock", lambda: now[0])
    with hanging(own_redis):
        for _ in range(5):
            look(shopper)
    now[0] += 10.1
    monkeypatch.setattr(PRODUCER, "seconds", 5.0)  # on a busy machine it may take its time
    for _ in range(5):
        look(shopper)
    assert (len(attempts), Event.objects.count()) == (8, 5)
    consume()
    assert names_of_events() == ["page_viewed"] * 10


@pytest.fixture
def nobody_there(settings: Any, attempts: list[int]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        own = {"SINK_URL": f"redis://127.0.0.1:{probe.getsockname()[1]}/0"}
    settings.MICROSEG = {**settings.MICROSEG, **own}


WAYS: dict[str, Callable[[Client], int]] = {
    "sync": look,
    "streamed": lambda browser: look(browser, "/streamed/"),
    "async view on WSGI": lambda browser: look(browser, "/async/"),
    "ASGI": lambda browser: look_async(browser, "/plain/"),
    "async view on ASGI": lambda browser: look_async(browser, "/async/"),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_server_that_is_down_costs_no_page_and_no_event(
    way: str, nobody_there: None, shopper: Client, attempts: list[int]
) -> None:
    look(shopper)
    pages = [WAYS[way](shopper) for _ in range(VIEWS - 1)]
    assert (set(pages), len(attempts)) == ({200}, 3)
    assert names_of_events() == ["page_viewed"] * VIEWS


def test_page_is_served_when_neither_the_stream_nor_the_database_takes_its_view(
    nobody_there: None, shopper: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def fail(*args: object, **terms: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(ingest, "ingest", fail)
    assert [look(shopper) for _ in range(10)] == [200] * 10
    assert "Could not store what a visitor did" in caplog.text
