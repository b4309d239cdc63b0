"""Makes live experiences known to every web process, and saves and deletes them together with that.

`Publication` is the one row that pages read; its version rises with each change, in the same
transaction as the change itself. Call these services rather than ``save()``: a bare save changes
the table but not the shop.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import router, transaction

from django_microseg.collect.fields import to_ms
from django_microseg.segment import publication
from django_microseg.segment.models import Publication

from .models import Experience
from .slots import FORMAT

__all__ = ["delete_experiences", "publish_experiences", "published", "save_experience"]


def save_experience(experience: Experience, *, now: dt.datetime) -> None:
    """Save one experience and publish."""
    with transaction.atomic(using=router.db_for_write(Experience)):
        experience.save()
        publish_experiences(now=now)


def delete_experiences(experiences: Any, *, now: dt.datetime) -> int:
    """Delete the experiences of a queryset and publish; returns how many there were."""
    with transaction.atomic(using=router.db_for_write(Experience)):
        _, counts = experiences.delete()
        publish_experiences(now=now)
    return int(counts.get(Experience._meta.label, 0))


def publish_experiences(*, now: dt.datetime) -> int:
    """Write what is live into the publication; returns its new version.

    The publication's row is locked before the experiences are read, so that of two people who
    publish at once the second one sees what the first one did.
    """
    with transaction.atomic(using=router.db_for_write(Publication)):
        Publication.objects.select_for_update().get_or_create(pk=1)
        live = Experience.objects.filter(state=Experience.State.LIVE)
        row = publication.publish_experiences([published(each) for each in live], now=now)
    return row.version


def published(experience: Experience) -> dict[str, Any]:
    """One experience as pages read it, whether it is saved or not."""
    return {
        "format": FORMAT,
        "slug": experience.slug,
        "slot": experience.slot,
        "segments": list(experience.segments),
        "match": str(experience.match),
        "content_html": experience.content_html,
        "template_name": experience.template_name,
        "priority": experience.priority,
        "starts_at": None if experience.starts_at is None else to_ms(experience.starts_at),
        "ends_at": None if experience.ends_at is None else to_ms(experience.ends_at),
        "created_at": to_ms(experience.created_at),
        "kind": str(experience.kind),
        "order_keys": list(experience.order_keys),
        "product_keys": list(experience.product_keys),
        "offer": experience.offer,
    }
