"""Signs of life: one row for each kind of process, the last one counts."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.segment.heartbeat import BEAT, WORKER, last_seen, note_seen, was_seen_within
from django_microseg.segment.models import Heartbeat
from tests.segment.shop import NOW

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def test_last_sign_counts_and_leaves_others_alone() -> None:
    note_seen(WORKER, now=NOW)
    note_seen(BEAT, now=NOW)
    note_seen(WORKER, now=NOW + MINUTE)
    assert (last_seen(WORKER), last_seen(BEAT)) == (NOW + MINUTE, NOW)
    assert Heartbeat.objects.count() == 2


def test_who_never_was_seen_is_none() -> None:
    assert last_seen(WORKER) is None
    assert not was_seen_within(WORKER, MINUTE, now=NOW)


@pytest.mark.parametrize(("seconds", "was_seen"), [(0, True), (59, True), (60, False), (61, False)])
def test_within_a_minute_is_less_than_a_minute_ago(seconds: int, was_seen: bool) -> None:
    note_seen(WORKER, now=NOW)
    assert was_seen_within(WORKER, MINUTE, now=NOW + dt.timedelta(seconds=seconds)) is was_seen
