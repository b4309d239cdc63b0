"""What a person sets out to do: visits with an intent, in the order of time. Pure. What then happens in each visit is
`visits`' business.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from .people import Person
from .seasons import instant_on, promotion_on, somewhen

__all__ = ["BROWSE", "BUY", "LEAVE", "Plan", "plan_of"]

BROWSE, LEAVE, BUY = "browse", "leave a cart", "buy"

_CHANNELS = ("direct", "search", "social", "ads", "referral")
_CHANNEL_WEIGHTS = {"desktop": (34, 38, 8, 14, 6), "mobile": (28, 32, 24, 12, 4), "tablet": (36, 36, 12, 10, 6)}
_SOCIAL_CAMPAIGNS = {
    "winter": "cosy-feet",
    "spring": "spring-trails",
    "summer": "summer-sandals",
    "autumn": "autumn-boots",
}
_SEASON = (
    "winter",
    "winter",
    "spring",
    "spring",
    "spring",
    "summer",
    "summer",
    "summer",
    "autumn",
    "autumn",
    "autumn",
    "winter",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One visit to come. `coupon` is the code the person means to use, `discount_percent` what it takes off."""

    at: datetime
    intent: str
    device: str
    channel: str
    campaign: str | None
    coupon: str | None = None
    discount_percent: int = 0


def plan_of(person: Person, rng: Random, first: date, last: date) -> list[Plan]:
    """All visits of one person between two days, both included."""
    start, end = _active(person, rng, first, last)
    order_days = sorted(_order_days(person, rng, start, end))
    days = [(day, BUY) for day in order_days]
    days += [(day, _idle_intent(person, rng)) for day in _idle_days(person, rng, start, end)]
    if person.persona.abandons > 0.5:
        days = _ending_with_a_cart(rng, days, start, end)
    if _is_once(person):
        days = days[:1]
    plans = [_visit(person, rng, day, intent) for day, intent in days]
    return _with_coupons(person, rng, sorted(plans, key=lambda plan: plan.at))


def _is_once(person: Person) -> bool:
    return person.persona.orders == (1, 1)


def _active(person: Person, rng: Random, first: date, last: date) -> tuple[date, date]:
    """When this person was about. Those with a rhythm came early enough to show it."""
    days = (last - first).days
    earliest, latest = person.persona.active
    end = last - timedelta(days=max(0, int(days * rng.uniform(earliest, latest))))
    told = (end - first).days
    newest, oldest = person.persona.known
    # The square root favours those who have been here longer; a shop that only grows would look odd.
    share = rng.uniform(newest, oldest)
    start = end - timedelta(days=int(told * (share**0.5 if oldest == 1.0 else share)))
    return start, end


def _order_days(person: Person, rng: Random, start: date, end: date) -> Iterator[date]:
    persona = person.persona
    if persona.gap_days is None:
        for _ in range(rng.randint(*persona.orders)):
            yield _order_day(person, rng, start, end)
        return
    gap = persona.gap_days / person.keenness**0.6
    day = start
    while day <= end:
        yield day if rng.random() < 0.3 else _to_weekend(day, end, persona.weekend)
        day += timedelta(days=max(2, round(rng.lognormvariate(math.log(gap), 0.3))))


def _order_day(person: Person, rng: Random, start: date, end: date) -> date:
    """A day to buy; who buys only with coupons waits for a promotion, for a while."""
    day = somewhen(rng, start, end, person.persona.weekend)
    if person.persona.coupons == 1.0:
        for _ in range(20):
            if promotion_on(day):
                break
            day = somewhen(rng, start, end, person.persona.weekend)
    return day


def _to_weekend(day: date, end: date, weekend: float) -> date:
    """The Saturday of the same week, for people who shop at weekends."""
    saturday = day + timedelta(days=5 - day.weekday()) if day.weekday() < 5 else day
    return saturday if weekend > 2 and saturday <= end else day


def _idle_days(person: Person, rng: Random, start: date, end: date) -> Iterator[date]:
    mean = person.persona.visits * person.keenness
    # Somebody who neither buys nor looks would not be in the story.
    least = int(person.persona.may_never_buy)
    for _ in range(max(least, round(rng.expovariate(1 / mean))) if mean else 0):
        yield somewhen(rng, start, end, person.persona.weekend)


def _idle_intent(person: Person, rng: Random) -> str:
    return LEAVE if rng.random() < person.persona.abandons else BROWSE


def _ending_with_a_cart(rng: Random, days: list[tuple[date, str]], start: date, end: date) -> list[tuple[date, str]]:
    """A cart leaver's story ends with a full cart: on a later day than all else, and one that is over by now."""
    before = [(day, intent) for day, intent in days if day <= end - timedelta(days=3)]
    earliest = max([day for day, _ in before], default=start) + timedelta(days=1)
    left_over = max(0, (end - earliest).days - 1)
    return [*before, (earliest + timedelta(days=rng.randint(0, left_over)), LEAVE)]


def _visit(person: Person, rng: Random, day: date, intent: str) -> Plan:
    persona = person.persona
    device = "mobile" if rng.random() < persona.mobile else ("tablet" if rng.random() < 0.12 else "desktop")
    channel, campaign = _arrival(person, rng, day, device)
    return Plan(instant_on(rng, day, persona.hours, person.timezone), intent, device, channel, campaign)


def _arrival(person: Person, rng: Random, day: date, device: str) -> tuple[str, str | None]:
    promotion = promotion_on(day)
    if person.newsletter and rng.random() < 0.22:
        return "email", promotion.campaign if promotion else f"newsletter-{day:%Y-%m}"
    channel = rng.choices(_CHANNELS, _CHANNEL_WEIGHTS[device])[0]
    if channel in ("social", "ads"):
        return channel, promotion.campaign if promotion else _SOCIAL_CAMPAIGNS[_SEASON[day.month - 1]]
    return channel, None


def _with_coupons(person: Person, rng: Random, plans: list[Plan]) -> list[Plan]:
    """Decide which orders are made with a coupon: the promotion's, else the one for a first order or the one that
    comes with an order.
    """
    chance, is_first = person.persona.coupons, True
    decided = []
    for plan in plans:
        if plan.intent == BUY:
            promotion = promotion_on(plan.at.date())
            if promotion and rng.random() < max(chance, 0.3 if chance > 0.05 else 0.0):
                plan = _using(plan, promotion.code, promotion.discount_percent)
            elif rng.random() < chance:
                plan = _using(plan, *(("WELCOME10", 10) if is_first else ("THANKS5", 5)))
            is_first = False
        decided.append(plan)
    return decided


def _using(plan: Plan, code: str, discount_percent: int) -> Plan:
    return Plan(plan.at, plan.intent, plan.device, plan.channel, plan.campaign, code, discount_percent)
