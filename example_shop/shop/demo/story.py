"""A year of behaviour, made up: who came, what they looked at, what they bought.

Pure: numbers and an instant in, events as plain dictionaries out, in order of time. The same customers, days, seed
and now give the same events, and a person's story does not depend on how many others there are. No event lies after
`now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from .goods import categories_by_taste
from .people import Person, people
from .plans import LEAVE, Plan, plan_of
from .seasons import instant_on
from .visits import Event, Visit

__all__ = ["Event", "generate"]

_WEEK = timedelta(days=7)
_REFUNDED, _CANCELLED, _REVIEWED = 0.035, 0.012, 0.07


def generate(customers: int, days: int, seed: int, now: datetime) -> Iterator[Event]:
    """Events of `customers` people with an account, and of visitors without a name, over the `days` before `now`."""
    if now.tzinfo is None:
        raise ValueError("now has no time zone: pass an aware datetime, such as timezone.now().")
    events: list[Event] = []
    for person in people(customers, seed, now):
        events += _until_now(person, days, now)
    events.sort(key=lambda event: (event["occurred_at"], event["message_id"]))
    yield from events


def _until_now(person: Person, days: int, now: datetime) -> list[Event]:
    """What one person has done so far. A customer who would come for the first time later today came a week ago."""
    so_far = [event for event in _told(person, days, now) if event["occurred_at"] <= now]
    if so_far or person.customer_key is None:
        return so_far
    return [event for event in _told(person, days, now - _WEEK) if event["occurred_at"] <= now]


def _told(person: Person, days: int, now: datetime) -> list[Event]:
    """Everything one person does."""
    rng = Random(f"{person.seed}:story")
    last = now.date()
    first = last - timedelta(days=days - 1)
    reach = categories_by_taste(person.persona.tastes, person.favourite, person.persona.favourite)
    events: list[Event] = []
    known: set[str] = set()
    orders = 0
    for number, plan in enumerate(plan_of(person, rng, first, last)):
        visit = _visit(person, plan, rng, reach, number, is_known=plan.device in known, orders=orders)
        visit.happen()
        if _signs_in(person, plan, rng, number):
            visit.sign_in()
        if visit.customer_key:
            known.add(plan.device)
        if visit.has_ordered:
            orders += 1
            _follow_up(visit, rng)
        events += visit.events
    events += _mails(person, rng, events, now)
    return events


def _visit(
    person: Person, plan: Plan, rng: Random, reach: tuple[float, ...], number: int, *, is_known: bool, orders: int
) -> Visit:
    name = person.customer_key or f"anon-{person.number:05d}"
    visitor_key = f"{name}-{plan.device}"
    return Visit(
        person=person,
        plan=plan,
        rng=rng,
        reach=reach,
        visitor_key=visitor_key,
        visit_key=f"{visitor_key}-{number}",
        customer_key=person.customer_key if is_known else None,
        events=[],
        first_order_number=orders + 1,
    )


def _signs_in(person: Person, plan: Plan, rng: Random, number: int) -> bool:
    """On the first visit surely, for that is when the account was opened; who leaves a cart got as far as that; else
    now and then.
    """
    return person.customer_key is not None and (number == 0 or plan.intent == LEAVE or rng.random() < 0.4)


def _follow_up(visit: Visit, rng: Random) -> None:
    """What comes after an order and outside of visits: cancelled within the day, sent back, or reviewed."""
    order = visit.events[-1]
    chance = rng.random()
    if chance < _CANCELLED:
        _later(visit, order, "order_cancelled", timedelta(minutes=rng.randint(10, 20 * 60)), _undone(order))
    elif chance < _CANCELLED + _REFUNDED:
        _later(visit, order, "order_refunded", timedelta(hours=rng.randint(4 * 24, 25 * 24)), _undone(order))
    elif chance > 1 - _REVIEWED:
        product = rng.choice(order["properties"]["products"])
        rating = rng.choices((5, 4, 3, 2, 1), (52, 30, 10, 5, 3))[0]
        said = {"product_id": product["product_id"], "rating": rating}
        _later(visit, order, "product_reviewed", timedelta(hours=rng.randint(6 * 24, 40 * 24)), said)


def _undone(order: Event) -> dict[str, Any]:
    names = ("order_id", "total", "revenue", "currency", "products")
    return {name: order["properties"][name] for name in names}


def _later(visit: Visit, order: Event, name: str, after: timedelta, properties: dict[str, Any]) -> None:
    visit.events.append(
        order
        | {
            "message_id": f"{order['message_id']}-{name}",
            "name": name,
            "occurred_at": order["occurred_at"] + after,
            "visit_key": None,
            "properties": properties,
        }
    )


def _mails(person: Person, rng: Random, events: list[Event], now: datetime) -> Iterator[Event]:
    """Newsletters opened, once a month at most, from the month of the first sign-in on."""
    known = [event for event in events if event["customer_key"]]
    if not person.newsletter or not known:
        return
    start = min(event["occurred_at"] for event in known)
    day = start.date().replace(day=1) + timedelta(days=33)
    while day <= now.date():
        month = f"newsletter-{day:%Y-%m}"
        if rng.random() < 0.3:
            yield known[0] | {
                "message_id": f"{person.customer_key}-{month}",
                "name": "email_opened",
                "occurred_at": instant_on(
                    rng, day.replace(day=rng.randint(3, 9)), person.persona.hours, person.timezone
                ),
                "visitor_key": None,
                "customer_key": person.customer_key,
                "visit_key": None,
                "channel": "email",
                "campaign": month,
                "properties": {
                    "email_id": month,
                    "campaign_name": month,
                    "email_subject": f"The catalogue in {day:%B}",
                },
            }
        day = day.replace(day=1) + timedelta(days=33)
