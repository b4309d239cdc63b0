"""A shop in miniature for tests of membership: customers do things, segments are put in force."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.profile.models import Profile
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Membership, MembershipChange, Preparation, Segment, SegmentVersion
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse

__all__ = [
    "DAY",
    "NOW",
    "being_prepared",
    "buy",
    "changes_of",
    "do",
    "members",
    "prepared_members",
    "profile_of",
    "put_in_force",
    "redefine",
]

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
_numbers = count(1)


def do(
    customer: str, name: str, at: dt.datetime = NOW, *, received_at: dt.datetime | None = None, **properties: Any
) -> None:
    """A customer does something, and the shop's server says so at once."""
    event = IncomingEvent(
        name=name,
        message_id=f"test-{next(_numbers)}",
        occurred_at=at,
        customer_key=customer,
        properties=properties,
    )
    report = ingest([event], source="server", received_at=received_at or at)
    assert report.stored == 1, report


def buy(customer: str, at: dt.datetime = NOW, revenue: int = 50, **properties: Any) -> None:
    do(customer, "order_completed", at, order_id=f"o-{next(_numbers)}", revenue=revenue, currency="GBP", **properties)


def put_in_force(now: dt.datetime = NOW, /, **rules: str) -> None:
    """Segments by slug, in force at once."""
    segments = []
    for slug, text in rules.items():
        segment = Segment.objects.create(slug=slug, name=slug)
        save_definition(segment, to_json(parse(text)), now=now)
        segments.append(segment)
    activate(segments, now=now)


def redefine(slug: str, text: str, now: dt.datetime = NOW) -> SegmentVersion:
    """A new version of a segment, saved and not yet in force."""
    return save_definition(Segment.objects.get(slug=slug), to_json(parse(text)), now=now)


def being_prepared(version: SegmentVersion, *, worked_at: dt.datetime, is_free: bool = False) -> Preparation:
    """Somebody began to prepare it, and was last at work then."""
    row = Preparation.objects.create(ruleset_version=1, worked_at=worked_at, is_free=is_free)
    SegmentVersion.objects.filter(pk=version.pk).update(state="preparing", preparation=row)
    return row


def members(slug: str) -> list[str | None]:
    """The customers in a segment, as its live definition has it."""
    rows = Membership.objects.filter(segment__slug=slug, definition__state="live")
    return list(rows.order_by("profile__customer_key").values_list("profile__customer_key", flat=True))


def prepared_members(version: SegmentVersion) -> list[str | None]:
    rows = Membership.objects.filter(definition=version).order_by("profile__customer_key")
    return list(rows.values_list("profile__customer_key", flat=True))


def profile_of(customer: str) -> Profile:
    return Profile.objects.get(customer_key=customer)


def changes_of(slug: str) -> list[tuple[str | None, bool, str]]:
    """(customer, entered?, cause) of a segment, oldest first."""
    rows = MembershipChange.objects.filter(segment__slug=slug).order_by("pk")
    return list(rows.values_list("profile__customer_key", "is_entry", "cause"))
