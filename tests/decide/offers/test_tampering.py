"""No price depends on what a browser says of itself: whatever it sends, the quote is the same."""

from __future__ import annotations

import itertools
import json

import pytest
from django.test import Client

from tests.decide.offers.conftest import quote
from tests.doors.browsers import consenting

pytestmark = pytest.mark.django_db

NAMES = [
    "segment", "segments", "microseg_segments", "is_member", "member", "offer", "offers", "discount", "amount", "total",
    "profile", "profile_key", "visitor", "visitor_key", "customer_key", "customer", "user", "user_id", "is_staff",
    "first_order", "is_first_order", "preview", "microseg_preview", "context", "price",
]  # fmt: skip
VALUES = ["buyers", '["buyers"]', "1", "own", "hannah", "999.99", "-80"]


@pytest.fixture
def member(shopper, buyers, make_offer) -> Client:
    """Whoever put something into the cart gets ten per cent by itself."""
    make_offer("own", "buyers")
    shopper.post("/add/")
    return shopper


def _tampered(name: str, value: str) -> list[dict[str, object]]:
    """One lie, told in every place where a request can tell it."""
    outsider = consenting()
    by_cookie = consenting()
    by_cookie.cookies[name] = value
    return [
        outsider.post(f"/quote/?{name}={value}").json(),
        quote(outsider, **{name: value}),
        by_cookie.post("/quote/").json(),
        outsider.post("/quote/", headers={name.replace("_", "-"): value}).json(),
        outsider.post("/quote/", json.dumps({name: value}), content_type="application/json").json(),
    ]


def test_eight_hundred_lies_change_no_price(member):
    honest = quote(consenting())
    answers = [answer for lie in itertools.product(NAMES, VALUES) for answer in _tampered(*lie)]
    assert len(answers) == 875
    assert [answer for answer in answers if answer != honest] == []
    assert quote(member)["lines"] == {"own": "8.00"}


def test_visitor_cookie_that_we_did_not_sign_is_nobody(member):
    signed = member.cookies["microseg"].value
    flipped = ("A" if signed[0] != "A" else "B") + signed[1:]
    lies = [flipped, signed[:-1], signed + "x", signed.upper(), "", signed.partition(":")[0]]
    for lie in lies:
        liar = consenting()
        liar.cookies["microseg"] = lie
        assert quote(liar)["lines"] == {}
    twin = consenting()
    twin.cookies["microseg"] = signed
    assert quote(twin)["lines"] == {"own": "8.00"}


def test_number_of_a_cart_that_the_shop_did_not_name_changes_nothing(stranger, make_offer):
    make_offer("tenth", code="TENTH")
    assert quote(stranger, code="TENTH", cart="other", cart_total="9999")["total"] == "8.00"
