"""Takes the pictures of README and docs from a running demo: `make demo`, then `python scripts/screenshots.py`.

Needs Playwright and Chromium, as the browser tests do (`CHROMIUM` names another one).
"""

from __future__ import annotations

import argparse
import os
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page, ViewportSize

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDE: ViewportSize = {"width": 1100, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 720}
NEWCOMER = "/?utm_source=instagram&utm_medium=social&utm_campaign=autumn"
TRAIL = ("tarnway-catbells", "tarnway-sharp-edge", "tarnway-catbells")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    address = parser.parse_args().address
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        # A browser that says it has no window is a machine to the app, and is shown nothing of its own.
        agents = {name: str(playwright.devices[name]["user_agent"]) for name in ("Desktop Chrome", "Pixel 7")}
        _shop(partial(_window, browser, address), agents)
        _admin(_window(browser, address, agents["Desktop Chrome"], {"width": 1280, "height": 860}))
        browser.close()


def _shop(window: Callable[..., Page], agents: dict[str, str]) -> None:
    page = window(agents["Desktop Chrome"], WIDE)
    page.goto("/")
    page.get_by_role("button", name="Yes, remember").click()
    _save(page, "home-everybody")
    for product in TRAIL:
        page.goto(f"/p/{product}/")
    page.goto("/")
    _save(page, "home-trail-browser")
    phone = window(agents["Pixel 7"], PHONE)
    phone.goto(NEWCOMER)
    phone.get_by_role("button", name="Yes, remember").click()
    _save(phone, "home-newcomer-phone")


def _admin(page: Page) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", "marketer")
    page.fill("#id_password", "walking-boots")
    page.click("[type=submit]")
    page.goto("/admin/django_microseg/segment/")
    _save(page, "admin-segments")
    page.get_by_role("link", name="Looking at trail shoes").click()
    page.locator("#growth").scroll_into_view_if_needed()
    _save(page, "admin-segment")


def _window(browser: Browser, address: str, agent: str, size: ViewportSize) -> Page:
    return browser.new_context(base_url=address, user_agent=agent, viewport=size).new_page()


def _save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
