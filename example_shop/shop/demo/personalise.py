"""What the demo's marketer has set up: segments of the shop's own, who sees which hero, and offers.

Everything is found by its slug, so running it again changes nothing that is there already, not even what somebody has
edited since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_microseg import setup
from django_microseg.setup import NewSegment

__all__ = ["add_heroes", "add_offers", "add_questions", "add_segments", "open_shop"]

SEGMENTS = (
    NewSegment(
        "trail-browsers",
        "Looking at trail shoes",
        'count("product_viewed", where(category="trail-shoes"), days=7) >= 2',
    ),
    NewSegment(
        "eco-evening-browsers",
        "Eco-minded, in the evening, on a phone",
        'count("product_viewed", where(attribute="eco-friendly", device="mobile", local_hour=at_least(20))) >= 1',
    ),
    NewSegment(
        "order-under-way",
        "Ordered in the last days",
        'count("order_completed", days=5) >= 1',
        "Whoever waits for a parcel wants to hear of it, and of nothing else just now.",
    ),
)

QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "fact": "interest",
        "wording": "What do you want to do outside?",
        "choices": "walking = Walk\nrunning = Run\nclimbing = Climb\ntown = Mostly be in town",
        "help_text": "So that we show you that first. One tap, and we never ask again.",
        "position": 1,
    },
    {
        "fact": "price_sensitivity",
        "wording": "What matters more to you?",
        "choices": "high = A good price\nlow = That it lasts\nmedium = Depends on the day",
        "position": 2,
    },
)

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
    _Hero("hero-after-order", "A parcel is under way", ("order-under-way",), "after_order", 50),
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
        "kind": "amount",
        "amount_minor": 500,
        "minimum_minor": 7500,
        "segments": ["vip", "regular-buyers"],
    },
)


def open_shop(now: datetime) -> None:
    """Put the ready-made segments and the shop's own in force at a moment of the story."""
    setup.add_presets(parameters={"fans-of-one-kind": {"name": "trail-shoes"}}, now=now)
    add_segments(now=now)


def add_segments(now: datetime | None = None) -> int:
    """Put the shop's own segments in force; returns how many are new."""
    return len(setup.add_segments(*SEGMENTS, now=now))


def add_heroes() -> int:
    """Make the experiences of the home page live; returns how many are new."""
    return sum(
        setup.add_experience(
            hero.slug,
            name=hero.name,
            slot="home-hero",
            segments=list(hero.segments),
            template_name=f"shop/heroes/{hero.template}.html",
            offer=hero.offer,
            priority=hero.priority,
            product_keys=list(hero.promotes),
        )
        for hero in HEROES
    )


def add_offers() -> int:
    """Make the offers live; returns how many are new."""
    return sum(setup.add_offer(**fields) for fields in OFFERS)


def add_questions() -> int:
    """Ask visitors what only they know; returns how many questions are new."""
    return sum(setup.add_question(**fields) for fields in QUESTIONS)
