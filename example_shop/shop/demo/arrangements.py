"""What the demo's marketer has set up besides heroes: the order in which visitors see categories, a word about carts.

Everything is found by its slug, so running it again changes nothing that is there already, not even what somebody has
edited since.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience

__all__ = ["add_arrangements"]


def _order(slug: str, name: str, segment: str, keys: list[str], priority: int) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": name,
        "slot": "category-order",
        "kind": Experience.Kind.ORDER,
        "segments": [segment],
        "order_keys": keys,
        "priority": priority,
    }


ARRANGEMENTS: tuple[dict[str, Any], ...] = (
    _order("order-eco", "Eco-friendly footwear first", "eco-evening-browsers", ["eco-footwear", "sandals"], 30),
    _order("order-trail", "Trail shoes first, then socks", "trail-browsers", ["trail-shoes", "socks"], 20),
    _order("order-big-spenders", "Jackets and rucksacks first", "big-spenders", ["jackets", "rucksacks", "boots"], 10),
    {
        "slug": "strip-cart",
        "name": "Still in your cart",
        "slot": "cart-reminder",
        "segments": ["abandoned-cart"],
        "template_name": "shop/strips/cart.html",
    },
)


def add_arrangements(now: datetime) -> int:
    """Make them live; returns how many are new."""
    known = set(Experience.objects.values_list("slug", flat=True))
    new = [fields for fields in ARRANGEMENTS if fields["slug"] not in known]
    for fields in new:
        experience = Experience(state=Experience.State.LIVE, **fields)
        experience.full_clean()
        save_experience(experience, now=now)
    return len(new)
