"""The beacon in a browser: a scripted visit, and what is stored of it; and who and what is not watched."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Meet
    from tests.browser.people import Person, Shop

pytestmark = pytest.mark.each_database

SHOE = "tarnway-catbells"
WITHIN = 0.05
"""How far from the script a measure may be."""
HIDE = """shown => {
  Object.defineProperty(document, "visibilityState", { value: shown, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
ADD = """() => {
  document.querySelector("main").insertAdjacentHTML("beforeend", `
    <button id="nothing" type="button">Nothing</button><button id="fault" type="button">Fault</button>
    <button id="works" type="button">Works</button><section data-microseg-recommendation="cart">
    <a id="pick" href="#x" data-microseg-product="woldspun-fell">Pick</a></section>`);
  document.querySelector("#fault").addEventListener("click", () => { throw new Error("meant"); });
  document.querySelector("#works").addEventListener("click", (event) => { event.target.title += "worked "; });
}"""
SCROLL = """top => new Promise((noticed) => {
  addEventListener("scroll", noticed, { once: true });
  window.scrollTo({ top, behavior: "instant" });
}).then(() => {})"""
PATIENCE = 10


def watched(meet: Meet) -> Person:
    """Somebody who has consented, with a clock in the browser that the test puts forward."""
    person = meet(viewport={"width": 1280, "height": 800}).goes_to("/").says("yes")
    person.page.clock.install()  # before the page it is for
    return person


def opens(person: Person, path: str) -> Page:
    """Go to a page and stop its clock, which goes on only where the script says so."""
    page = person.goes_to(path).page
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    return page


def sent_by(person: Person, shop: Shop, before: int, last: str) -> list[dict[str, Any]]:
    """What is stored once this page has gone out of sight."""
    person.page.evaluate(HIDE, "hidden")
    return arrived(shop, before, last)


def arrived(shop: Shop, before: int, last: str) -> list[dict[str, Any]]:
    """What is stored, once an event of this name is among it: nobody answers to what is sent at the last moment."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = shop.events()[before:]
        if last in {event["name"] for event in found}:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no {last} among {[event['name'] for event in found]}")


def measure(events: list[dict[str, Any]], name: str) -> float:
    """The sum over all events of a name, in their own unit."""
    return sum(event["measure"] for event in events if event["name"] == name) / 1000


def rest(page: Page, selector: str, seconds: float) -> None:
    page.hover(selector)
    time.sleep(0.3)  # moves of the pointer within one frame are one to the page
    page.clock.run_for(round(seconds * 1000))
    page.mouse.move(2, 2)


def test_numbers_of_a_scripted_visit_are_those_of_the_script(meet: Meet, shop: Shop) -> None:
    person, before = watched(meet), len(shop.events())
    page = opens(person, f"/p/{SHOE}/")
    page.clock.run_for(24_000)
    page.evaluate(HIDE, "hidden")
    page.clock.run_for(300_000)
    page.evaluate(HIDE, "visible")
    rest(page, "[data-microseg-hover=buy]", 5)
    for step in range(1, 11):  # ten times sixty pixels in tenths of a second: six hundred a second
        page.evaluate(SCROLL, 60 * step)
        page.clock.run_for(100)
    page.clock.run_for(9_000)
    whole, top = page.evaluate("[document.documentElement.scrollHeight, scrollY + innerHeight]")
    sent = sent_by(person, shop, before, "control_hovered")

    assert measure(sent, "page_dwelled") == pytest.approx(40, abs=1)
    assert measure(sent, "product_dwelled") == pytest.approx(40, abs=1)
    assert {event["product_key"] for event in sent if event["name"] == "product_dwelled"} == {SHOE}
    assert measure(sent, "control_hovered") == pytest.approx(5, rel=WITHIN)
    assert measure(sent, "page_scrolled") == pytest.approx(100 * top / whole, rel=WITHIN)
    [scrolled] = [event["properties"] for event in sent if event["name"] == "page_scrolled"]
    assert scrolled["pixels_per_second"] == pytest.approx(600, rel=WITHIN)


def test_clicks_in_vain_and_clicks_that_choose(meet: Meet, shop: Shop) -> None:
    person, before = watched(meet), len(shop.events())
    page = opens(person, "/cart/")
    page.evaluate(ADD)
    page.clock.run_for(3_000)
    page.click("#nothing")
    page.clock.run_for(3_000)
    page.click("#works", click_count=4)
    page.clock.run_for(3_000)
    page.click("#fault")
    page.clock.run_for(3_000)
    page.click("#pick")
    page.clock.run_for(3_000)
    sent = sent_by(person, shop, before, "page_dwelled")
    person.faults.clear()  # the error that the script itself threw

    trouble = [event for event in sent if event["name"] == "frustration_noticed"]
    said = [(each["properties"]["kind"], each["properties"]["target"], each["measure"] // 1000) for each in trouble]
    assert ("dead", "button#nothing", 1) in said
    assert ("rage", "button#works", 4) in said
    assert ("error", "button#fault", 1) in said
    assert ("dead", "button#works", 1) not in said
    [picked] = [event for event in sent if event["name"] == "recommendation_clicked"]
    assert picked["product_key"] == "woldspun-fell"


def test_card_that_is_rested_on_and_clicked(meet: Meet, shop: Shop) -> None:
    person, before = watched(meet), len(shop.events())
    page = opens(person, "/c/boots/")
    card = page.locator("[data-microseg-list=boots] [data-microseg-product]").first
    product = card.get_attribute("data-microseg-product")
    rest(page, f"[data-microseg-product={product}]", 2)
    card.locator("a").click()
    sent = [event for event in arrived(shop, before, "product_clicked") if event["product_key"] == product]
    assert measure(sent, "product_hovered") == pytest.approx(2, abs=0.2)
    assert "product_clicked" in {event["name"] for event in sent}


@pytest.mark.parametrize("answer", ["no", None])
def test_without_consent_there_is_no_beacon(meet: Meet, answer: str | None) -> None:
    person = meet().goes_to("/")
    if answer:
        person.says(answer)
    assert person.goes_to(f"/p/{SHOE}/").page.locator("script[data-collect]").count() == 0


def test_nobody_is_watched_where_it_is_sensitive(meet: Meet) -> None:
    person = meet().goes_to("/").says("yes")
    assert person.page.locator("script[data-collect]").count() == 1
    assert person.goes_to("/login/").page.locator("script[data-collect]").count() == 0
    page = person.goes_to("/").page
    assert page.evaluate("typeof window.microseg") == "object"


def test_what_the_server_cannot_take_is_sent_again_once(meet: Meet, shop: Shop) -> None:
    person, before = watched(meet), len(shop.events())
    page = opens(person, "/about/")
    refused: list[str] = []

    def refuse_first(route: Any) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503, headers={"Retry-After": "2"}, body="{}")

    page.route("**/microseg/collect/", refuse_first)
    page.evaluate("window.microseg.track('product_viewed', { product_id: 'again' })")
    page.clock.run_for(6_000)
    with page.expect_response(lambda response: "collect" in response.url and response.status == 200):
        page.clock.run_for(4_000)
    person.faults.clear()  # the 503 that the test itself answered
    assert [event["product_key"] for event in shop.events()[before:]] == ["again"]
