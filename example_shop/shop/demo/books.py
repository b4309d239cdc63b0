"""Writes the demo story into the shop's own books, as if it had happened here: accounts, details, orders.

Safe to run twice: what is there already is left alone. Stock is not touched; these orders were delivered long ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.models import User
from django.db import transaction

from ..models import CustomerProfile, Order, OrderLine, Product
from .people import Person

__all__ = ["set_password", "write_accounts", "write_orders"]

_AT_ONCE = 500
_STREETS = {
    "GB": (
        ("Mill Lane", "Hebden Bridge", "HX7 8AA"),
        ("Station Road", "Keswick", "CA12 5JR"),
        ("Norfolk Street", "Sheffield", "S1 2HE"),
        ("Park Row", "Bristol", "BS1 4ST"),
        ("Albion Place", "Leeds", "LS1 3AX"),
    ),
    "IE": (("Shop Street", "Galway", "H91 Y0T2"),),
    "DE": (("Lange Straße", "Freiburg", "79098"),),
    "NL": (("Oudegracht", "Utrecht", "3511 AL"),),
    "FR": (("Rue du Lac", "Annecy", "74000"),),
    "PL": (("Krupówki", "Zakopane", "34-500"),),
    "US": (("Pearl Street", "Boulder, CO", "80302"),),
    "AU": (("Murray Street", "Hobart", "7000"),),
}
_STATUS = {"order_cancelled": Order.Status.CANCELLED, "order_refunded": Order.Status.REFUNDED}


@transaction.atomic
def write_accounts(people: Sequence[Person], events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """An account for each person; returns the shop's key (the user's id, as text) by the story's key."""
    joined: dict[str, Any] = {}
    for event in events:
        if event["customer_key"]:
            joined.setdefault(event["customer_key"], event["occurred_at"])
    about = [person for person in people if person.customer_key in joined]
    users = [
        User(
            username=str(person.customer_key),
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            date_joined=joined[str(person.customer_key)],
            # Nobody can sign in with it; `make_password(None)` would draw it from a slower, better source of chance.
            password=f"{UNUSABLE_PASSWORD_PREFIX}{person.customer_key}",
        )
        for person in about
    ]
    User.objects.bulk_create(users, batch_size=_AT_ONCE, ignore_conflicts=True)
    ids = dict(User.objects.filter(username__startswith="demo-").values_list("username", "pk"))
    CustomerProfile.objects.bulk_create(
        (_details(person, ids[str(person.customer_key)]) for person in about),
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    return {username: str(pk) for username, pk in ids.items()}


def _details(person: Person, user_id: int) -> CustomerProfile:
    return CustomerProfile(
        user_id=user_id,
        birthday=person.birthday,
        gender=person.gender,
        country=person.country,
        newsletter=person.newsletter,
    )


def set_password(usernames: Iterable[str], password: str) -> None:
    """One password for all of them, hashed once: hashing is meant to be slow."""
    User.objects.filter(username__in=list(usernames)).update(password=make_password(password))


@transaction.atomic
def write_orders(people: Sequence[Person], events: Sequence[Mapping[str, Any]], keys: Mapping[str, str]) -> int:
    """The orders of these people; returns how many are new."""
    by_key = {person.customer_key: person for person in people}
    known = set(Order.objects.filter(number__startswith="D").values_list("number", flat=True))
    undone = {event["properties"]["order_id"]: _STATUS[event["name"]] for event in events if event["name"] in _STATUS}
    told = [
        event
        for event in events
        if event["name"] == "order_completed"
        and event["customer_key"] in keys
        and event["customer_key"] in by_key
        and event["properties"]["order_id"] not in known
    ]
    orders = [_order(event, by_key[event["customer_key"]], int(keys[event["customer_key"]]), undone) for event in told]
    Order.objects.bulk_create(orders, batch_size=_AT_ONCE)
    products = Product.objects.in_bulk(field_name="slug")
    OrderLine.objects.bulk_create(
        (
            _line(order, line, products.get(line["product_id"]), by_key[event["customer_key"]])
            for order, event in zip(orders, told, strict=True)
            for line in event["properties"]["products"]
        ),
        batch_size=_AT_ONCE,
    )
    return len(orders)


def _order(event: Mapping[str, Any], person: Person, user_id: int, undone: Mapping[str, Order.Status]) -> Order:
    told = event["properties"]
    streets = _STREETS[person.country]
    street, town, postcode = streets[person.number % len(streets)]
    return Order(
        number=told["order_id"],
        user_id=user_id,
        email=person.email,
        full_name=f"{person.first_name} {person.last_name}",
        address=f"{person.number % 90 + 1} {street}",
        town=town,
        postcode=postcode,
        country=person.country,
        placed_at=event["occurred_at"],
        status=undone.get(told["order_id"], Order.Status.PLACED),
        coupon=told["coupon"] or "",
        currency=told["currency"],
        subtotal=told["subtotal"],
        discount=told["discount"],
        delivery=told["shipping"],
        total=told["total"],
    )


def _line(order: Order, told: Mapping[str, Any], product: Product | None, person: Person) -> OrderLine:
    return OrderLine(
        order=order,
        product=product,
        product_slug=told["product_id"],
        name=told["name"],
        category=told["category"],
        brand=told["brand"],
        size=_own(product.sizes, person) if product else "",
        colour=_own(product.colours, person) if product else "",
        price=told["price"],
        quantity=told["quantity"],
    )


def _own(choices: Sequence[str], person: Person) -> str:
    """The story tells no sizes and colours; feet stay as they are, so each person has one of each list."""
    return choices[person.number % len(choices)] if choices else ""
