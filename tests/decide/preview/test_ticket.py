"""The signed cookie of a preview: what it carries, and that nobody can make one up."""

from __future__ import annotations

import base64
import json

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.decide.preview import ticket
from django_microseg.decide.preview.ticket import Ticket, TicketTooLong

SALT = "django_microseg.preview"
GOOD = Ticket.of(7, [3, 1, 12])


@given(st.text(max_size=40), st.sets(st.integers(min_value=1, max_value=10**9), max_size=50))
def test_ticket_says_again_what_it_was_told(user_key, ids):
    assert Ticket.parse(Ticket.of(user_key, ids).dump()) == Ticket(user_key, tuple(sorted(ids)))


def test_ticket_for_a_stranger_names_no_segment():
    assert Ticket.parse(Ticket.of(7, []).dump()) == Ticket("7", ())


def test_hundreds_of_segments_fit_into_a_cookie():
    every_other = range(1, 1600, 2)
    assert Ticket.parse(Ticket.of(7, every_other).dump()).segment_ids == tuple(every_other)


def test_more_than_a_browser_keeps_is_refused():
    far_apart = [number * number * 7919 for number in range(1, 2000)]
    with pytest.raises(TicketTooLong, match="1999 segments do not fit"):
        Ticket.of(7, far_apart).dump()


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_made_up_value_is_no_ticket(value):
    assert Ticket.parse(value) is None


@given(st.data())
def test_altered_value_is_no_ticket(data):
    value = GOOD.dump()
    at = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != value[at]))
    forged = value[:at] + other + value[at + 1 :]
    assert Ticket.parse(forged) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_parts_of_two_tickets_make_no_third(cut, join):
    one, two = GOOD.dump(), Ticket.of(8, [1]).dump()
    forged = one[:cut] + two[join:]
    assert forged in (one, two) or Ticket.parse(forged) is None


@given(st.text(min_size=1, max_size=40).filter(lambda salt: salt != SALT))
def test_value_that_the_shop_signed_for_something_else_is_no_ticket(salt):
    assert Ticket.parse(signing.dumps([1, "7", [1]], salt=salt, compress=True)) is None


@given(st.text(min_size=1, max_size=60).filter(lambda key: key != "insecure-example-shop-key"))
def test_value_signed_with_another_key_is_no_ticket(key):
    assert Ticket.parse(signing.dumps([1, "7", [1]], key=key, salt=SALT)) is None


@pytest.mark.parametrize(
    "parts",
    [
        [2, "7", [1]],
        [1, 7, [1]],
        [1, "7", ["1"]],
        [1, "7"],
        [1, "7", [1], "more"],
        {"1": "7"},
        None,
        "7",
    ],
)
def test_content_of_another_form_is_no_ticket(parts):
    assert Ticket.parse(signing.dumps(parts, salt=SALT)) is None


def test_unsigned_content_is_no_ticket():
    content = base64.urlsafe_b64encode(json.dumps([1, "7", [1]]).encode()).decode().strip("=")
    assert Ticket.parse(f"{content}:1abcde:{'a' * 43}") is None


@pytest.mark.parametrize(("later", "is_good"), [(3599, True), (3601, False)])
def test_ticket_lives_for_an_hour(monkeypatch, later, is_good):
    value = GOOD.dump()
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + later)
    assert (Ticket.parse(value) == GOOD) is is_good


def test_keys_that_were_in_use_before_are_honoured(settings):
    value = GOOD.dump()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert Ticket.parse(value) == GOOD


def test_cookie_is_named_after_the_visitors(settings):
    settings.MICROSEG = {"COOKIE_NAME": "shop"}
    assert ticket.cookie_name() == "shop_preview"
