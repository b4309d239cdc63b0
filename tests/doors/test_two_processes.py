"""Two web processes, one database, no background worker: a click on one changes the other's next page.

Without Redis, and for what staff changes also with a Redis that both share.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.decide.switch import start, stop
from django_microseg.privacy.consent import PURPOSES, dump
from tests.doors.agents import BROWSER

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


class Shopper:
    """A browser that may ask another process each time."""

    def __init__(self) -> None:
        self.cookies = SimpleCookie({"microseg_consent": dump(PURPOSES, text_version="1")})

    def get(self, port: int, path: str) -> str:
        link = HTTPConnection("127.0.0.1", port, timeout=30)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        link.request("GET", path, headers={"User-Agent": BROWSER, "Cookie": cookies})
        response = link.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        page = response.read().decode()
        link.close()
        assert response.status == 200, page
        return page


def _database_url() -> str:
    """The address of the test database, as the example shop's settings read it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def _web_process(redis_url: str = "") -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.doors.serve"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": _database_url(), "REDIS_URL": redis_url},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture
def processes() -> Iterator[tuple[int, int]]:
    with ExitStack() as running:
        yield (running.enter_context(_web_process()), running.enter_context(_web_process()))


@pytest.fixture
def viewers(make_segment, make_experience) -> None:
    make_segment("viewers", 'count("product_viewed") >= 1')
    make_experience("for-viewers", "viewers", priority=-1)


def test_click_on_one_process_changes_the_next_page_of_the_other(buyers, processes):
    one, other = processes
    for _ in range(10):
        shopper, neighbour = Shopper(), Shopper()
        assert "default hero" in shopper.get(one, "/")
        shopper.get(one, "/add/")
        assert "<b>for-buyers</b>" in shopper.get(other, "/")
        assert "default hero" in neighbour.get(other, "/")


def test_view_that_is_stored_after_its_response_soon_shows_on_the_other_process_too(buyers, viewers, processes):
    one, other = processes
    for _ in range(10):
        shopper = Shopper()
        shopper.get(one, "/")
        shopper.get(other, "/")
        shopper.get(one, "/product/")
        # The next page waits for it for 50 ms; a machine that is busy with other tests may take longer.
        assert "<b>for-viewers</b>" in "".join(shopper.get(other, "/") for _ in range(3))


@pytest.fixture
def sharing_processes(redis_url, settings) -> Iterator[tuple[int, int]]:
    """Two processes, and this one, which share a Redis."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}}
    settings.MICROSEG = {**settings.MICROSEG, "CACHE": "default"}
    caches["default"].delete("microseg:1:publication")  # of an earlier test, with versions of its own
    with ExitStack() as running:
        yield (running.enter_context(_web_process(redis_url)), running.enter_context(_web_process(redis_url)))


@pytest.fixture(params=["processes", pytest.param("sharing_processes", marks=pytest.mark.redis)])
def either(request) -> tuple[int, int]:
    """Two processes that share nothing but the database, or a Redis too."""
    return request.getfixturevalue(request.param)


def test_new_experience_is_seen_by_both_processes_at_once(buyers, processes, make_experience):
    shopper = Shopper()
    shopper.get(processes[0], "/add/")
    for port in processes:
        assert "<b>for-buyers</b>" in shopper.get(port, "/")
    make_experience("newer", "buyers")
    for port in processes:
        assert "<b>newer</b>" in shopper.get(port, "/")


def _heroes(shopper: Shopper, ports: tuple[int, int]) -> list[bool]:
    """Whether each process shows the shopper their own hero, twice each, so that what was kept is asked too."""
    return ["<b>for-buyers</b>" in shopper.get(port, "/") for port in (*ports, *ports)]


def test_stop_and_start_act_on_the_next_request_of_both_processes(either, buyers):
    shopper = Shopper()
    shopper.get(either[0], "/add/")
    assert _heroes(shopper, either) == [True] * 4
    for _ in range(5):
        stop(by="ada", now=timezone.now())
        assert _heroes(shopper, either) == [False] * 4
        start(now=timezone.now())
        assert _heroes(shopper, either) == [True] * 4


def test_pause_of_one_experience_acts_on_the_next_request_of_both_processes(either, buyers):
    shopper, hero = Shopper(), Experience.objects.get(slug="for-buyers")
    shopper.get(either[0], "/add/")
    assert _heroes(shopper, either) == [True] * 4
    for _ in range(5):
        hero.state = Experience.State.PAUSED
        save_experience(hero, now=timezone.now())
        assert _heroes(shopper, either) == [False] * 4
        hero.state = Experience.State.LIVE
        save_experience(hero, now=timezone.now())
        assert _heroes(shopper, either) == [True] * 4
