"""Two thousand people whom nobody has looked at yet, and who of them must be in which segment in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.profile.models import Profile
from django_microseg.segment.evaluate import evaluate
from django_microseg.segment.listen import deferred
from django_microseg.segment.models import Membership, MembershipChange, RefreshRun, RefreshShard
from django_microseg.segment.rulebook import current
from tests.segment.shop import put_in_force

__all__ = ["PEOPLE", "assert_all_is_right", "everything_held", "gather", "pass_time", "progress"]

PEOPLE = 2000
RULES = {
    "buyers": 'count("order_completed") >= 1',
    "recent": 'count("order_completed", days=30) >= 1',
    "big": 'sum("order_completed", "value") >= 100',
    "lapsed": 'count("order_completed", days=90) == 0 and count("order_completed") >= 1',
}


def gather() -> None:
    """Everybody bought something some time within the last 200 days, for 1 to 150 pounds; none is dirty or due."""
    put_in_force(timezone.now(), **RULES)
    now = timezone.now()
    with deferred():
        for at in range(0, PEOPLE, 500):
            ingest([_order(n, now) for n in range(at, at + 500)], source="server", received_at=now)
    Profile.objects.update(dirty_since=None)


def _order(number: int, now: dt.datetime) -> IncomingEvent:
    return IncomingEvent(
        name="order_completed",
        message_id=f"crowd-{number}",
        occurred_at=now - dt.timedelta(days=number * 7 % 200, hours=1),
        customer_key=f"crowd-{number:04}",
        properties={"order_id": f"o-{number}", "revenue": number * 13 % 150 + 1, "currency": "GBP"},
    )


def progress() -> int:
    return RefreshShard.objects.aggregate(done=Sum("profiles"))["done"] or 0


@contextmanager
def everything_held() -> Iterator[None]:
    """Nobody else writes to a profile within the block: whoever wants to, waits."""
    with transaction.atomic():
        if connection.features.has_select_for_update:
            list(Profile.objects.select_for_update().order_by("pk").values_list("pk"))
        yield


def pass_time(seconds: float) -> None:
    """As though shards had been taken so long ago."""
    for shard in RefreshShard.objects.exclude(taken_at=None):
        RefreshShard.objects.filter(pk=shard.pk).update(taken_at=shard.taken_at - dt.timedelta(seconds=seconds))


def assert_all_is_right() -> None:
    """Memberships are those that a clean look at the events finds, and each was entered once."""
    members = set(Membership.objects.values_list("profile_id", "definition_id"))
    profiles = list(Profile.objects.order_by("pk"))
    wanted = {
        (each.profile.pk, definition)
        for each in evaluate(profiles, current(), timezone.now(), refold=True)
        for definition in each.definitions
    }
    assert len(profiles) == PEOPLE
    assert len(members) > PEOPLE
    assert members == wanted
    changes = list(MembershipChange.objects.values_list("profile_id", "definition_id", "is_entry"))
    assert sorted(changes) == sorted((*pair, True) for pair in members)
    assert not RefreshRun.objects.filter(kind="full", state="running").exists()
