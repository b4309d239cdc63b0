"""What the door tests share: a clean memory of the process, segments, and experiences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from django_microseg.collect.surroundings import here
from django_microseg.decide import caller, cart, hand_over, ordering, shelf, stock, visitor
from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.segment import rulebook
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse
from tests.doors import site
from tests.doors.browsers import consenting, undecided


@pytest.fixture(autouse=True)
def _our_urls(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.doors.site"
    settings.CSRF_FAILURE_VIEW = "tests.doors.site.refused"
    monkeypatch.setattr("django.conf.urls.handler404", site.not_found)


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """As if the web process had just started: nothing remembered, no breaker open."""
    forget_process()
    yield
    forget_process()


def forget_process() -> None:
    rulebook.forget()
    here.forget()
    for guard in (
        caller.READING,
        caller.SURROUNDINGS,
        visitor.DECIDING,
        hand_over.STORING_NOW,
        hand_over.STORING_LATER,
        shelf.SHARING,
        stock.STOCKING,
        cart.CARTING,
        ordering.ORDERING,
    ):
        guard.reset()


@pytest.fixture
def restart() -> Callable[[], None]:
    """Make this process forget everything, as a new one would know nothing."""
    return forget_process


@pytest.fixture
def shopper() -> Client:
    """A browser whose visitor has said yes."""
    return consenting()


@pytest.fixture
def stranger() -> Client:
    """A browser whose visitor has not answered the consent question."""
    return undecided()


@pytest.fixture
def make_segment() -> Callable[..., Segment]:
    def make(slug: str, rule: str, *, now: dt.datetime | None = None) -> Segment:
        moment = now or timezone.now()
        segment = Segment.objects.create(slug=slug, name=slug.title())
        save_definition(segment, to_json(parse(rule)), now=moment)
        activate([segment], now=moment)
        segment.refresh_from_db()
        return segment

    return make


@pytest.fixture
def make_experience() -> Callable[..., Experience]:
    def make(slug: str, *segments: str, **fields: Any) -> Experience:
        given = {"slot": "home-hero", "state": "live", "content_html": f"<b>{slug}</b>", **fields}
        experience = Experience(slug=slug, name=slug.title(), segments=list(segments), **given)
        experience.full_clean()
        save_experience(experience, now=timezone.now())
        return experience

    return make


@pytest.fixture
def buyers(make_segment: Callable[..., Segment], make_experience: Callable[..., Experience]) -> Segment:
    """The segment of those who put something into the cart, and a hero for them."""
    segment = make_segment("buyers", 'count("product_added") >= 1')
    make_experience("for-buyers", "buyers")
    return segment


@pytest.fixture
def social(make_segment: Callable[..., Segment], make_experience: Callable[..., Experience]) -> Segment:
    """The segment of those who come from a social network for the first time, and a hero for them."""
    segment = make_segment("social", 'context.channel == "social" and context.visit_number == 1')
    make_experience("first-order", "social")
    return segment
