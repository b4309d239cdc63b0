"""No test goes by rules that another one published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_microseg.segment import rulebook


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()
