"""What the tests of offers share: a shop, offers, browsers, and ways to check out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from django_microseg.decide.offers.models import Offer
from django_microseg.decide.offers.publish import save_offer
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.text import parse
from django_microseg.shop.values import Money
from tests.decide.offers.shop import PATH, ListShop
from tests.doors.browsers import consenting, undecided
from tests.doors.conftest import forget_process


@pytest.fixture(autouse=True)
def _our_shop(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.decide.offers.site"
    settings.MICROSEG = {"SHOP": PATH, "CURRENCY": "GBP"}
    ListShop.placed, ListShop.subtotal = [], Money(Decimal("80.00"), "GBP")
    forget_process()
    yield
    forget_process()


@pytest.fixture
def make_offer() -> Callable[..., Offer]:
    def make(slug: str, *segments: str, **fields: Any) -> Offer:
        """A live offer of ten per cent, unless the fields say otherwise."""
        words = {"name": slug.title(), "headline": f"{slug.title()} off", "state": "live"}
        kind = {"kind": "amount"} if "amount_minor" in fields else {"percent_hundredths": 1000}
        offer = Offer(slug=slug, segments=list(segments), **{**words, **kind, **fields})
        offer.full_clean()
        save_offer(offer, now=timezone.now())
        return offer

    return make


@pytest.fixture
def make_segment() -> Callable[..., Segment]:
    def make(slug: str, rule: str) -> Segment:
        segment = Segment.objects.create(slug=slug, name=slug.title())
        save_definition(segment, to_json(parse(rule)), now=timezone.now())
        activate([segment], now=timezone.now())
        return segment

    return make


@pytest.fixture
def buyers(make_segment: Callable[..., Segment]) -> Segment:
    """Those who put something into the cart."""
    return make_segment("buyers", 'count("product_added") >= 1')


@pytest.fixture
def welcome(make_offer: Callable[..., Offer]) -> Offer:
    return make_offer("welcome", code="WELCOME10", is_first_order=True)


@pytest.fixture
def shopper() -> Client:
    return consenting()


@pytest.fixture
def stranger() -> Client:
    return undecided()


def quote(browser: Client, **asked: str) -> dict[str, Any]:
    return browser.post("/quote/", asked).json()


def buy(browser: Client, number: str, **asked: str) -> dict[str, Any]:
    return browser.post(f"/buy/{number}/", asked).json()
