"""What the demo's marketer has set up besides heroes: the order in which visitors see categories, a word about carts.

Everything is found by its slug, so running it again changes nothing that is there already, not even what somebody has
edited since.
"""

from __future__ import annotations

from typing import Any

from django_microseg.setup import add_experience

__all__ = ["add_arrangements"]


def _order(slug: str, name: str, segment: str, keys: list[str], priority: int) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": name,
        "slot": "category-order",
        "kind": "order",
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


def add_arrangements() -> int:
    """Make them live; returns how many are new."""
    return sum(add_experience(**fields) for fields in ARRANGEMENTS)
