"""What a page costs whose view waits in a stream, and while the stream's server is down or hangs.

Every view is a whole request, until its response is closed and the view is taken: that is what a web worker is
busy for. Needs the Redis-compatible server that ``TEST_REDIS_URL`` names, and stops it for a while.
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import RequestFactory, override_settings

from benchmarks.request import AGENT, close, handler_with, put_in_force
from benchmarks.result import Result
from django_microseg.collect.models import Event
from django_microseg.collect.sinks.producer import PRODUCER
from django_microseg.collect.sinks.stream import open_stream
from django_microseg.collect.sinks.tally import TALLY
from django_microseg.privacy.consent import PURPOSES, dump

__all__ = ["run"]

VIEWS = 1000
#: A server that does not answer is tried so often before it is left alone.
TRIES = 3
_NOBODY = "redis://127.0.0.1:1/0"


@dataclass(frozen=True, slots=True)
class _Views:
    """Seconds of a row of page views, in order."""

    wall: list[float]
    cpu: float

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.wall[TRIES:], n=100)[98]


def run(database: str) -> Iterator[Result]:
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        print("no Redis-compatible server: run `make bench`, or set TEST_REDIS_URL", file=sys.stderr)
        return
    with override_settings(ROOT_URLCONF="benchmarks.pages", DEBUG=False):
        put_in_force(100)
        direct = _views(SINK="direct")
        waiting = _views(SINK="redis", SINK_URL=url)
        assert TALLY.waiting == VIEWS, TALLY
        down = _views(SINK="redis", SINK_URL=_NOBODY)
        hanging = _views(SINK="redis", SINK_URL=url, is_hanging=True)
        assert TALLY.direct == VIEWS, TALLY
    assert Event.objects.count() == 3 * (VIEWS + 1) + 1
    about = f"{database}, 100 segments, whole requests until the view is taken, in-process handler"
    yield Result(
        f"request.cpu_with_stream_vs_direct_{database}", waiting.cpu / direct.cpu, "times", "lower", VIEWS,
        f"{about}; {1e6 * waiting.cpu:.0f} and {1e6 * direct.cpu:.0f} µs here",
    )  # fmt: skip
    for name, views in (("down", down), ("hangs", hanging)):
        yield Result(
            f"request.p99_ms_added_while_stream_{name}_{database}", 1e3 * (views.p99 - direct.p99), "ms", "lower",
            VIEWS - TRIES,
            f"{about}, stored directly, after the first {TRIES}, which took {1e3 * max(views.wall[:TRIES]):.0f} ms at "
            f"most; p99 {1e3 * views.p99:.1f} ms, {1e3 * direct.p99:.1f} with SINK direct",
        )  # fmt: skip


def _views(*, is_hanging: bool = False, **own: Any) -> _Views:
    PRODUCER.reset()
    TALLY.reset()
    cookies = {"microseg_consent": dump(PURPOSES, text_version="1")}
    with override_settings(MICROSEG={**settings.MICROSEG, "SINK": "direct"}):
        handler = handler_with(["django_microseg.middleware.MicrosegMiddleware"])
        _view(handler, cookies)  # the visitor is known
    TALLY.reset()
    with override_settings(MICROSEG={**settings.MICROSEG, **own}), _stopped() if is_hanging else nullcontext():
        spent = [_view(handler, cookies) for _ in range(VIEWS)]
    return _Views([wall for wall, _ in spent], statistics.median(cpu for _, cpu in spent))


def _view(handler: Any, cookies: dict[str, str]) -> tuple[float, float]:
    request = RequestFactory(headers={"user-agent": AGENT}).get("/personalised/")
    request.COOKIES = dict(cookies)
    wall, cpu = time.perf_counter(), time.process_time()
    response = handler.get_response(request)
    close(response)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    assert response.status_code == 200
    cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
    return spent


@contextmanager
def _stopped() -> Iterator[None]:
    """The server takes connections and never answers."""
    process = open_stream(seconds=5.0).client.info("server")["process_id"]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
