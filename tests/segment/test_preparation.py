"""What was left over in preparation: judged by the last sign of work, not by when the rule was written."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.segment.models import Segment
from django_microseg.segment.preparation import left_over
from tests.segment.shop import DAY, NOW

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "created_at", "worked_at", "is_left_over"),
    [
        ("preparing", NOW - 6 * MINUTE, NOW - 5 * MINUTE, True),
        ("preparing", NOW - 30 * DAY, NOW - 4 * MINUTE, False),
        ("preparing", NOW, None, True),
        ("draft", NOW - 30 * DAY, NOW - 30 * DAY, False),
        ("live", NOW - 30 * DAY, NOW - 30 * DAY, False),
    ],
)
def test_what_shows_no_sign_of_work_was_left_over(
    state: str, created_at: dt.datetime, worked_at: dt.datetime | None, is_left_over: bool
) -> None:
    segment = Segment.objects.create(slug="buyers", name="Buyers")
    segment.versions.create(number=1, rule={}, state=state, created_at=created_at, worked_at=worked_at)
    assert left_over(NOW).exists() is is_left_over
