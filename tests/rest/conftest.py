"""What the API's tests share with those of the other doors: a small shop, browsers, segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django_microseg.collect.shared_cache import clear_own
from django_microseg.http import limit
from django_microseg.rest.failure import ANSWERING
from django_microseg.templatetags.showing import _SHOWING
from tests.doors.conftest import (
    _fresh_process,
    _our_urls,
    buyers,
    make_experience,
    make_segment,
    restart,
    shopper,
    social,
    stranger,
)

__all__ = [
    "_fresh_process",
    "_our_urls",
    "buyers",
    "make_experience",
    "make_segment",
    "restart",
    "shopper",
    "social",
    "stranger",
]


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    """No test is throttled by what another one has asked."""
    clear_own()
    yield
    for guard in (limit.COUNTING, ANSWERING, _SHOWING):
        guard.reset()


@pytest.fixture
def partner(settings: Any) -> str:
    """Another origin that may use the API."""
    settings.MICROSEG = {"API_ORIGINS": ["https://www.partner.example"]}
    return "https://www.partner.example"
