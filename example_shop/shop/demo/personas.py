"""The kinds of people in the demo story, as figures: how often they come, what they like, how they buy. Pure data.

The figures are set by hand, so that a shop of this kind looks plausible: four visits in a hundred end with an order,
six carts in ten are left, a tenth of the buyers bring in two fifths of the money, and each ready-made segment has
somebody in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ANONYMOUS", "DECK", "PERSONAS", "Persona"]

_EVEN = {
    "trail-shoes": 2.0,
    "boots": 2.0,
    "eco-footwear": 1.6,
    "sandals": 1.0,
    "socks": 1.6,
    "rucksacks": 1.2,
    "jackets": 1.5,
    "bottles-and-lights": 1.4,
}
_DAYTIME = (0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 5, 6, 8, 7, 5, 5, 5, 6, 7, 8, 8, 7, 4, 1)
_EVENING = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 12, 14, 9, 2)
_MORNING = (0, 0, 0, 0, 0, 1, 4, 8, 10, 10, 8, 6, 4, 3, 3, 3, 4, 4, 3, 3, 2, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Persona:
    """One kind of person.

    `gap_days` is the median time between orders while active; None for people who never buy, or buy once or twice.
    `visits` is the mean number of visits that bring no order. `active` gives, as shares of the days told, the
    earliest and latest end of their activity, counted back from now: (0, 0) is active to this day, and what is drawn
    below 0 counts as 0. `known` gives how long before that end they began, as shares of what is left.
    """

    name: str
    visits: float
    orders: tuple[int, int] = (0, 0)
    gap_days: float | None = None
    active: tuple[float, float] = (0.0, 0.0)
    known: tuple[float, float] = (0.08, 1.0)
    tastes: dict[str, float] = field(default_factory=lambda: dict(_EVEN))
    favourite: float = 2.0
    price: str = "any"
    basket: float = 0.9
    pages: float = 3.0
    dwell: float = 22.0
    coupons: float = 0.12
    recommendations: float = 0.05
    abandons: float = 0.06
    bounces: float = 0.45
    hours: tuple[int, ...] = _DAYTIME
    weekend: float = 1.4
    mobile: float = 0.58
    female: float = 0.5
    ages: tuple[int, int] = (19, 72)

    @property
    def may_never_buy(self) -> bool:
        return self.orders[0] == 0 and self.gap_days is None


PERSONAS: dict[str, Persona] = {
    persona.name: persona
    for persona in (
        Persona(
            "window shopper",
            visits=9.0,
            active=(-0.3, 0.7),
            known=(0.05, 0.6),
            pages=3.0,
            dwell=38,
            recommendations=0.15,
            abandons=0.05,
        ),
        Persona(
            "weekend regular",
            visits=11.0,
            gap_days=112,
            known=(0.4, 1.0),
            favourite=9.0,
            pages=2.2,
            hours=_MORNING,
            weekend=4.0,
            tastes=_EVEN | {"trail-shoes": 4.0, "socks": 5.0},
            ages=(24, 58),
        ),
        Persona(
            "new enthusiast",
            visits=14.0,
            gap_days=12,
            known=(0.1, 0.25),
            favourite=5.0,
            pages=4.0,
            hours=_MORNING,
            weekend=3.0,
            dwell=34,
            ages=(20, 44),
        ),
        Persona(
            "coupon hunter",
            visits=8.0,
            orders=(1, 3),
            active=(-0.3, 0.4),
            known=(0.2, 1.0),
            coupons=1.0,
            price="cheap",
            abandons=0.15,
            female=0.6,
        ),
        Persona(
            "big spender",
            visits=8.0,
            orders=(1, 3),
            active=(-0.3, 0.4),
            known=(0.2, 1.0),
            price="dear",
            basket=2.0,
            dwell=34,
            coupons=0.02,
            mobile=0.35,
            ages=(34, 69),
        ),
        Persona(
            "patron",
            visits=16.0,
            gap_days=37,
            known=(0.5, 1.0),
            price="dear",
            basket=1.7,
            coupons=0.03,
            favourite=3.0,
            ages=(32, 66),
        ),
        Persona("lapsed", visits=5.0, gap_days=110, known=(0.4, 1.0), active=(0.26, 0.7), favourite=3.0),
        Persona("cart leaver", visits=5.0, orders=(0, 1), abandons=0.6, active=(-0.3, 0.7), mobile=0.72),
        Persona(
            "eco-minded evening phone browser",
            visits=9.0,
            orders=(0, 1),
            tastes=_EVEN | {"eco-footwear": 14.0, "sandals": 2.0},
            pages=4.2,
            dwell=46,
            hours=_EVENING,
            mobile=0.97,
            female=0.78,
            ages=(24, 38),
            weekend=1.0,
            recommendations=0.08,
        ),
        Persona("one-timer", visits=0.0, orders=(1, 1), active=(-0.2, 0.9), known=(0.02, 0.2), coupons=0.3),
        Persona("casual", visits=5.0, orders=(0, 2), active=(-0.3, 0.8), known=(0.1, 0.8), abandons=0.12),
    )
}

ANONYMOUS = Persona(
    "anonymous",
    visits=2.6,
    active=(-0.1, 1.0),
    known=(0.02, 0.2),
    pages=1.0,
    bounces=0.78,
    dwell=15,
    abandons=0.05,
    recommendations=0.04,
    mobile=0.66,
)

# Who is who, per fifty customers; dealt out in turn, so that any fifty customers in a row hold every kind.
_COUNTS = {
    "window shopper": 17,
    "new enthusiast": 1,
    "weekend regular": 3,
    "coupon hunter": 3,
    "big spender": 2,
    "patron": 1,
    "lapsed": 4,
    "cart leaver": 5,
    "eco-minded evening phone browser": 4,
    "one-timer": 6,
    "casual": 4,
}


def _dealt() -> tuple[Persona, ...]:
    """The counts above, spread evenly: the k-th of n stands at the share (k + 1/2) / n of the deck."""
    places = sorted(((k + 0.5) / count, name) for name, count in _COUNTS.items() for k in range(count))
    return tuple(PERSONAS[name] for _, name in places)


DECK: tuple[Persona, ...] = _dealt()
