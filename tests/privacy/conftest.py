"""What the tests of this folder share: a cache in memory that the web processes are said to share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def shared_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.MICROSEG = {"CACHE": "default"}
