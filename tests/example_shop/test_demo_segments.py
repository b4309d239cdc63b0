"""A smaller demo, from the story to the table that `make demo` prints: each ready-made segment has members, as many as
a shop of this kind would have.

A band is a share of the customers (or, where strangers belong to the segment, of all profiles), in per cent.
"""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from django_microseg.segment.presets import PRESETS

CUSTOMERS = 400
NOW = "2026-11-20T12:00:00+00:00"

OF_CUSTOMERS = {
    "big-spenders": (10, 30),
    "browsers": (1, 8),
    "coupon-only-buyers": (2, 8),
    "fans-of-one-kind": (0.2, 4),
    "frequent-buyers": (0.2, 2),
    "lapsing-buyers": (8, 22),
    "long-lookers": (0.2, 4),
    "lost": (15, 30),
    "one-visit-one-order": (6, 18),
    "regular-buyers": (1, 5),
    "vip": (0.5, 5),
}
OF_PROFILES = {
    "abandoned-cart": (0.5, 4),
    "new-visitor-from-social-campaign": (4, 15),
    "recommendation-clickers": (0.5, 5),
    "returning-customer": (25, 60),
}


def _asked(command: str, **options: object) -> str:
    said = StringIO()
    call_command(command, stdout=said, **options)
    return said.getvalue()


def _sizes() -> tuple[int, dict[str, int]]:
    found = json.loads(_asked("microseg_refresh", now=NOW, json=True))
    return found["profiles"], found["segments"]


@pytest.mark.slow
@pytest.mark.django_db
def test_each_preset_has_a_plausible_number_of_members() -> None:
    _asked("shop_demo", customers=CUSTOMERS, now=NOW)
    _asked("microseg_presets", param=["fans-of-one-kind.name=trail-shoes"])
    profiles, sizes = _sizes()
    shares = {slug: round(100 * size / CUSTOMERS, 1) for slug, size in sizes.items() if slug in OF_CUSTOMERS}
    shares |= {slug: round(100 * size / profiles, 1) for slug, size in sizes.items() if slug in OF_PROFILES}
    bands = OF_CUSTOMERS | OF_PROFILES
    assert set(sizes) == set(bands) == set(PRESETS)
    assert {slug: share for slug, share in shares.items() if not bands[slug][0] <= share <= bands[slug][1]} == {}
