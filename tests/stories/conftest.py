"""What the stories share: a fresh process, and a story that ends on a Sunday at noon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from django_microseg.segment import rulebook
from django_microseg.testing import Story

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """As if the process had just started."""
    rulebook.forget()
    yield
    rulebook.forget()


@pytest.fixture
def story(db: None) -> Story:
    """A shop in London (the example's zone), on 1 March 2026 at noon."""
    return Story(now=NOW)
