"""Generated histories void messages by hand, so a merge must not judge their orders by cancellations."""

from __future__ import annotations

import pytest

from django_microseg.profile import merge, unmerge


@pytest.fixture(autouse=True)
def _voids_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (merge, unmerge):
        monkeypatch.setattr(module, "revoid", lambda profile_ids: frozenset())
