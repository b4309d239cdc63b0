"""What a person did, event by event, in the words of a page.

In come stored events, out go plain rows: what it was about, what it was worth, how they came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from django_microseg.collect.models import Event
from django_microseg.collect.money import minor_exponent

from .models import Profile

__all__ = ["TimelineRow", "events_of", "rows_of"]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event. ``about`` are the words that say what it was about, the most telling first."""

    occurred_at: dt.datetime
    voided_at: dt.datetime | None
    name: str
    about: tuple[str, ...]
    amount: str
    arrival: tuple[str, ...]
    device: str
    source: str


def events_of(profile: Profile) -> QuerySet[Event]:
    """A person's events, the latest first; of equal time, the one stored last."""
    return Event.objects.filter(profile=profile).order_by("-occurred_at", "-pk")


def rows_of(events: Iterable[Event]) -> list[TimelineRow]:
    """Events as rows, in the order in which they come."""
    return [_row(event) for event in events]


def _row(event: Event) -> TimelineRow:
    path = event.properties.get("path", "") if isinstance(event.properties, dict) else ""
    about = (event.product_key, event.order_key, event.category, event.brand, event.coupon, path)
    return TimelineRow(
        occurred_at=event.occurred_at,
        voided_at=event.voided_at,
        name=event.name,
        about=tuple(str(word) for word in about if word),
        amount=_amount(event),
        arrival=tuple(word for word in (event.channel, event.campaign) if word),
        device=event.device,
        source=event.source,
    )


def _amount(event: Event) -> str:
    if event.value_minor is None:
        return ""
    value = Decimal(event.value_minor).scaleb(-minor_exponent(event.currency))
    return f"{value:,} {event.currency}".strip()
