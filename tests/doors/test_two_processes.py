"""Two web processes, one database, no Redis, no background worker: a click on one changes the other's next page."""

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
from django.db import connection

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
def _web_process() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.doors.serve"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": _database_url(), "REDIS_URL": ""},
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


def test_new_experience_is_seen_by_both_processes_at_once(buyers, processes, make_experience):
    shopper = Shopper()
    shopper.get(processes[0], "/add/")
    for port in processes:
        assert "<b>for-buyers</b>" in shopper.get(port, "/")
    make_experience("newer", "buyers")
    for port in processes:
        assert "<b>newer</b>" in shopper.get(port, "/")
