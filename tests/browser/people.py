"""People with browsers: each has a window of her own, with cookies of its own, and notes what goes wrong in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response

__all__ = ["DESKTOP", "PHONE", "Person", "Shop", "meet"]

PHONE, DESKTOP = "Pixel 7", "Desktop Chrome"
DAY = 24 * 60 * 60
UNFINISHED_FORM = 422
"""A form that comes back with its mistakes; nothing has failed."""


@dataclass(frozen=True)
class Shop:
    """The server under test."""

    address: str

    def forward(self, **time: int) -> None:
        """Let time go by: `shop.forward(hours=1)`."""
        seconds = sum({"hours": 3600, "minutes": 60}[unit] * number for unit, number in time.items())
        self._ask(f"under-test/forward/{seconds}/")

    def forward_to(self, *, hour: int, minute: int) -> None:
        """Let time go by until a clock in the shop shows this."""
        now = dt.datetime.fromisoformat(self._ask("under-test/forward/0/")["now"])
        until = (now.replace(hour=hour, minute=minute, second=0, microsecond=0) - now).total_seconds()
        self._ask(f"under-test/forward/{round(until % DAY)}/")

    def stored(self) -> dict[str, int]:
        """How many rows of each kind there are."""
        return self._ask("under-test/stored/")

    def events(self) -> list[dict[str, Any]]:
        """What browsers have sent."""
        found: list[dict[str, Any]] = self._ask("under-test/events/")["events"]
        return found

    def _ask(self, path: str) -> Any:
        with urlopen(f"{self.address}/{path}", timeout=30) as answer:
            return json.load(answer)


@dataclass
class Person:
    """Somebody in the shop. `faults` is empty while her browser has nothing to complain about."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> Person:
        self.page.goto(path)
        return self

    def clicks(self, name: str, *, role: str = "button", nth: int = 0) -> Person:
        self.page.get_by_role(role, name=name).nth(nth).click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        return self

    def says(self, answer: str) -> Person:
        """Answer the consent banner with yes or no."""
        return self.clicks({"yes": "Yes, remember", "no": "No, do not"}[answer])

    def puts_into_cart(self, product: str) -> Person:
        self.goes_to(f"/p/{product}/")
        sizes = self.page.locator("input[name=size]")
        if sizes.count():
            sizes.first.check(force=True)  # the drawn label lies above the field
        return self.clicks("Put in the cart")

    def fills(self, **fields: str) -> Person:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)
        return self

    @property
    def headline(self) -> str:
        """What the page says first."""
        return self.page.locator("main h1").inner_text().replace("\n", " ")

    @property
    def cookies(self) -> set[str]:
        return {str(cookie["name"]) for cookie in self.page.context.cookies()}

    def sees(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def watch(self) -> None:
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_response)

    def _note_message(self, message: ConsoleMessage) -> None:
        # A response that failed is noted with its status below; the console's line on it says no more.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _note_failure(self, request: Request) -> None:
        # A picture that is still under way when the next page is asked for is given up, not broken.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status != UNFINISHED_FORM:
            self.faults.append(f"status {response.status}: {response.url}")


@contextmanager
def meet(playwright: Playwright, chromium: Browser, shop: Shop, device: str, **options: Any) -> Iterator[Person]:
    """A new person with a new browser window; options are those of Playwright's `new_context`."""
    emulated = {name: value for name, value in playwright.devices[device].items() if name != "default_browser_type"}
    with chromium.new_context(base_url=shop.address, **emulated | options) as context:
        context.set_default_timeout(20_000)
        person = Person(context.new_page())
        person.watch()
        yield person
