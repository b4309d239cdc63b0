"""A year of a small shop, made up: some three hundred customers, as unlike each other as real ones, and visitors.

Pure: the same number, seed and now give the same events, in order of time. Most come seldom and a few very often; they
come in waves, by day and by evening; orders are paid back, cancelled, and paid in foreign money that has no rate. At
the end stand people made for the edge of a window, to the millisecond.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django_microseg.collect.incoming import IncomingEvent

__all__ = ["NOW", "edge_cases", "population"]

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MILLISECOND = dt.timedelta(milliseconds=1)

PRODUCTS = {
    "footwear": ("tarnway", "karstwell", "ridgeline"),
    "jackets": ("tarnway", "ridgeline"),
    "camp": ("karstwell", "fellside"),
    "packs": ("fellside",),
}
CHANNELS = (("direct", ""), ("social", "spring"), ("social", ""), ("email", "newsletter-2"), ("search", "boots"))


@dataclass(frozen=True, slots=True)
class Kind:
    """How a sort of people behaves. ``gap_days``: between visits; ``quiet_days``: since the last one."""

    weight: int
    gap_days: tuple[float, float]
    quiet_days: tuple[float, float]
    visits: int
    buys: float
    coupon: float = 0.15
    leaves_cart: float = 0.1
    clicks: float = 0.05
    pages: int = 4
    price: int = 30
    taste: str = ""


KINDS = {
    "regular": Kind(12, (9, 25), (0, 25), 30, 0.7),
    "heavy": Kind(7, (3, 8), (0, 12), 60, 0.75, price=45, pages=5),
    "frugal": Kind(9, (20, 50), (0, 80), 9, 0.6, coupon=1.0, price=15),
    "half frugal": Kind(5, (12, 30), (0, 60), 12, 0.7, coupon=0.6, price=18),
    "lapsing": Kind(12, (15, 45), (92, 175), 8, 0.8),
    "lost": Kind(14, (10, 60), (185, 330), 5, 0.85),
    "once": Kind(14, (5, 40), (1, 350), 1, 1.0),
    "once and back": Kind(6, (20, 60), (0, 90), 5, 0.2),
    "looker": Kind(10, (1, 6), (0, 15), 14, 0.0, clicks=0.25, pages=6),
    "leaver": Kind(10, (4, 25), (0, 70), 7, 0.15, leaves_cart=0.8),
    "fan": Kind(9, (10, 30), (0, 60), 12, 0.7, taste="footwear", price=60),
    "passer-by": Kind(12, (1, 1), (0, 300), 1, 0.0, clicks=0.15),
}


@dataclass(slots=True)
class _Life:
    """One person's events as they come about."""

    rng: Random
    name: str
    kind: Kind
    is_anonymous: bool
    events: list[IncomingEvent] = field(default_factory=list)

    def tell(self, name: str, at: dt.datetime, visit: str, came: tuple[str, str] = ("", ""), **properties: Any) -> None:
        self.events.append(
            IncomingEvent(
                name=name,
                message_id=f"{self.name}-{len(self.events)}",
                occurred_at=at,
                visitor_key=f"visitor-{self.name}",
                customer_key="" if self.is_anonymous else self.name,
                visit_key=visit,
                channel=came[0],
                campaign=came[1],
                device=self.rng.choice(("mobile", "desktop")),
                properties=properties,
            )
        )

    def live(self) -> None:
        rng, kind = self.rng, self.kind
        at = NOW - rng.uniform(*kind.quiet_days) * DAY - rng.uniform(0, 0.5) * DAY
        for number in range(max(1, round(kind.visits * rng.lognormvariate(0, 0.5)) if kind.visits > 1 else 1)):
            if at < NOW - 365 * DAY:
                return
            self._visit(at, f"{self.name}-v{number}")
            at -= rng.uniform(*kind.gap_days) * rng.lognormvariate(0, 0.4) * DAY

    def _visit(self, end: dt.datetime, visit: str) -> None:
        """A visit that ends a moment before an instant."""
        rng, kind = self.rng, self.kind
        came = rng.choice(CHANNELS)
        buys = not self.is_anonymous and rng.random() < kind.buys
        at = end - dt.timedelta(minutes=rng.uniform(5, 25))
        pages = 1 + round(rng.expovariate(1 / kind.pages))
        step = (end - at) / (pages + 6)
        for _ in range(pages):
            at += step
            self._look(at, visit, came)
        if rng.random() < kind.clicks:
            self.tell("recommendation_clicked", at + step, visit, came, **self._product())
        if buys or rng.random() < kind.leaves_cart:
            self._fill_cart(at + 2 * step, visit, came)
        if buys:
            self._order(at + 4 * step, "" if rng.random() < 0.1 else visit, came)
            if rng.random() < 0.05:
                self._fill_cart(at + 5 * step, visit, came)

    def _look(self, at: dt.datetime, visit: str, came: tuple[str, str]) -> None:
        rng, product = self.rng, self._product()
        self.tell("page_viewed", at, visit, came, path="/p/")
        if rng.random() < 0.6:
            self.tell("product_viewed", at + MILLISECOND, visit, came, **product)
            seconds = round(rng.lognormvariate(3, 0.9), 3)
            self.tell("product_dwelled", at + 2 * MILLISECOND, visit, came, dwell_seconds=seconds, **product)

    def _fill_cart(self, at: dt.datetime, visit: str, came: tuple[str, str]) -> None:
        rng, product = self.rng, self._product()
        self.tell("product_added", at, visit, came, **product)
        if rng.random() < 0.3:
            self.tell(rng.choice(("product_removed", "cart_updated")), at + 3 * MILLISECOND, visit, came, **product)

    def _order(self, at: dt.datetime, visit: str, came: tuple[str, str]) -> None:
        rng, order = self.rng, f"{self.name}-o{len(self.events)}"
        lines = [
            self._product() | {"quantity": rng.choice((1, 1, 1, 2, 4)), "price": f"{self._price():.2f}"}
            for _ in range(rng.randint(1, 3))
        ]
        total = sum(round(float(line["price"]) * 100) * line["quantity"] for line in lines)
        coupon = {"coupon": "SAVE10"} if rng.random() < self.kind.coupon else {}
        about = {"order_id": order, "currency": "USD" if rng.random() < 0.03 else "GBP"}
        self.tell("order_completed", at, visit, came, products=lines, revenue=f"{total / 100:.2f}", **about, **coupon)
        self._undo(at, about, total)

    def _undo(self, at: dt.datetime, about: dict[str, str], total: int) -> None:
        """Part of an order is paid back, or all of it, in one go or in two; or it is cancelled."""
        chance, later = self.rng.random(), at + self.rng.uniform(0.1, 20) * DAY
        if chance < 0.02:
            self.tell("order_cancelled", later, "", order_id=about["order_id"])
        elif chance < 0.04:
            self.tell("order_refunded", later, "", **about)
        elif chance < 0.06:
            for part in (total // 2, total - total // 2):
                later += DAY / 7
                self.tell("order_refunded", later, "", amount=f"{part / 100:.2f}", **about)
        elif chance < 0.14:
            self.tell("order_refunded", later, "", amount=f"{total // 3 / 100:.2f}", **about)

    def _product(self) -> dict[str, Any]:
        rng = self.rng
        category = self.kind.taste if self.kind.taste and rng.random() < 0.8 else rng.choice(tuple(PRODUCTS))
        brand = rng.choice(PRODUCTS[category])
        return {"product_id": f"{category}-{brand}-{rng.randint(1, 9)}", "category": category, "brand": brand}

    def _price(self) -> float:
        return self.kind.price * self.rng.lognormvariate(0, 0.5) / 2


def population(customers: int = 320, visitors: int = 40, seed: int = 20260301) -> list[IncomingEvent]:
    """What they all did up to now, in order of time."""
    kinds, weights = tuple(KINDS), [kind.weight for kind in KINDS.values()]
    events: list[IncomingEvent] = []
    for number in range(customers + visitors):
        rng = Random(f"{seed}:{number}")
        is_anonymous = number >= customers
        kind = "passer-by" if is_anonymous and number % 2 else rng.choices(kinds, weights)[0]
        name = f"{'anon' if is_anonymous else 'c'}{number:03d}"
        life = _Life(rng, name, KINDS[kind], is_anonymous)
        life.live()
        events += life.events
    events = [event for event in (*events, *edge_cases()) if _time_of(event) <= NOW]
    return sorted(events, key=lambda event: (_time_of(event), event.message_id))


def edge_cases() -> Iterator[IncomingEvent]:
    """Pairs of customers who differ in one millisecond, or in one penny: one is in a segment, the other is not."""
    for days, orders, slug in ((30, 3, "month"), (180, 5, "half-year")):
        for name, more in (("at", dt.timedelta(0)), ("after", MILLISECOND)):
            who = f"edge-{slug}-{name}"
            yield _order(who, 1, NOW - days * DAY + more)
            yield from (_order(who, number, NOW - number * DAY / 9) for number in range(2, orders + 1))
    yield _order("edge-bought-at", 1, NOW - 180 * DAY)
    yield _order("edge-bought-after", 1, NOW - 180 * DAY + MILLISECOND)
    yield _order("edge-quiet-after", 1, NOW - 90 * DAY + MILLISECOND)
    yield _order("edge-quiet-at", 1, NOW - 90 * DAY)
    for name, idle in (("59", 60 * 60_000 - 1), ("60", 60 * 60_000)):
        yield _event(f"edge-idle-{name}", 1, "product_added", NOW - idle * MILLISECOND, product_id="p")
    for name, age in (("kept", 30 * DAY), ("forgotten", 30 * DAY + MILLISECOND)):
        yield _event(f"edge-cart-{name}", 1, "product_added", NOW - age, product_id="p")
    for name, pence in (("short", 19_999), ("paid", 20_000)):
        for number in range(1, 9):
            revenue = f"{pence / 100:.2f}" if number == 1 else "0"
            yield _order(f"edge-vip-{name}", number, NOW - number * DAY, revenue=revenue)
    for name, days in (("as-ever", 40), ("late", 41)):
        last = NOW - days * DAY
        yield from (_order(f"edge-rhythm-{name}", number, last - number * 20 * DAY) for number in range(3))
    for name, milliseconds in (("599", 599_999), ("600", 600_000)):
        seconds = f"{milliseconds / 1000:.3f}"
        who, at = f"edge-dwell-{name}", NOW - DAY
        yield _event(who, 1, "product_dwelled", at, product_id="p", dwell_seconds=seconds)


def _order(who: str, number: int, at: dt.datetime, revenue: str = "10") -> IncomingEvent:
    about = {"order_id": f"{who}-{number}", "currency": "GBP", "revenue": revenue}
    return _event(who, number, "order_completed", at, **about)


def _event(who: str, number: int, name: str, at: dt.datetime, **properties: Any) -> IncomingEvent:
    return IncomingEvent(
        name=name, message_id=f"{who}-{number}", occurred_at=at, customer_key=who, properties=properties
    )


def _time_of(event: IncomingEvent) -> dt.datetime:
    assert isinstance(event.occurred_at, dt.datetime)
    return event.occurred_at
