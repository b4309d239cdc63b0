"""How somebody came, first and last, and where and by what they were seen last: from what their events say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from ..collect.models import Event
from .models import Profile

__all__ = ["FIRST", "LAST", "SEEN", "Touch", "touches_of"]

FIRST, LAST, SEEN = "first", "last", "seen"
#: Nobody came "direct" if anything else is known of how they came.
_DIRECT = ("", "direct")


@dataclass(frozen=True, slots=True)
class Touch:
    """``parts`` are known texts, such as channel and campaign; ``source`` says who told."""

    kind: str
    parts: tuple[str, ...]
    at: dt.datetime
    source: str


def touches_of(profile: Profile) -> tuple[Touch, ...]:
    """First and last touch, then where and by which device the person was seen last, as far as any is known."""
    return tuple(_touches(profile))


def _touches(profile: Profile) -> Iterator[Touch]:
    mine = Event.objects.filter(profile=profile)
    came = mine.exclude(channel__in=_DIRECT)
    for kind, order in ((FIRST, "occurred_at"), (LAST, "-occurred_at")):
        event = came.order_by(order).first()
        if event is not None:
            yield _touch(kind, event, event.channel, event.campaign)
    event = mine.filter(~Q(country="") | ~Q(device="")).order_by("-occurred_at").first()
    if event is not None:
        place = "-".join(filter(None, (event.country.upper(), event.region)))
        yield _touch(SEEN, event, place, event.device, event.language)


def _touch(kind: str, event: Event, *parts: str) -> Touch:
    return Touch(kind, tuple(filter(None, parts)), event.occurred_at, event.source)
