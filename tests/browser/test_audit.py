"""The audit of pages finds each fault that it looks for and no other; who watches a browser notes what goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Meet

AUDIT = (Path(__file__).parent / "audit.js").read_text()
PAGE = (
    '<!doctype html><html lang="en"><head><title>A page</title><style>a {{ display: inline-block; min-height: 44px; }}'
    '</style></head><body style="background: white; color: black"><header>Shop</header><main><h1>Boots</h1>{}</main>'
    "<footer>End</footer></body></html>"
)
FAULTS = {
    "<input>": "has no name",
    '<a href="/"></a>': "has no name",
    '<img src="data:," width="9">': "has no alternative text",
    "<fieldset>Size</fieldset>": "has no legend",
    '<p id="a">1</p><p id="a">2</p>': "id twice: a",
    '<p aria-describedby="b">1</p>': "aria-describedby leads nowhere",
    "<h1>Again</h1>": "2 of h1, not 1",
    "<h3>Too deep</h3>": "heading of level 3 after 1",
    "<nav aria-label='a'>1</nav><nav aria-label='a'>2</nav>": "two navigations of one name",
    '<p style="color: #808080">grey on white</p>': "contrast 3.95 instead of 4.5",
    '<div style="background: #333"><p style="color: rgb(255 255 255 / .2)">faint</p></div>': "contrast 1.88",
    '<button style="height: 30px; width: 60px; padding: 0">Buy</button>': "only 60 x 30 px",
    '<p style="width: 4000px">wide</p>': "wider than the window",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(meet: Meet, fault: str) -> None:
    page = meet().page
    page.set_content(PAGE.format(fault))
    assert FAULTS[fault] in "\n".join(page.evaluate(AUDIT))


@pytest.mark.parametrize(
    "fine",
    [
        '<label>Name <input style="min-height: 44px"></label>',
        '<p>A line with <a href="/" style="display: inline">a link</a> in it.</p>',
        '<p style="color: #757575">grey enough</p>',
        '<p style="color: #949494; font-size: 24px">large enough</p>',
        '<img src="data:," alt="">',
        "<h2>Sizes</h2><h3>Half sizes</h3><h2>Colours</h2>",
    ],
)
def test_what_is_fine_is_not_found(meet: Meet, fine: str) -> None:
    page = meet().page
    page.set_content(PAGE.format(fine))
    assert page.evaluate(AUDIT) == []


def test_what_the_policy_forbids_is_noted(meet: Meet) -> None:
    person = meet().goes_to("/about/")
    person.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/eye.gif'}))")
    person.page.wait_for_timeout(200)
    noted, person.faults[:] = "\n".join(person.faults), []
    assert "Content Security Policy" in noted


def test_a_page_that_is_missing_is_noted(meet: Meet) -> None:
    person = meet().goes_to("/c/hats/")
    noted, person.faults[:] = list(person.faults), []
    assert [fault.split(": ")[0] for fault in noted] == ["status 404"]
    assert person.headline == "This path ends here."
