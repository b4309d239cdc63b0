"""The room on its own: events find their people, and nobody listens when they are stored."""

from __future__ import annotations

import pytest
from django.dispatch import Signal

from django_microseg.collect import hooks, intake, signals
from django_microseg.profile.resolve import resolve


@pytest.fixture(autouse=True)
def stored(monkeypatch: pytest.MonkeyPatch) -> Signal:
    """The signal of this test alone."""
    own = Signal()
    monkeypatch.setattr(hooks, "people", resolve)
    monkeypatch.setattr(intake, "events_stored", own)
    monkeypatch.setattr(signals, "events_stored", own)
    return own
