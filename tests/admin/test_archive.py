"""A segment that something goes by is not archived; pausing it says what goes by it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer
from django_microseg.segment import admin_form
from django_microseg.segment.judged import read_rule
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import pause
from django_microseg.segment.uses import InUse
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

RULE = 'count("order_completed") >= 1'


@pytest.fixture
def buyers(make_segment) -> Segment:
    return make_segment("buyers", RULE)


def _save(browser, segment: Segment, state: str):
    given = {"name": segment.name, "description": "", "rule_text": RULE, "note": "", "state": state}
    response = browser.post(reverse("admin:django_microseg_segment_change", args=[segment.pk]), given, follow=True)
    segment.refresh_from_db()
    return read(response.text)


def _hero(**fields) -> Experience:
    return Experience.objects.create(slug="hero", name="Hero", slot="home-hero", segments=["buyers"], **fields)


def test_unused_segment_is_archived(owner, buyers):
    _save(owner, buyers, "archived")
    assert buyers.state == "archived"


@pytest.mark.parametrize("state", ["draft", "live", "paused"])
def test_experience_of_any_state_keeps_it_and_is_linked(owner, buyers, state):
    hero = _hero(state=state)
    page = _save(owner, buyers, "archived")
    assert (buyers.state, "It is not archived, because this goes by it." in page.words) == ("active", True)
    assert f"/admin/django_microseg/experience/{hero.pk}/change/" in page.addresses()


def test_offer_and_segment_keep_it_too(owner, buyers, make_segment):
    Offer.objects.create(slug="ten", name="Ten", headline="Ten", percent_hundredths=1000, segments=["buyers"])
    make_segment("keen", 'segment("buyers")', is_active=False)
    words = _save(owner, buyers, "archived").words
    assert ("offer Ten (draft)" in words, "segment Keen (draft)" in words) == (True, True)


def test_what_has_ended_or_is_archived_does_not_keep_it(owner, buyers, make_segment):
    _hero(ends_at=timezone.now() - dt.timedelta(seconds=1))
    make_segment("keen", 'segment("buyers")', is_active=False, state="archived")
    _save(owner, buyers, "archived")
    assert buyers.state == "archived"


def test_what_ends_later_keeps_it(owner, buyers):
    _hero(ends_at=timezone.now() + dt.timedelta(hours=1))
    _save(owner, buyers, "archived")
    assert buyers.state == "active"


def test_name_of_a_use_is_escaped(owner, buyers):
    Experience.objects.create(slug="x", name="<b>bold</b>", slot="home-hero", segments=["buyers"])
    assert "<b>bold</b>" in _save(owner, buyers, "archived").words


def test_nobody_gets_round_the_admin(buyers):
    _hero()
    with pytest.raises(InUse, match="Hero"):
        pause(buyers, now=timezone.now(), state="archived")
    buyers.refresh_from_db()
    assert buyers.state == "active"


def test_use_that_begins_while_the_form_is_checked_keeps_it_and_is_said(owner, buyers, monkeypatch):
    _hero()
    monkeypatch.setattr(admin_form, "in_use", lambda segment, now: ())
    words = _save(owner, buyers, "archived").words
    assert (buyers.state, "because this goes by it: experience “Hero”." in words) == ("active", True)


def test_form_writes_over_nothing_that_it_does_not_ask(owner, buyers, monkeypatch):
    def happens_meanwhile(text, **asked):
        Segment.objects.update(size=42, managed_by="shop.yaml", name="Theirs")
        return read_rule(text, **asked)

    monkeypatch.setattr(admin_form, "read_rule", happens_meanwhile)
    _save(owner, buyers, "active")
    assert (buyers.size, buyers.managed_by, buyers.name) == (42, "shop.yaml", "Buyers")
    assert (buyers.state, buyers.live_version.number) == ("active", 1)


def test_pausing_what_is_used_is_done_and_said(owner, buyers):
    _hero()
    words = _save(owner, buyers, "paused").words
    assert (buyers.state, "this goes by it: experience “Hero”." in words) == ("paused", True)


def test_pausing_what_nothing_uses_needs_no_word(owner, buyers):
    words = _save(owner, buyers, "paused").words
    assert (buyers.state, "goes by it:" in words) == ("paused", False)
