"""S38: macro fields (place, language, source) and micro fields (products preferred, brands, time since the last order).

Each rule finds the one who is meant, and not the twin who differs in this field alone.
"""

from __future__ import annotations

import pytest

from django_microseg.testing import Line, Shopper, Story, days
from tests.stories.asking import who_is_in

RULES = {
    "country of the address": 'country == "de"',
    "country of the visit": 'last("any", "country") == "de"',
    "language of the browser": 'last("any", "language") == "de"',
    "language chosen": 'language == "de"',
    "source, first touch": 'first("any", "channel") == "social"',
    "source, last touch": 'last("any", "campaign") == "spring"',
    "preferred product": 'top("product_viewed", "product") == "boot-1"',
    "preferred category": 'top("product_viewed", "category", days=90) == "footwear"',
    "brand history": 'count("product_purchased", where(brand="tarnway")) >= 2',
    "last brand": 'last("product_purchased", "brand") == "tarnway"',
    "time since the last order": 'days_since("order_completed") <= 30',
    "macro and micro": (
        'country == "de" and first("any", "channel") == "social"'
        ' and top("product_viewed", "category", days=90) == "footwear" and days_since("order_completed") <= 30'
    ),
}


def tells(who: Shopper, *, country: str, channel: str, campaign: str, product: str, category: str, brand: str) -> None:
    """Two orders and three views; the last order of the twin lies longer ago."""
    who.declares(country=country, language=country)
    ago = -20 if country == "de" else -40
    who.views("sock-1", category="socks", at=days(-60), channel=channel, country=country, language=country)
    who.buys(lines=[Line(product, category, brand, price=60)], at=days(-50), country=country, language=country)
    who.views(product, category=category, at=days(ago), channel="email", campaign=campaign, country=country)
    who.views(product, category=category, language=country)
    who.buys(lines=[Line(product, category, brand, price=60)])


@pytest.mark.parametrize("field", RULES)
def test_field_finds_the_one_who_is_meant(story: Story, field: str) -> None:
    story.segment("meant", RULES[field])
    ann, bob = story.shopper("ann"), story.shopper("bob")
    tells(
        ann, country="de", channel="social", campaign="spring", product="boot-1", category="footwear", brand="tarnway"
    )
    tells(bob, country="fr", channel="search", campaign="autumn", product="tent-1", category="camp", brand="fellside")
    assert who_is_in(story, "meant") == {"ann"}
