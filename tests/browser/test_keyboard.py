"""The shop with the keyboard alone: the skip link, a size, the cart, the checkout. What has the focus shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Meet

MOST_STEPS = 60
FOCUSED = """() => {
  const element = document.activeElement;
  const isDrawnBeside = getComputedStyle(element).opacity === "0";
  const seen = isDrawnBeside ? element.nextElementSibling : element;
  const style = getComputedStyle(seen);
  return {
    name: element.getAttribute("aria-label") || element.name || element.innerText,
    text: (element.innerText || "").trim(),
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
  };
}"""


def _focused(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOCUSED)
    return found


def _tab_to(page: Page, wanted: str) -> list[dict[str, Any]]:
    """Press Tab until the focus is on it; returns all that had the focus on the way."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        passed.append(_focused(page))
        if wanted in (passed[-1]["text"], passed[-1]["name"]):
            return passed
    raise AssertionError(f"{wanted!r} is not among {[each['name'] for each in passed]}")


def _press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_first_thing_is_a_way_past_the_head_of_the_page(meet: Meet) -> None:
    page = meet().goes_to("/").page
    page.keyboard.press("Tab")
    assert _focused(page)["text"] == "Skip to the content"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert _focused(page)["text"] == "See the boots"


def test_whatever_has_the_focus_shows_it(meet: Meet) -> None:
    for path in ("/", "/c/boots/", "/p/tarnway-catbells/", "/login/"):
        page = meet().goes_to(path).page
        passed = _tab_to(page, "About, delivery and returns")
        assert [each["name"] for each in passed if each["ring"] < 2] == []


def test_from_a_shoe_to_an_order_without_a_mouse(meet: Meet) -> None:
    page = meet().goes_to("/p/tarnway-catbells/").page
    _tab_to(page, "size")
    page.keyboard.press("ArrowRight")
    _tab_to(page, "Put in the cart")
    _press(page, "Enter")
    _tab_to(page, "To the checkout")
    _press(page, "Enter")
    address = {"email": "ann@example.com", "full_name": "Ann Wren", "address": "4 Bank Street", "town": "Leeds"}
    for field, value in {**address, "postcode": "LS1 3AX"}.items():
        _tab_to(page, field)
        page.keyboard.type(value)
    _tab_to(page, "Place the order")
    _press(page, "Enter")
    assert page.locator("h1").inner_text() == "Thank you, Ann Wren."
