"""The example shop's adapter, made from nothing but its settings."""

from __future__ import annotations

import pytest
from django.conf import settings

from django_microseg.shop.mapped import MappedAdapter


@pytest.fixture
def shop() -> MappedAdapter:
    return MappedAdapter(settings.MICROSEG["SHOP"])
