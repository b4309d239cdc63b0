"""S30, word for word: "returning female customers 28-32 who browsed eco-friendly footwear on mobile after 8 pm".

A text rule. The browsing is one filter on one past event: attribute and category of the product, the device, and the
hour on the visitor's own clock. The age follows from the birthday. For each condition stands a twin of the one who is
meant, who fails only there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from django_microseg.testing import Shopper, Story, days
from tests.stories.asking import who_is_in

ECO = "eco-footwear"
#: A customer is returning if they ordered or came before. This is `segment("returning-customer")` without the moment's
#: visit number, so that table and page can be compared; the last test uses the ready-made segment itself.
RULE = (
    '(count("order_completed") >= 1 or distinct("any", "visit") >= 2)'
    ' and gender == "female" and 28 <= age <= 32'
    ' and count("product_viewed", where(category="footwear", attribute="eco-friendly", device="mobile",'
    " local_hour=at_least(20))) >= 1"
)
#: She is 30 on 1 March 2026.
BIRTHDAY = dt.date(1995, 6, 15)
VIEW: dict[str, Any] = {
    "category": "footwear",
    "attributes": ["eco-friendly", "waterproof"],
    "device": "mobile",
    "hour": 20,
    "minute": 0,
    "at": days(-3),
}


def someone(
    story: Story,
    name: str,
    *,
    timezone: str = "",
    gender: str = "female",
    birthday: dt.date = BIRTHDAY,
    returns: bool = True,
    **view: Any,
) -> Shopper:
    """The customer whom the sentence means, but for what is said otherwise."""
    who = story.shopper(name, timezone=timezone).declares(gender=gender, birthday=birthday)
    if returns:
        who.opens_page("/", at=days(-9), device="desktop", hour=10)
    return who.views("trail-shoe", **VIEW | view)


@pytest.fixture
def shop(story: Story) -> Story:
    story.segment(ECO, RULE)
    someone(story, "meant")
    return story


def test_twin_who_is_here_for_the_first_time_is_excluded(shop: Story) -> None:
    someone(shop, "new", returns=False)
    assert who_is_in(shop, ECO) == {"meant"}


def test_twin_who_returned_by_an_order_alone_is_included(shop: Story) -> None:
    someone(shop, "buyer", returns=False).buys(total=20, at=days(-90), visit="")
    assert who_is_in(shop, ECO) == {"meant", "buyer"}


@pytest.mark.parametrize("gender", ["male", "diverse"])
def test_twin_of_another_gender_is_excluded(shop: Story, gender: str) -> None:
    someone(shop, "other", gender=gender)
    assert who_is_in(shop, ECO) == {"meant"}


def test_twin_who_did_not_say_is_excluded(shop: Story) -> None:
    someone(shop, "silent").declares(gender=None)
    someone(shop, "ageless").declares(birthday=None)
    assert who_is_in(shop, ECO) == {"meant"}


@pytest.mark.parametrize(
    ("birthday", "is_in"),
    [
        (dt.date(1998, 3, 2), False),  # 28 tomorrow
        (dt.date(1998, 3, 1), True),  # 28 today
        (dt.date(1998, 2, 28), True),
        (dt.date(1999, 1, 1), False),  # 27
        (dt.date(1993, 3, 2), True),  # 33 tomorrow
        (dt.date(1993, 3, 1), False),  # 33 today
        (dt.date(1992, 7, 1), False),
    ],
)
def test_age_follows_from_the_birthday(shop: Story, birthday: dt.date, is_in: bool) -> None:
    someone(shop, "twin", birthday=birthday)
    assert who_is_in(shop, ECO) == ({"meant", "twin"} if is_in else {"meant"})


def test_twin_enters_on_her_28th_birthday_and_leaves_on_her_33rd_at_the_shops_midnight(shop: Story) -> None:
    someone(shop, "young", birthday=dt.date(1998, 3, 2))
    someone(shop, "old", birthday=dt.date(1993, 3, 2))
    shop.now = dt.datetime(2026, 3, 1, 23, 59, 59, 999_000, tzinfo=dt.UTC)
    assert who_is_in(shop, ECO) == {"meant", "old"}
    shop.wait(dt.timedelta(milliseconds=1))
    assert who_is_in(shop, ECO) == {"meant", "young"}


@pytest.mark.parametrize(
    "view",
    [
        {"attributes": ["waterproof"]},
        {"attributes": []},
        {"attributes": ["eco"]},
        {"category": "jackets"},
        {"device": "desktop"},
        {"device": "tablet"},
        {"hour": 19, "minute": 59},
        {"hour": 0},
    ],
    ids=str,
)
def test_twin_whose_browsing_differs_in_one_thing_is_excluded(shop: Story, view: dict[str, Any]) -> None:
    someone(shop, "twin", **view)
    assert who_is_in(shop, ECO) == {"meant"}


def test_hour_is_that_of_the_visitors_own_clock(shop: Story) -> None:
    """London is at 20:59 when the Azores are at 19:59, and at 19:00 when Berlin is at 20:00."""
    someone(shop, "ponta-delgada", timezone="Atlantic/Azores", hour=19, minute=59)
    someone(shop, "berlin", timezone="Europe/Berlin", hour=20, minute=0)
    someone(shop, "azores-later", timezone="Atlantic/Azores", hour=20, minute=0)
    someone(shop, "berlin-earlier", timezone="Europe/Berlin", hour=19, minute=59)
    assert who_is_in(shop, ECO) == {"meant", "berlin", "azores-later"}


def test_both_halves_on_two_different_events_are_not_enough(shop: Story) -> None:
    twin = someone(shop, "twin", device="desktop", hour=11)  # eco-friendly footwear, at the desk before noon
    twin.views("rain-coat", **VIEW | {"category": "jackets", "attributes": []})  # on the phone after eight
    twin.views("heel", **VIEW | {"attributes": ["leather"], "minute": 5})  # footwear, but not eco-friendly
    twin.views("eco-bag", **VIEW | {"category": "packs", "minute": 9})  # eco-friendly, but not footwear
    assert who_is_in(shop, ECO) == {"meant"}


def test_capital_letters_do_not_matter(shop: Story) -> None:
    someone(shop, "twin", gender="Female", attributes=["Eco-Friendly"], category="Footwear")
    assert who_is_in(shop, ECO) == {"meant", "twin"}


def test_with_the_ready_made_segment_for_returning_the_page_knows_the_visit_too(story: Story) -> None:
    story.preset("returning-customer")
    _, rest = RULE.split(" and ", 1)
    story.segment(ECO, f'segment("returning-customer") and {rest}')
    meant, new = someone(story, "meant"), someone(story, "new", returns=False)
    story.sweep()
    assert story.members(ECO) == {"meant"}
    assert ECO in meant.segments(visit_number=2)
    assert ECO not in new.segments(visit_number=1)
    assert ECO in new.segments(visit_number=2)
