"""The shop without JavaScript: filters, cart, coupon, order, consent and what follows from it all work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.conftest import Meet


def test_a_filter_is_applied_by_its_button(meet: Meet) -> None:
    page = meet(java_script_enabled=False).goes_to("/c/boots/").page
    page.locator("[name=attribute][value=insulated]").check(force=True)
    page.get_by_role("button", name="Show").click()
    assert page.locator(".found").inner_text() == "1 of 6 things"


def test_a_guest_orders_with_a_coupon(meet: Meet) -> None:
    person = meet(java_script_enabled=False).puts_into_cart("tarnway-catbells").goes_to("/checkout/")
    person.fills(coupon="THANKS5").clicks("Apply")
    person.fills(email="nojs@example.com", full_name="Ann Wren", address="4 Bank Street", town="Leeds")
    person.fills(postcode="LS1 3AX").clicks("Place the order")
    assert person.headline == "Thank you, Ann Wren."
    assert person.sees("\N{MINUS SIGN}£4.90")


def test_a_click_changes_the_next_page(meet: Meet) -> None:
    person = meet(java_script_enabled=False).goes_to("/").says("yes")
    person.goes_to("/p/tarnway-catbells/").goes_to("/p/tarnway-sourmilk/")
    assert person.goes_to("/").headline == "Up before the weather."
