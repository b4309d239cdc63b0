"""One visit, click by click: writes the events that the shop and the beacon would have sent. Pure; the same dice give
the same visit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from ..catalogue import ProductData
from ..prices import Totals, totals_of
from .goods import CURRENCY, described, pick_category, pick_product, recommended_after
from .people import Person
from .plans import BROWSE, BUY, LEAVE, Plan

__all__ = ["Event", "Visit"]

Event = dict[str, Any]


@dataclass(slots=True)
class Visit:
    """Writes the events of one visit to `events`.

    `customer_key` is set once the person has signed in on this device.
    """

    person: Person
    plan: Plan
    rng: Random
    reach: tuple[float, ...]
    visitor_key: str
    visit_key: str
    customer_key: str | None
    events: list[Event]
    first_order_number: int
    at: datetime = field(init=False)
    cart: list[list[Any]] = field(default_factory=list)
    has_ordered: bool = False

    def __post_init__(self) -> None:
        self.at = self.plan.at

    def tell(self, name: str, /, **properties: Any) -> None:
        person, plan = self.person, self.plan
        self.events.append(
            {
                "message_id": f"{self.visit_key}-{len(self.events)}",
                "name": name,
                "occurred_at": self.at,
                "visitor_key": self.visitor_key,
                "customer_key": self.customer_key,
                "visit_key": self.visit_key,
                "device": plan.device,
                "channel": plan.channel,
                "campaign": plan.campaign,
                "country": person.country,
                "language": person.language,
                "timezone": person.timezone,
                "properties": properties,
            }
        )

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(1, round(seconds)))

    def page(self, kind: str, path: str) -> None:
        self.wait(self.rng.lognormvariate(2.9, 0.7))
        self.tell("page_viewed", page=kind, path=path)

    def happen(self) -> None:
        rng, persona = self.rng, self.person.persona
        if self.plan.intent == BROWSE and rng.random() < persona.bounces:
            self._bounce()
            return
        if rng.random() < 0.4 and self.plan.intent != BUY:
            self.page("home", "/")
        shelves = max(1, min(30, round(rng.expovariate(1 / persona.pages) / 2)))
        if self.plan.intent == BUY:
            # Who comes to buy has looked before: often straight to the product.
            shelves = int(rng.random() < 0.55)
        month, seen = self.at.month, []
        for _ in range(shelves):
            category = pick_category(rng, self.reach, month)
            seen += self._shelf(category)
        if self.plan.intent != BROWSE:
            self._fill_cart(seen, month)
        if self.plan.intent == BUY:
            self._order()
        elif self.plan.intent == LEAVE and rng.random() < 0.4:
            self._start_checkout()

    # ---- looking

    def _bounce(self) -> None:
        """One page and away: a product from an advert or a search, else the home page."""
        if self.plan.channel in ("direct", "email"):
            self.page("home", "/")
        else:
            category = pick_category(self.rng, self.reach, self.at.month)
            product = pick_product(self.rng, category, self.person.persona.price)
            self.page("product", f"/p/{product.slug}/")
            self.tell("product_viewed", **described(product))

    def _shelf(self, category: str) -> list[ProductData]:
        """A category, or a search for something in it, and some products of it."""
        rng = self.rng
        if rng.random() < 0.12:
            self.page("search", "/search/")
            self.tell("products_searched", query=category.replace("-", " "))
        else:
            self.page("category", f"/c/{category}/")
            self.tell("product_list_viewed", list_id=category, category=category)
        seen = [
            pick_product(rng, category, self.person.persona.price) for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3)))
        ]
        for product in seen:
            self._look_at(product)
        return seen

    def _look_at(self, product: ProductData) -> None:
        rng, persona = self.rng, self.person.persona
        self.page("product", f"/p/{product.slug}/")
        self.tell("product_viewed", **described(product))
        if rng.random() < 0.4:
            seconds = round(min(600.0, rng.lognormvariate(0, 0.7) * persona.dwell), 1)
            self.wait(seconds)
            self.tell("product_dwelled", **described(product), dwell_seconds=seconds)
        if rng.random() < persona.recommendations:
            other = recommended_after(rng, product)
            self.page("product", f"/p/{other.slug}/")
            self.tell("recommendation_clicked", **described(other), placement="goes-well-with")
            self.tell("product_viewed", **described(other))

    # ---- buying

    def _fill_cart(self, seen: list[ProductData], month: int) -> None:
        rng, persona = self.rng, self.person.persona
        wanted = max(1, min(6, round(rng.expovariate(1 / persona.basket) + 0.35)))
        choices = [product for product in seen if product.stock]
        while len(choices) < wanted:
            product = pick_product(rng, pick_category(rng, self.reach, month), persona.price)
            if product.stock:
                self._look_at(product)
                choices.append(product)
        for product in rng.sample(choices, wanted):
            self._add(product)
        if len(self.cart) > 1 and rng.random() < 0.08:
            product, quantity = self.cart.pop()
            self.wait(15)
            self.tell("product_removed", **described(product), quantity=quantity)
        self.page("cart", "/cart/")
        self.tell("cart_viewed", products=self._lines(), currency=CURRENCY)

    def _add(self, product: ProductData) -> None:
        is_small = product.price < 30
        quantity = self.rng.choice((1, 1, 2, 3)) if is_small else 1
        self.wait(self.rng.lognormvariate(2.6, 0.5))
        self.tell("product_added", **described(product), quantity=quantity)
        for line in self.cart:
            if line[0] is product:
                line[1] += quantity
                return
        self.cart.append([product, quantity])

    def _lines(self) -> list[dict[str, Any]]:
        names = ("product_id", "name", "category", "brand", "price")
        facts = ((described(product), quantity) for product, quantity in self.cart)
        return [{name: fact[name] for name in names} | {"quantity": quantity} for fact, quantity in facts]

    def sign_in(self) -> None:
        if self.customer_key is None and self.person.customer_key is not None:
            self.customer_key = self.person.customer_key
            self.wait(20)
            self.tell("customer_identified", method="password")

    def _start_checkout(self) -> None:
        self.page("checkout", "/checkout/")
        self.tell("checkout_started", **_amounts(totals_of(self._pairs())), currency=CURRENCY, products=self._lines())

    def _order(self) -> None:
        self.sign_in()
        self._start_checkout()
        plan = self.plan
        goods = totals_of(self._pairs()).subtotal
        discount = (goods * plan.discount_percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        totals = totals_of(self._pairs(), discount=discount)
        if plan.coupon:
            self.wait(25)
            self.tell("coupon_applied", coupon=plan.coupon, discount=totals.discount, currency=CURRENCY)
        self.wait(self.rng.lognormvariate(4.4, 0.4))
        self.tell(
            "order_completed",
            order_id=self._order_id(),
            **_amounts(totals),
            coupon=plan.coupon,
            currency=CURRENCY,
            products=self._lines(),
        )
        self.has_ordered = True

    def _order_id(self) -> str:
        kind = "D" if self.person.customer_key else "G"
        return f"{kind}{self.person.number:05d}{self.first_order_number:03d}"

    def _pairs(self) -> Iterable[tuple[Decimal, int]]:
        return [(product.price, quantity) for product, quantity in self.cart]


def _amounts(totals: Totals) -> dict[str, Decimal]:
    return {
        "subtotal": totals.subtotal,
        "discount": totals.discount,
        "shipping": totals.delivery,
        "revenue": totals.revenue,
        "total": totals.total,
    }
