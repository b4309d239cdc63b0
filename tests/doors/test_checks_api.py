"""System check of the HTTP API's addresses: they are part of ours, and reached in no other way."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.urls import include, path

OURS = path("microseg/", include("django_microseg.urls"))
ALONE = path("api/", include("django_microseg.rest.urls"))
urlpatterns: list[Any] = []


@pytest.mark.parametrize(
    ("patterns", "is_found"),
    [
        ([OURS], False),
        ([OURS, ALONE], True),
        ([OURS, path("shop/", include([ALONE]))], True),
        ([path("shop/", include([OURS]))], False),
    ],
)
def test_api_beside_our_own_addresses_is_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch, patterns: list[Any], *, is_found: bool
) -> None:
    monkeypatch.setattr(f"{__name__}.urlpatterns", patterns)
    settings.ROOT_URLCONF = __name__
    assert ("django_microseg.E012" in {each.id for each in run_checks()}) is is_found
