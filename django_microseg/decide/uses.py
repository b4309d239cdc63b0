"""Tells the segment room which experiences and offers go by a segment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from django_microseg.segment.uses import Use

from .models import Experience
from .offers.models import Offer

__all__ = ["on_uses_asked"]


def on_uses_asked(sender: Any, *, slugs: frozenset[str], now: dt.datetime, **kwargs: Any) -> tuple[Use, ...]:
    """Experiences, with their slot, and offers, of any state; one whose time has passed is over."""
    experiences = Experience.objects.defer("content_html", "order_keys", "product_keys")
    return (
        *(_use(each, _("experience"), now, where=each.slot) for each in experiences if slugs & set(each.segments)),
        *(_use(each, _("offer"), now) for each in Offer.objects.all() if slugs & set(each.segments)),
    )


def _use(row: Experience | Offer, kind: str, now: dt.datetime, *, where: str = "") -> Use:
    is_over = row.ends_at is not None and row.ends_at <= now
    state = _("ended") if is_over else str(row.get_state_display())
    return Use(row, kind, state, where, is_over)
