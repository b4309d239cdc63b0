"""One person has one address however they write it, and two people have two."""

from __future__ import annotations

import pytest

from django_microseg.decide.offers.normal_email import normal_email


@pytest.mark.parametrize(
    "text",
    [
        "hannah@example.com",
        " hannah@example.com\t",
        "HANNAH@Example.COM",
        "hannah+shop@example.com",
        "hannah+shop+again@example.com",
        "hannah+@example.com",
        "\uff48annah@example.com",
    ],
)
def test_one_person_is_one_address(text):
    assert normal_email(text) == "hannah@example.com"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("han.nah@example.com", "han.nah@example.com"),
        ("hannah@example.org", "hannah@example.org"),
        ("+tag@example.com", "+tag@example.com"),
        ('"a@b"+c@example.com', '"a@b"@example.com'),
        ("hannah+tag", "hannah+tag"),
        ("straße@example.com", "strasse@example.com"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_others_stay_apart(text, plain):
    assert normal_email(text) == plain


def test_endless_text_is_cut():
    assert len(normal_email("a" * 10_000)) == 320


@pytest.mark.parametrize("text", ["hannah+x@example.com", "+t+u@e", "A@B@C"])
def test_normal_address_stays_as_it_is(text):
    assert normal_email(normal_email(text)) == normal_email(text)
