"""What the shop's tests share: the loaded catalogue, and a list of what the shop told the personalisation app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django_microseg.segment import rulebook
from example_shop.shop import tracking
from example_shop.shop.catalogue.load import load_catalogue
from example_shop.shop.demo.personalise import add_offers


@pytest.fixture
def catalogue(db: None) -> None:
    load_catalogue()


@pytest.fixture
def offers(db: None) -> Iterator[None]:
    """The demo's offers, in force."""
    rulebook.forget()
    add_offers()
    yield
    rulebook.forget()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Every (event, properties) that the shop hands to `track`."""
    events: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(tracking, "track", lambda request, name, /, **properties: events.append((name, properties)))
    return events
