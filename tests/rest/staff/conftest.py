"""Staff of every kind, and a shop with people in it: the same as for the admin."""

from __future__ import annotations

from typing import Any

import pytest

from django_microseg.segment.models import Segment
from tests.admin.conftest import happen, make_segment, owner, staff
from tests.rest.staff.asking import BOUGHT

__all__ = ["happen", "make_segment", "owner", "staff"]


@pytest.fixture
def ada(happen: Any) -> Any:
    """A customer who has bought something."""
    return happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")


@pytest.fixture
def visitor(happen: Any) -> Any:
    """A visitor who has looked at something."""
    return happen("product_viewed", visitor="visitor-number-one", product_id="boot-1")


@pytest.fixture
def bought(ada: Any, visitor: Any, make_segment: Any) -> Segment:
    """The segment of those who have bought something, in force: ada is in it, the visitor is not."""
    return make_segment("bought", BOUGHT)
