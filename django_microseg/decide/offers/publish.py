"""Makes live offers known to every web process, and saves and deletes them together with that.

Call these services rather than ``save()``: a bare save changes the table but not the shop.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import router, transaction

from django_microseg.collect.fields import to_ms
from django_microseg.segment import publication
from django_microseg.segment.models import Publication

from .models import Offer
from .published import FORMAT

__all__ = ["delete_offers", "publish_offers", "save_offer"]


def save_offer(offer: Offer, *, now: dt.datetime) -> None:
    """Save one offer and publish."""
    with transaction.atomic(using=router.db_for_write(Offer)):
        offer.save()
        publish_offers(now=now)


def delete_offers(offers: Any, *, now: dt.datetime) -> int:
    """Delete the offers of a queryset and publish; raises `ProtectedError` for one that was redeemed."""
    with transaction.atomic(using=router.db_for_write(Offer)):
        _, counts = offers.delete()
        publish_offers(now=now)
    return int(counts.get(Offer._meta.label, 0))


def publish_offers(*, now: dt.datetime) -> int:
    """Write what is live into the publication; returns its new version. Who publishes later sees more:
    the publication's row is locked before the offers are read."""
    with transaction.atomic(using=router.db_for_write(Publication)):
        Publication.objects.select_for_update().get_or_create(pk=1)
        live = Offer.objects.filter(state=Offer.State.LIVE).order_by("slug")
        row = publication.publish_offers([_published(each) for each in live], now=now)
    return row.version


def _published(offer: Offer) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": offer.pk,
        "slug": offer.slug,
        "headline": offer.headline,
        "text": offer.text,
        "percent_hundredths": offer.percent_hundredths,
        "amount_minor": offer.amount_minor,
        "currency": offer.currency,
        "minimum_minor": offer.minimum_minor,
        "maximum_minor": offer.maximum_minor,
        "segments": list(offer.segments),
        "match": str(offer.match),
        "is_first_order": offer.is_first_order,
        "code": offer.code,
        "stacks": offer.stacks,
        "priority": offer.priority,
        "starts_at": None if offer.starts_at is None else to_ms(offer.starts_at),
        "ends_at": None if offer.ends_at is None else to_ms(offer.ends_at),
    }
