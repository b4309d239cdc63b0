"""Every page of the shop, narrow and wide, light and dark: nothing is refused, nothing fails, nobody is left out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.pages import OPEN, OWN

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Meet
    from tests.browser.people import Person

AUDIT = (Path(__file__).parent / "audit.js").read_text()
PASSWORD = "walking-boots"
WINDOWS = {
    "small phone": {"viewport": {"width": 360, "height": 740}},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "dark phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
SHIFT = """() => new Promise((tell) => {
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { shift += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => tell(shift)));
})"""

WEIGHTS = """() => Object.fromEntries(
  [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((entry) => entry.initiatorType !== "img")
    .map((entry) => [entry.name, entry.decodedBodySize])
)"""


def _audit(page: Page) -> list[str]:
    found: list[str] = page.evaluate(AUDIT)
    return found


@pytest.mark.parametrize("window", WINDOWS)
def test_open_pages_leave_nobody_out(meet: Meet, window: str) -> None:
    person = meet(**WINDOWS[window])
    assert {path: found for path in OPEN if (found := _audit(person.goes_to(path).page))} == {}


@pytest.mark.parametrize("window", WINDOWS)
def test_the_way_to_an_order_leaves_nobody_out(meet: Meet, window: str) -> None:
    person = meet(**WINDOWS[window])
    found = {name: _audit(page) for name, page in _way_to_an_order(person)}
    assert {name: faults for name, faults in found.items() if faults} == {}


def _way_to_an_order(person: Person) -> Any:
    person.goes_to("/p/tarnway-catbells/").page.locator("input[name=size]").evaluate_all(
        "fields => fields.forEach(field => { field.required = false; })"
    )
    yield "no size chosen", person.clicks("Put in the cart").page
    yield "cart", person.puts_into_cart("woldspun-fell").page
    yield "checkout", person.goes_to("/checkout/").page
    yield "checkout with mistakes", person.clicks("Place the order").page
    person.fills(email="a@example.com", full_name="Ann Wren", address="4 Bank Street", town="Leeds", postcode="LS1 3AX")
    yield "thank you", person.clicks("Place the order").page


@pytest.mark.parametrize("window", WINDOWS)
def test_the_account_leaves_nobody_out(meet: Meet, window: str) -> None:
    person = meet(**WINDOWS[window])
    person.goes_to("/login/").fills(username="demo-00025", password=PASSWORD).clicks("Sign in", nth=-1)
    own = {path: _audit(person.goes_to(path).page) for path in OWN}
    own["an order"] = _audit(person.goes_to("/account/").clicks("D00025", role="link").page)
    assert {name: faults for name, faults in own.items() if faults} == {}


def test_nothing_moves_while_a_page_loads(meet: Meet) -> None:
    person = meet(**WINDOWS["small phone"])
    shifts = {path: person.goes_to(path).page.evaluate(SHIFT) for path in ("/", "/c/boots/", "/p/tarnway-catbells/")}
    assert {path: shift for path, shift in shifts.items() if shift > 0.02} == {}


@pytest.mark.parametrize("path", ["/", "/c/eco-footwear/", "/p/tarnway-catbells/", "/search/?q=waterproof"])
def test_a_page_weighs_less_than_150_kilobytes_without_pictures(meet: Meet, path: str) -> None:
    page = meet().page
    page.goto(path, wait_until="load")
    weights = page.evaluate(WEIGHTS)
    assert 20_000 < sum(weights.values()) < 150_000
