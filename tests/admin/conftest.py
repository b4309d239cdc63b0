"""What the admin tests share: staff of every kind, and a shop with something to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.profile.models import Profile
from django_microseg.segment import rulebook
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    rulebook.forget()


@pytest.fixture
def staff() -> Callable[..., Client]:
    """A browser of a member of staff with some permissions (``view_segment`` …), or of the owner."""

    def log_in(*permissions: str, is_owner: bool = False, is_staff: bool = True) -> Client:
        name = f"user-{User.objects.count()}"
        user = User.objects.create(username=name, is_staff=is_staff, is_superuser=is_owner)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        browser = Client()
        browser.force_login(user)
        return browser

    return log_in


@pytest.fixture
def owner(staff: Callable[..., Client]) -> Client:
    return staff(is_owner=True)


@pytest.fixture
def make_segment() -> Callable[..., Segment]:
    def make(slug: str, rule: str, *, is_active: bool = True, **fields: Any) -> Segment:
        segment = Segment.objects.create(slug=slug, **{"name": slug.title(), **fields})
        save_definition(segment, to_json(parse(rule)), now=timezone.now())
        if is_active:
            activate([segment], now=timezone.now())
        segment.refresh_from_db()
        return segment

    return make


@pytest.fixture
def happen() -> Callable[..., Profile]:
    """Let something happen to a visitor or customer, and give their profile."""

    def store(name: str, *, visitor: str = "", customer: str = "", days_ago: float = 0, **fields: Any) -> Profile:
        context = {word: fields.pop(word) for word in ("channel", "campaign", "device") if word in fields}
        now = timezone.now()
        event = IncomingEvent(
            name,
            occurred_at=now - dt.timedelta(days=days_ago),
            visitor_key=visitor,
            customer_key=customer,
            properties=fields,
            **context,
        )
        report = ingest([event], source="test", received_at=now)
        assert report.stored == 1, report
        kind, value = ("customer", customer) if customer else ("visitor", visitor)
        return Profile.objects.get(identities__kind=kind, identities__value=value)

    return store
