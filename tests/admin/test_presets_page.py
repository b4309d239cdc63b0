"""The ready-made segments in the admin: what the shop has is shown, what is ticked is added."""

from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.segment.models import Segment
from django_microseg.segment.sweep import sweep
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

PAGE = "/admin/django_microseg/segment/presets/"


def test_each_has_its_sentence_and_a_tick(owner):
    page = read(owner.get(PAGE).text)
    assert "Frequent buyers Somebody who bought at least 3 times in the last 30 days." in page.words
    assert len(page.all("input", name="preset", type="checkbox")) == 15


def test_what_the_shop_has_leads_to_it_and_has_no_tick(owner):
    owner.post(PAGE, {"preset": ["vip", "nonsense"]})
    vip = Segment.objects.get()
    page = read(owner.get(PAGE).text)
    assert (vip.slug, vip.state) == ("vip", "active")
    assert f"/admin/django_microseg/segment/{vip.pk}/change/" in page.addresses()
    assert "vip" not in [tag["value"] for tag in page.all("input", name="preset")]


def test_nothing_ticked_adds_nothing(owner):
    words = owner.post(PAGE, {"preset": ["nonsense"]}, follow=True).text
    assert ("Nothing was added" in words, Segment.objects.count()) == (True, 0)


def test_looking_adds_nothing(owner):
    owner.get(PAGE, {"preset": "vip"})
    assert Segment.objects.count() == 0


@pytest.mark.parametrize("permissions", [(), ("view_segment",), ("add_segment",), ("view_segment", "change_segment")])
def test_adding_needs_both_permissions(staff, permissions):
    assert staff(*permissions).post(PAGE, {"preset": "vip"}).status_code == 403
    assert Segment.objects.count() == 0


def test_with_both_permissions_it_is_added_and_noted(staff):
    editor = staff("view_segment", "add_segment", "change_segment")
    editor.post(PAGE, {"preset": "vip"})
    assert "ready-made" in editor.get(f"/admin/django_microseg/segment/{Segment.objects.get().pk}/history/").text


def test_what_outlasts_the_request_is_added_and_says_that_sweeps_go_on(owner, happen, monkeypatch):
    for customer in ("ada", "bea"):
        happen("order_completed", customer=customer, order_id=customer, revenue="20", currency="GBP")
    monkeypatch.setattr("django_microseg.segment.admin_presets.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("django_microseg.segment.refresh.BATCH", 1)
    told = owner.post(PAGE, {"preset": ["vip", "frequent-buyers"]}, follow=True).text
    assert "2 segments added. Sweeps look at all people for them; then they are in force." in told
    assert Segment.objects.filter(state="active").count() == 0
    sweep(timezone.now())
    assert Segment.objects.filter(state="active").count() == 2
