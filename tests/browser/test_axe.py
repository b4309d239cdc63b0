"""axe-core, the audit that the world agrees on, finds nothing serious on any page of the admin that is ours."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_admin import PAGES, ROOT, WINDOWS, marketer

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Meet

GRAVE = ("serious", "critical")
#: What Django draws itself, on every page of every admin.
DJANGO_S_OWN = [".breadcrumbs", "#changelist-search", "#changelist-filter", ".datetime", ".selector"]
#: The audit adds a style of its own for a moment; that our pages add none is tested beside it.
AUDITED = {"bypass_csp": True}


def findings(page: Page) -> list[str]:
    """What is serious or worse, each with the element it is about."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
    found = page.evaluate("([exclude]) => axe.run({ exclude })", [DJANGO_S_OWN])["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in GRAVE]


@pytest.mark.parametrize("window", WINDOWS)
def test_no_page_of_the_admin_has_a_serious_finding(meet: Meet, window: str) -> None:
    page = marketer(meet, window, **AUDITED)
    found = {}
    for path in PAGES:
        page.goto(ROOT + path)
        found[path] = findings(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_serious_fault_is_found(meet: Meet) -> None:
    page = marketer(meet, **AUDITED)
    page.goto(ROOT + "segment/")
    page.evaluate("document.querySelector('#content').append(document.createElement('input'))")
    assert any(each.startswith("label: ") for each in findings(page))
