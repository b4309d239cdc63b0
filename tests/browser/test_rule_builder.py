"""The rule builder in a browser: with clicks alone, with the keyboard alone, in step with the text, losing nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from django_microseg.segment.json_form import to_json
from django_microseg.segment.text import parse, render
from tests.browser.test_admin import WINDOWS, marketer
from tests.effort import cases
from tests.segment.test_s30 import TEXT as S30
from tests.segment.words import vocabulary
from tests.strategies.rules import custom_conditions, rules

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Meet

ADD = "/admin/django_microseg/segment/add/"
AUDIT = (Path(__file__).parent / "audit.js").read_text()
LAPSING = '(not segment("vip") or days_since("order_completed") > 2 * mean_gap("order_completed"))'
ALONE = """() => {
  const main = document.createElement("main");
  main.append(Object.assign(document.createElement("h1"), { textContent: "Segment" }));
  const form = document.querySelector("#segment_form");
  const [builder, token] = ["microseg-rule-builder", "[name=csrfmiddlewaretoken]"].map((s) => form.querySelector(s));
  form.replaceChildren(token, builder);
  main.append(form);
  document.body.replaceChildren(document.createElement("header"), main, document.createElement("footer"));
}"""
#: Every answer comes half a second late.
SLOW = """() => {
  const ask = window.fetch;
  window.fetch = async (...given) => {
    await new Promise((done) => setTimeout(done, 500));
    return ask(...given);
  };
}"""
#: Says again to each control what it shows already, and lets the rule be drawn anew.
TOUCH = """async (text) => {
  const builder = document.querySelector("microseg-rule-builder");
  const field = document.querySelector("#id_rule_text");
  const answer = await builder.inForms({ text });
  const { rule } = answer.form;
  builder.adopt(rule.combinator ? rule : { combinator: "all", not: false, rules: [rule] }, text);
  builder.show(answer);
  const given = JSON.stringify(builder.rule);
  for (const control of builder.querySelectorAll("select, input:not(.b-as-text)")) {
    control.dispatchEvent(new Event("input"));
    control.dispatchEvent(new Event("change"));
  }
  builder.draw();
  return { given, kept: JSON.stringify(builder.rule) };
}"""


def builder(page: Page, text: str = "") -> Locator:
    """The builder of a new segment, when it shows this text."""
    page.goto(ADD)
    found = page.locator("microseg-rule-builder")
    found.wait_for()
    if text:
        page.fill("#id_rule_text", text)
        page.get_by_text("The builder shows the text now.").wait_for()
    return found


def text_is(page: Page, text: str) -> None:
    """Wait for the text; where it does not come, say what stands there."""
    try:
        page.wait_for_function("(text) => document.querySelector('#id_rule_text').value === text", arg=text)
    finally:
        assert page.input_value("#id_rule_text") == text


def condition(page: Page, number: str) -> Locator:
    return page.locator(f'[data-path="{".".join(str(int(part) - 1) for part in number.split("."))}"]')


def field(where: Locator, label: str, *, nth: int = 0) -> Locator:
    labels = where.locator("label").filter(has=where.page.locator(f"span:text-is('{label}')"))
    return labels.nth(nth).locator("select, input")


def choose(where: Locator, label: str, words: str, *, nth: int = 0) -> None:
    field(where, label, nth=nth).select_option(words)


def pick(where: Locator, label: str, value: str, *, nth: int = 0) -> None:
    """Click the field, then the suggestion."""
    field(where, label, nth=nth).click()
    where.locator(f'[role=option][data-value="{value}"]').click()


def click_up(page: Page, where: Locator, times: int) -> None:
    """Click the arrow of a field for numbers."""
    field = where.locator("input[type=number]")
    field.hover()
    for _ in range(times):
        box = field.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2 - 5)


def test_s30_is_built_by_clicks_alone(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page)
    add = root.get_by_role("button", name="Add a condition").last

    add.click()
    choose(condition(page, "1"), "About", "another segment")
    pick(condition(page, "1"), "Segment", "returning-customer")
    add.click()
    choose(condition(page, "2"), "About", "what is known of them")
    choose(condition(page, "2"), "What is known", "gender")
    pick(condition(page, "2"), "Value", "female")
    for number, operator, years in (("3", "at least", 28), ("4", "at most", 32)):
        add.click()
        choose(condition(page, number), "About", "what is known of them")
        choose(condition(page, number), "What is known", "age")
        choose(condition(page, number), "Comparison", operator)
        click_up(page, condition(page, number), years)
    add.click()
    last = condition(page, "5")
    choose(last, "What they did", "viewed a product")
    wanted = (("category", "footwear"), ("attribute", "eco-friendly"), ("device", "mobile"))
    for nth, (label, value) in enumerate(wanted):
        last.get_by_role("button", name="Add a property").click()
        choose(last, "Property", label, nth=nth)
        pick(last, "Value", value, nth=nth + 1)
    last.get_by_role("button", name="Add a property").click()
    choose(last, "Property", "hour of their day", nth=3)
    choose(last, "Test", "is at least", nth=3)
    choose(last, "Value", "20", nth=4)

    text_is(page, S30)
    page.get_by_text("is between 28 and 32 years old and viewed a product (category footwear").first.wait_for()
    assert page.evaluate("document.querySelector('microseg-rule-builder').rule") == to_json(parse(S30))


def test_rule_is_built_saved_and_shown_again_with_the_keyboard_alone(meet: Meet) -> None:
    page = marketer(meet)
    builder(page)
    page.focus("#id_name")
    page.keyboard.type("Keyboard")
    tab_to(page, "/addCondition")
    page.keyboard.press("Enter")
    assert focus_of(page) == "0/about"
    tab_to(page, "0/value")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("5")
    tab_to(page, "0/window/kind")
    page.keyboard.type("in the last")
    tab_to(page, "/addCondition")
    page.keyboard.press("Enter")
    page.keyboard.type("another segment")
    tab_to(page, "1/segment")
    page.keyboard.type("vi")
    page.get_by_role("option", name="VIP").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    text_is(page, 'count("order_completed", days=30) >= 5 and segment("vip")')
    tab_to(page, "1/up", back=True)
    page.keyboard.press("Alt+ArrowUp")
    assert focus_of(page) == "0/up"
    text_is(page, 'segment("vip") and count("order_completed", days=30) >= 5')
    page.keyboard.press("Delete")
    text_is(page, 'count("order_completed", days=30) >= 5')
    page.keyboard.press("ControlOrMeta+z")
    text_is(page, 'segment("vip") and count("order_completed", days=30) >= 5')


def focus_of(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.dataset.key ?? null")
    return found


def tab_to(page: Page, key: str, *, back: bool = False) -> None:
    for _ in range(60):
        if focus_of(page) == key:
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{key} is not reached")


NESTED = 'segment("vip") and (age >= 30 or known(gender)) and count("order_completed") >= 2'


def test_group_is_moved_copied_pasted_and_undone(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page, NESTED)
    group = condition(page, "2")
    group.get_by_role("button", name="Move up").first.click()
    text_is(page, '(age >= 30 or known(gender)) and segment("vip") and count("order_completed") >= 2')
    page.keyboard.press("ControlOrMeta+c")
    assert root.locator(".b-status").inner_text() == "Copied."
    root.get_by_role("button", name="Paste").last.click()
    copied = "(age >= 30 or known(gender))"
    twice = f'{copied} and segment("vip") and count("order_completed") >= 2 and {copied}'
    text_is(page, twice)
    condition(page, "2").get_by_role("button", name="Move into a group").click()
    text_is(page, f'{copied[:-1]} or segment("vip")) and count("order_completed") >= 2 and {copied}')
    condition(page, "1.3").get_by_role("button", name="Move out of its group").click()
    text_is(page, twice)
    root.get_by_role("button", name="Undo").click()
    root.get_by_role("button", name="Undo").click()
    root.get_by_role("button", name="Undo").click()
    text_is(page, '(age >= 30 or known(gender)) and segment("vip") and count("order_completed") >= 2')
    root.get_by_role("button", name="Redo").click()
    text_is(page, twice)
    condition(page, "1").get_by_role("button", name="Move up").first.click()
    assert root.locator(".b-status").inner_text() == "It cannot be moved there."
    field(condition(page, "1.1"), "Value").fill("31")
    text_is(page, twice.replace("30", "31", 1))


def test_what_was_cut_elsewhere_is_pasted_and_nonsense_is_not(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page, NESTED)
    root.evaluate("(element) => element.paste([3], 'age < 20 and not segment(\"lost\")')")
    text_is(page, NESTED + ' and age < 20 and not segment("lost")')
    root.evaluate("(element) => element.paste([3], 'all my good people')")
    page.get_by_text("What was to be pasted is no rule").wait_for()
    assert page.input_value("#id_rule_text") == NESTED + ' and age < 20 and not segment("lost")'


def test_emptied_group_goes_and_an_emptied_rule_is_no_rule_for_everybody(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page, 'segment("vip") and (age >= 30 or known(gender))')
    condition(page, "2.1").get_by_role("button", name="Remove").click()
    condition(page, "2.1").get_by_role("button", name="Remove").click()
    text_is(page, 'segment("vip")')
    condition(page, "1").get_by_role("button", name="Remove").click()
    text_is(page, "")
    root.get_by_text("Nothing is asked yet.").wait_for()
    assert focus_of(page) == "/addCondition"


def test_text_rebuilds_the_builder_and_a_mistake_lets_it_wait(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page, "age >= 18")
    page.fill("#id_rule_text", "age >= 18 and count(")
    root.get_by_text("The text has a mistake, so the builder waits").wait_for()
    assert root.locator(".b-body").evaluate("(body) => body.disabled")
    assert field(root, "Value").input_value() == "18"
    page.fill("#id_rule_text", "age >= 21 and known(gender)")
    root.locator(".b-problem").wait_for(state="hidden")
    assert root.locator(".b-condition").count() == 2
    assert field(root, "Value").input_value() == "21"
    page.fill("#id_rule_text", "age  >=  21 and known(gender)")
    page.wait_for_function("() => !document.querySelector('.b-body').disabled")
    field(root, "Value").fill("22")
    text_is(page, "age >= 22 and known(gender)")
    page.fill("#id_rule_text", "age >= ")
    root.get_by_role("button", name="go back to the builder's rule").click()
    text_is(page, "age >= 22 and known(gender)")
    assert not root.locator(".b-body").evaluate("(body) => body.disabled")


def test_unfinished_rule_is_refused_and_comes_back_unfinished(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page)
    page.fill("#id_name", "Unfinished")
    root.get_by_role("button", name="Add a condition").click()
    choose(condition(page, "1"), "About", "what is known of them")
    root.get_by_text("Something is still to be filled in.").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".errorlist").first.wait_for()
    page.get_by_text("Something is still to be filled in.").wait_for()


def test_form_waits_for_the_text_to_catch_up(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page, "age >= 18")
    page.fill("#id_name", "Hasty")
    page.check("#id_state_0")
    page.evaluate(SLOW)
    field(root, "Value").fill("19")
    page.get_by_role("button", name="Save and continue editing").click()
    page.locator(".messagelist .success").wait_for()
    assert page.input_value("#id_rule_text") == "age >= 19"


def test_form_does_not_go_without_the_change_when_the_server_is_away(meet: Meet) -> None:
    page = marketer(meet)
    root = builder(page, "age >= 18")
    page.evaluate("() => { window.kept = fetch; window.fetch = () => Promise.reject(new Error('away')); }")
    field(root, "Value").fill("19")
    root.get_by_text("The builder could not reach the shop").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.evaluate("() => { window.fetch = window.kept; }")
    assert page.url.endswith(ADD)
    root.get_by_role("button", name="try again").click()
    text_is(page, "age >= 19")


def test_condition_without_controls_is_text_and_stays(meet: Meet) -> None:
    page = marketer(meet)
    builder(page)
    page.evaluate(
        "document.querySelector('#id_rule_text').value = 'age >= 18 and gone_type(word=\"a\")';"
        "document.querySelector('microseg-rule-builder').readText({ isFirst: true })"
    )
    words = page.get_by_label("Condition as text")
    words.wait_for()
    assert words.input_value() == 'gone_type(word="a")'
    field(condition(page, "1"), "Value").fill("21")
    text_is(page, 'age >= 21 and gone_type(word="a")')
    words.fill("known(gender)")
    words.press("Tab")
    text_is(page, "age >= 21 and known(gender)")


def test_no_rule_loses_anything_by_being_shown_and_touched(meet: Meet) -> None:
    page = marketer(meet)
    builder(page)
    page.evaluate("document.querySelector('microseg-rule-builder').write = () => {}")

    @settings(
        max_examples=cases(quick=40, ci=300), deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(rules(vocabulary(), extra=custom_conditions()))
    def touch(rule: Any) -> None:
        found = page.evaluate(TOUCH, render(rule))
        assert json.loads(found["kept"]) == json.loads(found["given"]) == to_json(rule)

    touch()


@pytest.mark.parametrize("window", WINDOWS)
def test_audit_finds_nothing_and_it_fits(meet: Meet, window: str) -> None:
    page = marketer(meet, window)
    builder(page, f"{S30} and {LAPSING}")
    page.locator("microseg-rule-builder summary").click()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.evaluate(ALONE)
    page.wait_for_timeout(300)
    findings = [each for each in page.evaluate(AUDIT) if window == "phone" or not each.startswith("only ")]
    assert findings == []


def test_without_scripts_the_text_works_alone(meet: Meet) -> None:
    page = marketer(meet)
    state = page.context.storage_state()
    plain = meet(java_script_enabled=False, storage_state=state).goes_to(ADD).page
    assert plain.locator("microseg-rule-builder").is_hidden()
    assert plain.locator("#id_rule_text").is_editable()
