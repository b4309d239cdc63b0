"""Where members of the loyalty programme stand by the shop's own word, as facts.

A sweep asks the shop's adapter for customers who ordered, gave back or logged in since the last time; a shop whose
adapter knows of no programme is not asked. The shop's balance is the last that somebody named (`loyalty`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator

from ..collect.voids import VOIDING
from ..shop.adapter import ShopAdapter
from ..shop.current import current_shop
from .facts import Declaration, set_facts
from .follow import followed_people
from .models import Profile

__all__ = ["SOURCE", "follow_loyalty"]

SOURCE = "shop"
_NAME = "loyalty"
#: After which the shop may say something else.
_EVENTS = frozenset({*VOIDING, "order_completed", "logged_in", "customer_identified", "loyalty_joined"})


def follow_loyalty(now: dt.datetime, *, seconds: float = 60.0, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Ask for whoever did something since the last time; gives how many people."""
    shop = current_shop()
    if type(shop).loyalty is ShopAdapter.loyalty:
        return 0
    done = 0
    for people in followed_people(_NAME, now, events=_EVENTS, seconds=seconds, should_stop=should_stop):
        set_facts(_declared(shop, people), now=now)
        done += len(people)
    return done


def _declared(shop: ShopAdapter, profile_ids: Collection[int]) -> Iterator[Declaration]:
    rows = Profile.objects.filter(pk__in=profile_ids, customer_key__isnull=False)
    customers = {str(key): pk for key, pk in rows.values_list("customer_key", "pk")}
    standing = shop.loyalty(sorted(customers)) if customers else {}
    for key, info in sorted(standing.items()):
        if key in customers:
            if info.tier.strip():
                yield Declaration(customers[key], "tier", info.tier, SOURCE)
            if info.points is not None:
                yield Declaration(customers[key], "loyalty_points", info.points, SOURCE)
