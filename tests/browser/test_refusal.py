"""Who says no is remembered as somebody who said no, and as nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.conftest import Meet
    from tests.browser.people import Person, Shop

PHONE = "Pixel 7"
DEFAULT = "Good boots. Plain words."
NECESSARY = {"csrftoken"}
"""Django's own, against forged forms; it says nothing of who somebody is."""


def _browses_trail_shoes(person: Person) -> None:
    for product in ("tarnway-catbells", "tarnway-sharp-edge", "tarnway-catbells"):
        person.goes_to(f"/p/{product}/")


def test_who_said_no_keeps_one_cookie_and_sees_what_everybody_sees(meet: Meet, shop: Shop) -> None:
    person = meet(PHONE).goes_to("/").says("no")
    before = shop.stored()
    _browses_trail_shoes(person)
    assert person.goes_to("/").headline == DEFAULT
    assert person.cookies - NECESSARY == {"microseg_consent"}
    assert not person.sees("May we remember what you look at?")
    assert shop.stored() == before


def test_who_has_not_answered_has_no_cookie_of_ours_and_leaves_nothing(meet: Meet, shop: Shop) -> None:
    person, before = meet(PHONE), shop.stored()
    _browses_trail_shoes(person)
    assert person.goes_to("/").headline == DEFAULT
    assert person.cookies - NECESSARY == set()
    assert person.sees("May we remember what you look at?")
    assert shop.stored() == before


def test_who_says_yes_is_remembered_until_a_no(meet: Meet, shop: Shop) -> None:
    person = meet(PHONE).goes_to("/").says("yes")
    _browses_trail_shoes(person)
    assert person.goes_to("/").headline == "Up before the weather."
    person.goes_to("/preferences/")
    for purpose in ("personalisation", "measurement", "advertising"):
        person.page.locator(f"[name={purpose}][value=no]").check(force=True)
    person.clicks("Save")
    assert person.cookies - NECESSARY == {"microseg_consent"}
    assert person.goes_to("/").headline == DEFAULT


def test_the_banner_is_small_and_covers_nothing(meet: Meet) -> None:
    page = meet(PHONE).goes_to("/").page
    banner, hero = (page.locator(part).bounding_box() for part in (".consent", ".hero"))
    assert banner is not None
    assert hero is not None
    assert banner["height"] < 200
    assert banner["y"] + banner["height"] <= hero["y"]
    yes, no = (page.get_by_role("button", name=name).bounding_box() for name in ("Yes, remember", "No, do not"))
    assert yes is not None
    assert no is not None
    assert (yes["y"], yes["height"]) == (no["y"], no["height"])
