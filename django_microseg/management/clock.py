"""Reads ``--now``: the instant that a command takes for the present."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from django_microseg.management.base import not_done
from django_microseg.segment.rulebook import shop_zone

__all__ = ["read_now"]


def read_now(text: str | None) -> dt.datetime:
    """An aware instant; a time without a zone is the shop's, and no text at all is now."""
    if text is None:
        return timezone.now()
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise not_done(f"--now {text!r} is no time: write it as ISO 8601, such as 2026-03-31T20:00:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=shop_zone())
