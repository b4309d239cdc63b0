"""What the demo's marketer has set up: segments of the shop's own, and who sees which hero.

Comes in: nothing but an instant. Everything is found by its slug, so running it again changes
nothing that is there already, not even what somebody has edited since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse

__all__ = ["add_heroes", "add_segments"]

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


@dataclass(frozen=True, slots=True)
class _Hero:
    slug: str
    name: str
    segments: tuple[str, ...]
    template: str
    priority: int


HEROES = (
    _Hero("hero-first-order", "First order discount", ("new-visitor-from-social-campaign",), "first_order", 40),
    _Hero("hero-eco", "Eco-friendly footwear", ("eco-evening-browsers",), "eco_footwear", 30),
    _Hero("hero-trail", "Trail shoes", ("trail-browsers",), "trail", 20),
    _Hero("hero-loyalty", "Thank you for coming back", ("vip", "regular-buyers"), "loyalty", 10),
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
            priority=hero.priority,
        )
        experience.full_clean()
        save_experience(experience, now=now)
    return len(new)
