"""What the demo's marketer has set up: segments of the shop's own, who sees which hero, and offers.

Comes in: nothing but an instant. Everything is found by its slug, so running it again changes
nothing that is there already, not even what somebody has edited since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.decide.offers.publish import save_offer
from django_microseg.decide.publish import save_experience
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse

__all__ = ["add_heroes", "add_offers", "add_segments"]

SEGMENTS = {
    "trail-browsers": (
        "Looking at trail shoes",
        'count("product_viewed", where(category="trail-shoes"), days=7) >= 2',
    ),
    "eco-evening-browsers": (
        "Eco-minded, in the evening, on a phone",
        'count("product_viewed", where(attribute="eco-friendly", device="mobile", local_hour=at_least(20))) >= 1',
    ),
}

NEWCOMERS = "new-visitor-from-social-campaign"


@dataclass(frozen=True, slots=True)
class _Hero:
    slug: str
    name: str
    segments: tuple[str, ...]
    template: str
    priority: int
    promotes: tuple[str, ...] = ()
    offer: str = ""


#: A hero that promotes products is shown while one of them is in stock.
HEROES = (
    _Hero("hero-first-order", "First order discount", (NEWCOMERS,), "first_order", 40, offer="welcome"),
    _Hero(
        "hero-eco", "Eco-friendly footwear", ("eco-evening-browsers",), "eco_footwear", 30,
        promotes=("fernhollow-drift", "fernhollow-orchard", "fernhollow-plain"),
    ),
    _Hero(
        "hero-trail", "Trail shoes", ("trail-browsers",), "trail", 20,
        promotes=("tarnway-catbells", "tarnway-sharp-edge", "tarnway-long-meg"),
    ),
    _Hero("hero-loyalty", "Thank you for coming back", ("vip", "regular-buyers"), "loyalty", 10),
)  # fmt: skip


OFFERS: tuple[dict[str, Any], ...] = (
    {
        "slug": "welcome",
        "name": "Ten per cent off a first order",
        "headline": "Ten per cent off your first order",
        "text": "Send anything back within sixty days, walked in or not.",
        "percent_hundredths": 1000,
        "is_first_order": True,
        "code": "WELCOME10",
        "segments": [NEWCOMERS],
    },
    {
        "slug": "thanks",
        "name": "Five per cent off the next order",
        "headline": "Five per cent off, with our thanks",
        "percent_hundredths": 500,
        "code": "THANKS5",
    },
    {
        "slug": "regulars",
        "name": "Five pounds for regular customers",
        "headline": "Five pounds off, for coming back",
        "kind": Offer.Kind.AMOUNT,
        "amount_minor": 500,
        "minimum_minor": 7500,
        "segments": ["vip", "regular-buyers"],
    },
)


def add_segments(now: datetime) -> int:
    """Put the shop's own segments in force; returns how many are new."""
    new = []
    for slug, (name, rule) in SEGMENTS.items():
        segment, is_new = Segment.objects.get_or_create(slug=slug, defaults={"name": name})
        if is_new:
            save_definition(segment, to_json(parse(rule)), now=now, author="demo")
            new.append(segment)
    activate(new, now=now)
    return len(new)


def add_heroes(now: datetime) -> int:
    """Make the experiences of the home page live; returns how many are new."""
    known = set(Experience.objects.values_list("slug", flat=True))
    new = [hero for hero in HEROES if hero.slug not in known]
    for hero in new:
        experience = Experience(
            slug=hero.slug,
            name=hero.name,
            slot="home-hero",
            state=Experience.State.LIVE,
            segments=list(hero.segments),
            template_name=f"shop/heroes/{hero.template}.html",
            offer=hero.offer,
            priority=hero.priority,
            product_keys=list(hero.promotes),
        )
        experience.full_clean()
        save_experience(experience, now=now)
    return len(new)


def add_offers(now: datetime) -> int:
    """Make the offers live; returns how many are new."""
    known = set(Offer.objects.values_list("slug", flat=True))
    new = [Offer(state=Offer.State.LIVE, **fields) for fields in OFFERS if fields["slug"] not in known]
    for offer in new:
        offer.full_clean()
        save_offer(offer, now=now)
    return len(new)
