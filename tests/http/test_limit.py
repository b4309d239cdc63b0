"""Counting who sends how much: exact when many send at once, and in nobody's way when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from django_microseg.collect.shared_cache import clear_own
from django_microseg.http import limit
from django_microseg.http.limit import Allowance, seconds_to_wait

SHARED = "django.core.cache.backends.redis.RedisCache"


@pytest.fixture(autouse=True)
def _nothing_counted(settings) -> Iterator[None]:
    settings.MICROSEG = {}
    clear_own()
    yield
    clear_own()
    limit.COUNTING.reset()


@pytest.fixture(params=["this process", "redis"])
def counters(request, settings) -> None:
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": SHARED, "LOCATION": url}}
        settings.MICROSEG = {**settings.MICROSEG, "CACHE": "shared"}


def allowances(visitor: str, network: str) -> list[Allowance]:
    return [Allowance("tracking-visitor", visitor, 20), Allowance("network", network, 50)]


def passed(times: int, *, visitor: str = "", network: str = "", now: float = 60.0, amount: int = 1) -> int:
    """How many of so many requests, eight at a time, may pass."""
    asked = allowances(visitor, network)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: seconds_to_wait(asked, now=now, amount=amount), range(times)))
    return waits.count(None)


@pytest.mark.usefixtures("counters")
def test_many_at_once_pass_no_more_than_one_after_the_other():
    assert passed(200, visitor="visitor-a") == 20
    assert passed(5, visitor="visitor-b") == 5
    assert passed(200, network="203.0.113.0/24") == 50


def test_what_comes_in_batches_counts_piece_by_piece():
    assert passed(10, visitor="visitor-a", amount=7) == 2


def test_next_minute_begins_at_nothing_and_the_wait_ends_with_this_one():
    passed(20, visitor="a", now=130)
    assert seconds_to_wait(allowances("a", ""), now=130) == 50
    assert seconds_to_wait(allowances("a", ""), now=180) is None


def test_changing_the_visitor_does_not_help_a_network():
    assert sum(passed(1, visitor=f"v-{number}", network="203.0.113.0/24") for number in range(80)) == 50


def test_without_a_limit_nobody_is_counted():
    assert all(seconds_to_wait([Allowance("tracking-visitor", "a", None)], now=60) is None for _ in range(100))
    assert limit.find(["a"], now=60) == {}


def test_cache_that_is_down_stops_nobody(settings, caplog):
    settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": "tests.doors.broken_cache.BrokenCache"}}
    settings.MICROSEG = {**settings.MICROSEG, "CACHE": "shared"}
    assert passed(60, visitor="a") == 60
    assert caplog.records


def test_erasure_finds_a_visitors_counters_and_leaves_their_neighbours():
    passed(3, visitor="a", now=60)
    passed(2, visitor="b", now=60)
    assert list(limit.find(["a"], now=60).values()) == [3]
    assert limit.forget(["a"], now=60) == 1
    assert (limit.find(["a"], now=60), list(limit.find(["b"], now=60).values())) == ({}, [2])
