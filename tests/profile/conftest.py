"""What the tests of profiles share: a process that remembers no rules of another test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_microseg.segment import rulebook


@pytest.fixture(autouse=True)
def _fresh_rulebook() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()
