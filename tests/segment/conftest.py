"""What tests of membership share: a fresh process, and the events that they send."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_microseg.segment import rulebook


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()
