"""The admin in a browser: the shop's strict content policy refuses nothing of ours, and live and long work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Meet

ROOT = "/admin/django_microseg/"
PAGES = (
    "overview/",
    "segment/",
    "segment/add/",
    "segment/presets/",
    "segment/presets/?pack=fashion",
    "segment/overlap/",
    "segment/look/",
    "segment/1/change/",
    "segment/1/members/",
    "segment/1/profile/",
    "segment/1/flow/",
    "segment/1/as-of/?at=2026-01-01T12:00",
    "refreshrun/",
    "refreshrun/start/",
    "experience/",
    "experience/start/",
    "experience/switch/",
    "offer/",
    "offer/1/change/",
    "redemption/",
    "persona/",
    "persona/add/",
    "profile/",
    "quarantinedevent/",
    "writekey/",
    "writekey/add/",
    "account/",
    "area/",
    "holiday/",
    "intakecount/",
    "localevent/add/",
    "loyaltymember/",
    "placeweather/",
    "question/add/",
    "rfmgrid/",
    "upload/add/",
)
WINDOWS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}


def marketer(meet: Meet, window: str = "desktop", **options: Any) -> Page:
    page = meet(**WINDOWS[window], **options).goes_to("/admin/login/").page
    page.fill("#id_username", "marketer")
    page.fill("#id_password", "walking-boots")
    page.click("[type=submit]")
    return page


@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_is_refused_and_no_page_is_wider_than_the_window(meet: Meet, window: str) -> None:
    page = marketer(meet, window)
    too_wide = {}
    for path in PAGES:
        answer = page.goto(ROOT + path)
        assert answer is not None
        assert answer.status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            too_wide[path] = wide
    assert too_wide == {}


def test_figure_is_drawn_above_its_table_and_again_in_another_theme(meet: Meet) -> None:
    page = marketer(meet, reduced_motion="reduce")  # else the picture would change by itself
    page.goto(ROOT + "segment/")
    page.get_by_role("link", name="Returning customers").click()
    page.get_by_role("link", name="Profile", exact=True).click()
    canvas = page.locator("#figure-portrait canvas")
    canvas.wait_for()
    assert canvas.get_attribute("aria-label", timeout=1000).endswith("The figures are in the table below.")
    assert page.locator("#figure-portrait tbody tr").count() > 0
    light = canvas.evaluate("each => each.toDataURL()")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        "before => document.querySelector('#figure-portrait canvas').toDataURL() !== before", arg=light
    )


def test_flow_is_drawn_with_the_plugin_that_its_page_brings(meet: Meet) -> None:
    shopper = meet("Pixel 7").goes_to("/").says("yes").goes_to("/p/fernhollow-drift/")
    joined = shopper.page.evaluate("fetch('/microseg/api/v1/me/').then(it => it.json())")["segments"]
    page = marketer(meet)
    page.goto(f"{ROOT}segment/?q={joined[0]['slug']}")
    page.locator("#result_list tbody a[href*='/change/']").first.click()
    page.get_by_role("link", name="Flow", exact=True).click()
    page.locator("#figure-flow canvas").wait_for()
    plugins = page.locator("script[src*='vendor/chart-']").evaluate_all("all => all.map(each => each.src)")
    assert [each.rpartition("/")[2] for each in plugins] == ["chart-sankey.js"]


def test_experience_is_seen_while_it_is_edited(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(ROOT + "experience/")
    page.get_by_role("link", name="First order discount").click()
    frame = page.frame_locator(".microseg-preview iframe")
    frame.locator("h1").first.wait_for()
    assert not frame.get_by_text("Only for you, Ada").count()
    page.fill("#id_template_name", "")
    page.fill("#id_content_html", "<h1>Only for you, Ada</h1>")
    frame.get_by_text("Only for you, Ada").wait_for()
    assert "Visitors in these segments see this while it is live." in page.locator("[data-note]").inner_text()
    page.select_option("#preview-who", "stranger")
    page.get_by_text("Visitors in these segments would not see this.").wait_for()
    page.select_option("#id_kind", "order")
    assert page.locator(".field-content_html").is_hidden()
    assert page.locator(".field-order_keys").is_visible()


def test_rule_says_what_it_would_find_while_it_is_written(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(ROOT + "segment/add/")
    found = page.locator("#microseg-found")
    assert found.is_hidden()
    page.fill("#id_rule_text", 'count("product_viewed") >= 1')
    found.get_by_text("In it is somebody who viewed a product at least once.").wait_for()
    assert " people, " in found.locator("strong").inner_text()
    page.fill("#id_rule_text", 'count("product_view") >= 1')
    found.get_by_text("Did you mean").wait_for()
    assert not found.locator("strong").count()
    page.fill("#id_rule_text", "")
    found.wait_for(state="hidden")


def test_change_close_by_is_taken_into_the_rule_and_only_the_number_is_read_out(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(ROOT + "segment/add/")
    found = page.locator("#microseg-found")
    page.fill("#id_rule_text", 'count("product_viewed") >= 2 and count("page_viewed") >= 1000')
    found.get_by_role("button", name="Leave it out: This alone keeps").first.click()
    found.get_by_text("In it is somebody who viewed a product at least 2 times.").wait_for()
    assert page.input_value("#id_rule_text") == 'count("product_viewed") >= 2'
    assert found.get_by_role("status").inner_text() == found.locator("strong").inner_text()
    assert not found.get_attribute("aria-live")


def test_refresh_goes_on_while_its_page_is_watched(meet: Meet) -> None:
    page = marketer(meet)
    page.goto(ROOT + "segment/")
    page.get_by_role("link", name="Refresh now").click()
    page.get_by_role("button", name="Refresh everybody now").click()
    page.get_by_role("link", name="Refresh again").wait_for()
    assert "people looked at" in page.locator("#content").inner_text()
