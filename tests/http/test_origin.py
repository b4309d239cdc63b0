"""Who may send what changes something, and who may read the answer."""

from __future__ import annotations

import pytest

from django_microseg.http.origin import cors_headers, may_send

OWN, PARTNER, EVIL = "https://shop.example", "https://www.partner.example", "https://evil.example"


@pytest.mark.parametrize(
    ("origin", "fetch_site", "is_welcome"),
    [
        (OWN, "same-origin", True),
        (None, "same-origin", True),
        (None, "none", True),
        (None, None, True),
        (OWN, None, True),
        (PARTNER, "cross-site", True),
        (PARTNER, None, True),
        (EVIL, "cross-site", False),
        (EVIL, None, False),
        ("null", "cross-site", False),
        ("null", None, False),
        (OWN, "cross-site", False),
        (EVIL, "same-site", False),
        (None, "cross-site", False),
    ],
)
def test_only_pages_of_the_shop_and_of_named_origins_may_send(origin, fetch_site, is_welcome):
    assert may_send(origin=origin, fetch_site=fetch_site, own=OWN, allowed=[PARTNER]) is is_welcome


def test_only_named_origins_may_read():
    assert cors_headers(PARTNER, [PARTNER])["Access-Control-Allow-Origin"] == PARTNER
    for origin in (EVIL, OWN, "null", None):
        assert cors_headers(origin, [PARTNER]) == {}
