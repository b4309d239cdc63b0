from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from django_microseg.collect.arrival import Arrival
from django_microseg.collect.visit import Visit
from django_microseg.profile.visitor_id import (
    VisitorCookie,
    clear_visitor_cookie,
    new_visitor_key,
    set_visitor_cookie,
)

KEY = "abcdefghijklmnopqrstu_"
COOKIE = VisitorCookie(
    visitor_key=KEY,
    sequence=7,
    visit_started_at=1_772_366_400,
    last_active_at=1_772_366_460,
    visit_key="visit-1",
    visit_number=3,
    visit_views=4,
    arrival=Arrival("social", "frühling", "x.com"),
)


def test_new_key_is_128_random_bits_in_22_characters() -> None:
    keys = {new_visitor_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", key) for key in keys)


def test_cookie_survives_the_way_to_the_browser_and_back() -> None:
    assert VisitorCookie.parse(COOKIE.dump()) == COOKIE


def test_dumped_value_may_stand_in_a_cookie_and_is_short() -> None:
    value = COOKIE.dump()
    assert re.fullmatch(r"[A-Za-z0-9_:-]+", value)
    assert len(value) < 250


def test_no_single_changed_character_is_accepted() -> None:
    value = COOKIE.dump()
    forged = [
        value[:at] + other + value[at + 1 :] for at, own in enumerate(value) for other in "AZaz09_-:" if other != own
    ]
    assert len(forged) > 1000
    assert [each for each in forged if VisitorCookie.parse(each)] == []


@pytest.mark.parametrize("value", [None, "", "x", KEY, "a:b", ":", "é" * 30, "A" * 100_000])
def test_what_we_did_not_sign_is_no_cookie(value: str | None) -> None:
    assert VisitorCookie.parse(value) is None


def test_what_another_part_of_the_shop_signed_is_no_cookie() -> None:
    parts = [1, KEY, 7, 1, 2, "v", 1, 1, "", "", ""]
    assert VisitorCookie.parse(signing.Signer().sign_object(parts)) is None
    assert VisitorCookie.parse(signing.Signer(salt="other").sign_object(parts)) is None


@pytest.mark.parametrize(
    "parts",
    [
        [2, KEY, 7, 1, 2, "v", 1, 1, "", "", ""],
        [1, "short", 7, 1, 2, "v", 1, 1, "", "", ""],
        [1, KEY, "7", 1, 2, "v", 1, 1, "", "", ""],
        [1, KEY, 7, 1, 2, "v", 1, 1, "", ""],
        {"key": KEY},
        KEY,
    ],
)
def test_signed_value_of_another_form_is_no_cookie(parts: object) -> None:
    value = signing.Signer(salt="django_microseg.visitor").sign_object(parts)
    assert VisitorCookie.parse(value) is None


def test_cookie_of_an_old_secret_key_counts_while_it_is_a_fallback(settings) -> None:
    settings.SECRET_KEY = "old"
    value = COOKIE.dump()
    settings.SECRET_KEY = "new"
    assert VisitorCookie.parse(value) is None
    settings.SECRET_KEY_FALLBACKS = ["old"]
    assert VisitorCookie.parse(value) == COOKIE


def test_cookie_carries_the_visit_in_whole_seconds() -> None:
    visit = Visit("visit-2", 1_772_366_400_999, 1_772_366_461_500, number=4, views=5)
    carried = VisitorCookie(KEY).with_visit(visit).visit
    assert carried == Visit("visit-2", 1_772_366_400_000, 1_772_366_461_000, number=4, views=5)


def test_new_visitor_carries_no_visit() -> None:
    assert VisitorCookie(KEY).visit is None


def test_long_campaign_is_cut_to_keep_the_cookie_short() -> None:
    long = VisitorCookie(KEY, arrival=Arrival("social", "c" * 500, "r" * 500))
    carried = VisitorCookie.parse(long.dump())
    assert carried is not None
    assert carried.arrival == Arrival("social", "c" * 100, "r" * 100)


def test_cookie_is_set_for_this_site_alone_and_out_of_reach_of_scripts() -> None:
    response = HttpResponse()
    set_visitor_cookie(response, COOKIE, is_secure=True)
    morsel = response.cookies["microseg"]
    assert VisitorCookie.parse(morsel.value) == COOKIE
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"]) == (True, True, "Lax")
    assert morsel["max-age"] == 31_536_000  # 365 days


def test_cookie_over_plain_http_is_not_secure_unless_the_session_is() -> None:
    response = HttpResponse()
    set_visitor_cookie(response, COOKIE, is_secure=False)
    assert bool(response.cookies["microseg"]["secure"]) is settings.SESSION_COOKIE_SECURE


def test_cleared_cookie_is_empty_and_expired() -> None:
    response = HttpResponse()
    clear_visitor_cookie(response)
    morsel = response.cookies["microseg"]
    assert (morsel.value, morsel["max-age"]) == ("", 0)
