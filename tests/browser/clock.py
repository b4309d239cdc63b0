"""The clock of the server under test: it starts at a chosen moment and can be put forward, but never back.

Everything in Django and in this project asks `django.utils.timezone.now`, some of it as the default of an argument; so
the clock must be put in place before anything else is imported.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

__all__ = ["forward", "install"]

_ahead = dt.timedelta()


def install(start: dt.datetime) -> None:
    global _ahead
    _ahead = start - _real_now()
    timezone.now = _now


def forward(seconds: int) -> dt.datetime:
    """Put the clock forward; returns what it shows then."""
    global _ahead
    _ahead += dt.timedelta(seconds=max(0, seconds))
    return _now()


def _real_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _now() -> dt.datetime:
    return _real_now() + _ahead
