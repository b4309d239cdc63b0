"""The offer for a first order that a page shows: the best one that this visitor may be shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django_microseg.collect.fields import from_ms

from ..visitor import Visitor
from .published import PublishedOffer

__all__ = ["ShownOffer", "find_first_order_offer", "shown_offer"]


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """An offer in a template. ``ends_at`` None: it has no end that could be told."""

    slug: str
    headline: str
    text: str
    code: str
    ends_at: dt.datetime | None


def find_first_order_offer(visitor: Visitor) -> ShownOffer | None:
    """The one with the highest priority, then by slug; None for whoever has ordered before."""
    found = next((offer for offer in visitor.offers if offer.is_first_order), None)
    return None if found is None or visitor.has_ordered else shown_offer(found)


def shown_offer(offer: PublishedOffer) -> ShownOffer:
    """What shoppers may know of an offer."""
    ends_at = None if offer.ends_at is None else from_ms(offer.ends_at)
    return ShownOffer(offer.slug, offer.headline, offer.text, offer.code, ends_at)
