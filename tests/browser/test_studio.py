"""A marketer's way in the admin: a template, its preview, a draft, who would come, in force, who and why, another
rule, and the one before brought back. On a phone and on a desktop; audited by axe, and under a strict content policy.

With MICROSEG_PICTURES the way on the desktop leaves the pictures of `docs/marketers.md` in that folder.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_admin import ROOT, marketer
from tests.browser.test_axe import AUDITED, findings

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Meet

WIDER = 'count("order_completed") >= 1'
WIDEST = 'count("order_completed") >= 1 or count("product_viewed") >= 1'
NAMES = {name: f"Walkers on a {name}" for name in ("phone", "desktop")}


def _look(page: Page, name: str, *, is_audited: bool, is_wide: bool) -> None:
    """What a step owes to everybody, and its picture for the guide."""
    page.wait_for_load_state("networkidle")
    if is_audited:
        assert findings(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
    folder = os.environ.get("MICROSEG_PICTURES")
    if folder and is_wide and not is_audited:
        page.screenshot(path=Path(folder) / f"guide-{name}.png")


def _write_rule(page: Page, text: str) -> None:
    """Write it as text; the builder follows, and the panel says what it would find."""
    page.locator("microseg-rule-builder .b-condition").first.wait_for()
    page.fill("#id_rule_text", text)
    page.locator("#microseg-found[aria-busy]").wait_for(state="detached")
    page.locator("#microseg-found strong").first.wait_for()
    page.get_by_text("The builder shows the text now.").wait_for(state="attached")


def _put_in_force(page: Page) -> None:
    page.get_by_role("button", name="Put in force").click()
    page.locator(".messagelist .success, .messagelist .info").first.wait_for()


@pytest.mark.parametrize(
    ("window", "is_audited"),
    [
        pytest.param("desktop", False, marks=pytest.mark.each_database, id="strict policy"),
        pytest.param("desktop", True, id="audited"),
        pytest.param("phone", True, id="audited on a phone"),
    ],
)
def test_from_a_template_to_a_rule_brought_back(meet: Meet, window: str, is_audited: bool) -> None:
    page = marketer(meet, window, **(AUDITED if is_audited else {}))
    name = f"{NAMES[window]}{' again' if is_audited else ''}"

    def look(step: str) -> None:
        _look(page, step, is_audited=is_audited, is_wide=window == "desktop")

    page.goto(f"{ROOT}segment/presets/")
    look("gallery")
    page.locator("#frequent-buyers").get_by_role("button", name=re.compile("edit", re.IGNORECASE)).click()
    page.fill("#id_name", name)
    page.fill("#id_slug", name.lower().replace(" ", "-"))
    _write_rule(page, WIDER)
    page.get_by_label("active: this rule is in force").check()
    page.locator("microseg-rule-builder").evaluate("(builder) => builder.scrollIntoView()")
    look("rule")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("would come in").first.wait_for()
    look("difference")
    _put_in_force(page)
    look("segment")

    _write_rule(page, WIDEST)
    page.fill("#id_note", "whoever looked counts too")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.locator("ins").first.inner_text()
    _put_in_force(page)
    page.get_by_role("link", name="Members", exact=True).first.click()
    look("members")
    page.get_by_role("link", name=re.compile("^Why")).first.click()
    page.get_by_text("at least once").first.wait_for()
    look("explanation")

    page.go_back()
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name="Bring back version 1").click()
    assert page.locator("del").first.inner_text()
    _put_in_force(page)
    assert page.locator("#id_rule_text").input_value() == WIDER


def test_enter_in_a_field_saves_and_neither_freezes_nor_brings_back(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(f"{ROOT}segment/1/change/")
    page.locator("microseg-rule-builder .b-condition").first.wait_for()
    page.locator("#id_name").press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert "was changed successfully" in page.locator(".messagelist").inner_text()


def test_enter_beside_the_rule_asks_and_saves_nothing(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(f"{ROOT}segment/1/change/")
    other = page.get_by_label("Compare with segment")
    other.fill("nobody-of-that-name")
    other.press("Enter")
    page.locator(".microseg-found-both").get_by_text("No segment in force has that name or slug.").wait_for()
    assert (page.url.endswith("/segment/1/change/"), page.locator(".messagelist").count()) == (True, 0)


def test_enter_in_the_note_does_not_freeze(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(f"{ROOT}segment/1/change/")
    page.locator(".microseg-freeze summary").click()
    page.fill("#freeze-note", "for the letter")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#freeze-note").press("Enter")
    page.goto(f"{ROOT}segment/1/change/")
    assert [url for url in asked if "freeze" in url] == []
    assert page.locator(".microseg-freeze summary").inner_text() == "Freeze"
