"""Points: one for each full pound of goods in orders that stand, over a year. What they are called and what they are
good for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import Order

__all__ = ["TIERS", "Standing", "Tier", "standing_of"]

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    points: int
    perk: str


TIERS: tuple[Tier, ...] = (
    Tier("Stroller", 0, "Every repair at cost price."),
    Tier("Rambler", 200, "New laces and insoles free with every resole."),
    Tier("Fellwalker", 500, "One resole a year on us."),
)


@dataclass(frozen=True, slots=True)
class Standing:
    points: int
    tier: Tier
    next_tier: Tier | None

    @property
    def missing_points(self) -> int:
        return self.next_tier.points - self.points if self.next_tier else 0


def standing_of(orders: Iterable[Order], now: datetime) -> Standing:
    counted = [order for order in orders if order.status == Order.Status.PLACED and now - YEAR < order.placed_at <= now]
    points = sum(int(order.revenue) for order in counted)
    tier = max((tier for tier in TIERS if tier.points <= points), key=lambda tier: tier.points)
    above = [tier for tier in TIERS if tier.points > points]
    return Standing(points, tier, above[0] if above else None)
