"""What a till knows of a member of the loyalty programme, and how somebody becomes one there.

Comes in: a card's number or an e-mail address, as somebody reads it out. Goes out: the card and where it stands in the
programme, and nothing else of the person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from ..collect.hooks import PersonKey
from ..collect.incoming import IncomingEvent
from ..collect.ingest import ingest
from .fact_catalogue import FACTS, decode_fact
from .facts import standing_facts
from .identify import identify, person_of
from .links import LOYALTY, Link, NoLink, email_link, loyalty_link
from .loyalty import JOINED, first_tier
from .models import Identity
from .visitor_id import new_visitor_key

__all__ = ["CannotEnrol", "Member", "enrol", "find_member"]

_SHOWN = ("tier", "loyalty_points", "next_tier", "points_to_next_tier", "loyalty_since")
_SOURCE = "store"


class CannotEnrol(ValueError):
    """Why nobody was enrolled, in a sentence for whoever stands at the till."""


@dataclass(frozen=True, slots=True)
class Member:
    """A card, and where it stands. What nobody knows is None."""

    card: str
    tier: str | None = None
    points: Decimal | None = None
    next_tier: str | None = None
    missing: Decimal | None = None
    since: dt.date | None = None


def find_member(text: str, *, now: dt.datetime) -> Member | None:
    """Whoever has this card or e-mail address, if they have a card."""
    identity = next(filter(None, map(_identity, _links(text))), None)
    if identity is None:
        return None
    card = identity if identity.kind == LOYALTY else _cards(identity.profile_id).last()
    return None if card is None else _member(card, now)


def enrol(card: str, address: str = "", *, store: str = "", now: dt.datetime) -> Member:
    """Give somebody a card: whoever the e-mail address leads to, else somebody new.

    Raises `CannotEnrol`, and `PersonErased` for somebody who asked to be forgotten.
    """
    try:
        link = loyalty_link(card.strip())
        mail = email_link(address.strip()) if address.strip() else None
    except NoLink as error:
        raise CannotEnrol(str(error)) from None
    with transaction.atomic():
        if _identity(link) is not None:
            raise CannotEnrol(f"The card {link.value} belongs to somebody already: look it up, or take another card.")
        known = _identity(mail) if mail else None
        other = _cards(known.profile_id).last() if known else None
        if other is not None:
            raise CannotEnrol(f"This address has the card {other.value} already.")
        person = (person_of(mail) if mail else None) or PersonKey(new_visitor_key(), "")
        identify(person, [link, *([mail] if mail else [])], now=now)
        _tell(person, link.value, store, now)
        return _member(Identity.objects.get(kind=LOYALTY, value=link.value), now)


def _tell(person: PersonKey, card: str, store: str, now: dt.datetime) -> None:
    said = {"tier": first_tier(), "store_id": store.strip()}
    joined = IncomingEvent(
        JOINED,
        message_id=f"card-{card}"[:100],
        occurred_at=now,
        visitor_key=person.visitor_key,
        customer_key=person.customer_key,
        channel="store",
        properties={name: value for name, value in said.items() if value},
    )
    report = ingest([joined], source=_SOURCE, received_at=now, basis="contract")
    if report.refusals:
        raise CannotEnrol(report.refusals[0].detail)


def _links(text: str) -> list[Link]:
    found = []
    for make in (loyalty_link, email_link):
        try:
            found.append(make(text.strip()))
        except NoLink:
            continue
    return found


def _identity(link: Link | None) -> Identity | None:
    return Identity.objects.filter(kind=link.kind, value=link.value).first() if link else None


def _cards(profile_id: int) -> Any:
    return Identity.objects.filter(kind=LOYALTY, profile=profile_id).order_by("first_seen_at", "pk")


def _member(card: Identity, now: dt.datetime) -> Member:
    standing = standing_facts([card.profile_id], _SHOWN, now)
    known: dict[str, Any] = {
        name: decode_fact(FACTS[name], (row.text, row.number)) for (_, name), row in standing.items()
    }
    return Member(card.value, *(known.get(name) for name in _SHOWN))
