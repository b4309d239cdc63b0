"""One shopper, on a phone after eight, from an advert to coming back; and a stranger beside her who gets none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Meet
    from tests.browser.people import Person, Shop

pytestmark = pytest.mark.each_database

PHONE, DESKTOP = "Pixel 7", "Desktop Chrome"
ADVERT = "/?utm_source=instagram&utm_medium=social&utm_campaign=autumn"
DEFAULT = "Good boots. Plain words."
OFFER = "Ten per cent off your first order."
ECO = "Made of less, made to be mended."
THANKS = "It is on its way."
REMINDER = "Still in your cart"
SHOES = ("fernhollow-drift", "fernhollow-orchard")


def _looks_at_shoes(person: Person) -> None:
    for product in SHOES:
        person.goes_to(f"/p/{product}/")


def _tiles(person: Person) -> list[str]:
    return person.goes_to("/").page.locator(".tiles a").all_inner_texts()


def _segments(person: Person) -> set[str]:
    answer: dict[str, Any] = person.page.evaluate("fetch('/microseg/api/v1/me/').then(it => it.json())")
    return {each["slug"] for each in answer["segments"]}


def _orders(person: Person, email: str, code: str) -> str:
    """Order what is in the cart; returns the summary as it stood before the order was placed."""
    person.goes_to("/checkout/").fills(
        email=email, full_name="Ada Wren", address="4 Bank Street", town="Leeds", postcode="LS1 3AX", coupon=code
    )
    summary = person.clicks("Apply").page.locator(".summary").inner_text()
    person.clicks("Place the order")
    return summary


def test_from_an_advert_to_coming_back(meet: Meet, shop: Shop) -> None:
    shop.forward_to(hour=20, minute=15)
    ada, stranger = meet(PHONE), meet(DESKTOP)

    # The very first page: she came by an advert, the stranger did not.
    assert (ada.goes_to(ADVERT).headline, stranger.goes_to("/").headline) == (OFFER, DEFAULT)
    ada.says("yes")
    stranger.says("yes")

    # Both look at the same shoes at the same hour; only hers is a phone.
    usual = _tiles(stranger)
    _looks_at_shoes(ada)
    _looks_at_shoes(stranger)
    assert _tiles(ada)[0].startswith("Eco-friendly footwear")
    assert _tiles(stranger) == usual
    assert not usual[0].startswith("Eco-friendly footwear")
    ada.puts_into_cart(SHOES[0])

    # An hour later she comes back by herself: no newcomer any more, but somebody with a full cart.
    assert not ada.goes_to("/").sees(REMINDER)
    shop.forward(minutes=61)
    assert (ada.goes_to("/").headline, stranger.goes_to("/").headline) == (ECO, DEFAULT)
    assert (ada.sees(REMINDER), stranger.sees(REMINDER)) == (True, False)

    # She buys with the offer that the first page spoke of.
    assert "WELCOME10 is applied." in _orders(ada, "ada@example.com", "WELCOME10")
    assert (ada.goes_to("/").headline, stranger.goes_to("/").headline) == (THANKS, DEFAULT)
    assert not ada.sees(REMINDER)

    # A week later she is a returning customer, to whom a first order is no longer offered.
    shop.forward(hours=7 * 24)
    assert (ada.goes_to(ADVERT).headline, stranger.goes_to("/").headline) == (ECO, DEFAULT)
    assert "one-visit-one-order" not in _segments(ada)
    assert "returning-customer" in _segments(ada)
    ada.puts_into_cart(SHOES[1])
    assert "WELCOME10 is applied." not in _orders(ada, "ada@example.com", "WELCOME10")


def test_the_same_shoes_in_the_morning_change_nothing(meet: Meet, shop: Shop) -> None:
    shop.forward_to(hour=9, minute=0)
    person = meet(PHONE).goes_to("/").says("yes")
    _looks_at_shoes(person)
    assert person.goes_to("/").headline == DEFAULT
