"""One server and one Chromium for all browser tests, and people who use them.

Chromium is Debian's, or the one that CHROMIUM names. Where it or Playwright is missing, the tests are skipped with a
word, or fail under `--require-servers`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.absent import absent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

    from tests.browser.people import Person, Shop

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")

Meet = Callable[..., "Person"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def playwright(request: pytest.FixtureRequest) -> Iterator[Playwright]:
    """Ended with this package: while it runs, its event loop makes Django refuse the database to other tests."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent(request.config, "needs Playwright: pip install --group browser")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(request: pytest.FixtureRequest, playwright: Playwright) -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        absent(request.config, "needs Chromium: apt-get install chromium, or set CHROMIUM to where it is")
    # Without its sandbox, because CI runs as root in a container; it looks at nothing but our own server. What a page
    # sends at its very end says what the program is called, not what a window pretends to be; machines are not counted.
    agent = playwright.devices["Desktop Chrome"]["user_agent"]
    args = ["--no-sandbox", "--disable-quic", f"--user-agent={agent}"]
    browser = playwright.chromium.launch(executable_path=found, args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def shop() -> Iterator[Shop]:
    """The demo shop in a process of its own, on a database of the same kind as the test's."""
    from tests.browser.people import Shop

    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.serve"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{ROOT}/unused.sqlite3"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port, "the server under test did not start: its own words are above"
            yield Shop(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


@pytest.fixture
def meet(playwright: Playwright, chromium: Browser, shop: Shop) -> Iterator[Meet]:
    """`meet(PHONE)` is a new person. When the test is over, nobody's browser may have complained."""
    from tests.browser.people import DESKTOP
    from tests.browser.people import meet as enter

    everybody: list[Person] = []
    with ExitStack() as open_windows:

        def meet_one(device: str = DESKTOP, **options: Any) -> Person:
            person = open_windows.enter_context(enter(playwright, chromium, shop, device, **options))
            everybody.append(person)
            return person

        yield meet_one
        assert [person.faults for person in everybody if person.faults] == []
