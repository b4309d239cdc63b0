"""How somebody came: campaign parameters, click ids, referring sites. Channels follow GA4's groups."""

from __future__ import annotations

import pytest

from django_microseg.collect.arrival import CHANNELS, Arrival, read_arrival

SHOP = "shop.example:8000"


@pytest.mark.parametrize(
    ("query", "referrer", "arrival"),
    [
        ({}, "", Arrival("direct")),
        ({"utm_source": "instagram", "utm_medium": "paid", "utm_campaign": "Spring"}, "", Arrival("social", "spring")),
        ({"utm_source": "google", "utm_medium": "cpc"}, "", Arrival("ads")),
        ({"utm_source": "letter", "utm_medium": "e-mail"}, "", Arrival("email")),
        ({"utm_source": "app", "utm_medium": "push"}, "", Arrival("push")),
        ({"utm_source": "blog", "utm_medium": "affiliate"}, "", Arrival("affiliate")),
        ({"utm_source": "poster"}, "", Arrival("campaign")),
        ({"utm_source": "google", "utm_medium": "organic"}, "", Arrival("search")),
        ({"gclid": "x"}, "https://www.google.com/", Arrival("ads", "", "www.google.com")),
        ({"fbclid": "x"}, "https://l.facebook.com/l.php", Arrival("social", "", "l.facebook.com")),
        ({}, "https://www.google.co.uk/search?q=a", Arrival("search", "", "www.google.co.uk")),
        ({}, "https://duckduckgo.com/", Arrival("search", "", "duckduckgo.com")),
        ({}, "https://t.co/abc", Arrival("social", "", "t.co")),
        ({}, "https://mail.google.com/mail/u/0/", Arrival("email", "", "mail.google.com")),
        ({}, "https://blog.example.org/boots", Arrival("referral", "", "blog.example.org")),
        ({}, "https://shop.example:8000/boots", Arrival()),
        ({"utm_campaign": "spring"}, "https://shop.example:8000/", Arrival("", "spring")),
    ],
)
def test_arrival_is_read_from_what_the_request_says(query, referrer, arrival):
    assert read_arrival(query, referrer, SHOP) == arrival


@pytest.mark.parametrize("address", ["https://[::1", "nonsense", "https://", "javascript:alert(1)", "\x00"])
def test_broken_referrer_is_no_site(address):
    assert read_arrival({}, address, SHOP).referrer == ""


def test_site_whose_name_only_ends_like_a_network_is_a_referral():
    assert read_arrival({}, "https://netflix.com/", SHOP).channel == "referral"


def test_control_characters_and_length_of_a_campaign_are_cut():
    arrival = read_arrival({"utm_campaign": "a\x00b" + "c" * 300}, "", SHOP)
    assert arrival.campaign == "ab" + "c" * 198


def test_link_in_the_shop_says_nothing_new():
    assert not read_arrival({}, "https://shop.example:8000/", SHOP).is_campaign


def test_social_network_says_something_new():
    assert read_arrival({}, "https://t.co/x", SHOP).is_campaign


def test_every_channel_is_listed():
    assert set(CHANNELS) == {
        "direct", "search", "ads", "social", "email", "push", "affiliate", "referral", "campaign",
    }  # fmt: skip
