"""Nothing that a visitor or the shop has written runs in the admin, and our pages keep to a strict content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from django_microseg.collect.models import Event, QuarantinedEvent
from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer, Redemption
from django_microseg.profile.facts import set_fact
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Identity, Merge, Profile
from django_microseg.profile.traits.definition import Stream, Test, Trait
from django_microseg.segment.json_form import to_json
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate, save_definition
from django_microseg.segment.rule import Group, TraitCondition

pytestmark = pytest.mark.django_db

ROOT = "/admin/django_microseg/"
ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</pre><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "{{ 7|add:7 }}{% load x %}",
    "javascript:alert(1)",
    "<!--<script>",
    "]]><script>alert(1)</script>",
    "\u2028<script>alert(1)</script>",
]
#: What would begin an element or leave an attribute, had it not been escaped.
LIVE = re.compile(r"<(?:script>alert|img src=x|svg/onload|!--<script)|14\{% load", re.IGNORECASE)


@pytest.fixture
def crawl(owner: Client):
    """Every page of ours with every piece of text that came from outside."""

    def pages(attack: str) -> list[str]:
        visitor = Profile.objects.create(created_at=timezone.now())
        customer = Profile.objects.create(created_at=timezone.now(), customer_key=attack[:100])
        Identity.objects.create(kind="visitor", value=attack[:64], profile=visitor, first_seen_at=timezone.now())
        Identity.objects.create(kind="customer", value=attack[:100], profile=customer, first_seen_at=timezone.now())
        _act(customer, attack)
        set_fact(customer, "city", attack, source="crm", now=timezone.now())
        merge_at_login(attack[:64], attack[:100], now=timezone.now())
        segment = _segment(attack)
        hero = Experience.objects.create(
            slug="hero", name=attack, slot="home-hero", content_html=attack, segments=[attack]
        )
        offer = Offer.objects.create(
            slug="ten", name=attack, headline=attack, text=attack, percent_hundredths=1000, segments=[attack]
        )
        redemption = Redemption.objects.create(
            offer=offer, order_key=attack[:100], amount_minor=100, currency="GBP", redeemed_at=timezone.now()
        )
        bad = QuarantinedEvent.objects.create(
            source="web", name=attack, reason="bad", detail=attack, payload=attack, message_id=attack,
            visitor_key=attack[:64], customer_key=attack[:100], received_at=timezone.now(),
        )  # fmt: skip
        merge = Merge.objects.get()
        addresses = [
            "segment/",
            f"segment/{segment.pk}/change/",
            f"segment/{segment.pk}/members/",
            f"segment/{segment.pk}/history/",
            "experience/",
            f"experience/{hero.pk}/change/",
            "offer/",
            f"offer/{offer.pk}/change/",
            "redemption/",
            f"redemption/{redemption.pk}/change/",
            "profile/",
            f"profile/{visitor.pk}/change/",
            f"profile/{customer.pk}/change/",
            f"profile/{customer.pk}/timeline/",
            f"profile/{customer.pk}/figures/",
            f"profile/{customer.pk}/explain/seg/",
            f"profile/{customer.pk}/unmerge/{merge.pk}/",
            "quarantinedevent/",
            f"quarantinedevent/{bad.pk}/change/",
        ]
        found = [owner.get(f"{ROOT}{address}") for address in addresses]
        assert {page.status_code for page in found} == {200}
        return [page.text for page in found]

    return pages


def _act(profile: Profile, attack: str) -> None:
    now = timezone.now()
    Event.objects.create(
        profile=profile, visitor_key=attack[:64], name=attack[:64], source=attack[:40], message_hash=profile.key,
        occurred_at=now, received_at=now, product_key=attack, category=attack, brand=attack, coupon=attack,
        order_key=attack, channel=attack, campaign=attack, device=attack[:20], properties={"path": attack},
    )  # fmt: skip


def _segment(attack: str) -> Segment:
    segment = Segment.objects.create(slug="seg", name=attack[:120], description=attack)
    filtered = Stream("product_viewed", (Test("category", "eq", (attack,)),))
    rule = Group("all", (TraitCondition(Trait("count", filtered), ">=", 1),))
    save_definition(segment, to_json(rule), now=timezone.now(), author=attack, note=attack)
    activate([segment], now=timezone.now())
    return segment


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_from_outside_is_escaped_on_every_page(crawl, attack):
    assert [LIVE.search(page) for page in crawl(attack)] == [None] * 19


def test_pages_hold_no_script_style_or_handler_of_their_own(crawl):
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son\w+=", re.IGNORECASE
    )
    assert [inline.findall(page) for page in crawl("plain")] == [[]] * 19


def test_visitors_text_is_marked_safe_nowhere():
    package = Path(__file__).resolve().parents[2] / "django_microseg"
    sources = [*package.rglob("*.py"), *package.rglob("*.html")]
    marked = {
        str(path.relative_to(package))
        for path in sources
        if re.search(r"mark_safe|\|safe\b|autoescape off|SafeString\(", path.read_text())
    }
    # The one place: HTML that staff wrote for a slot.
    assert marked == {"templatetags/showing.py"}


def test_pages_of_ours_need_a_permission(owner):
    """Every address below our models goes through the admin's own check."""
    assert reverse("admin:django_microseg_profile_timeline", args=[1]).startswith("/admin/")
    assert Client().get(reverse("admin:django_microseg_profile_timeline", args=[1])).status_code == 302
