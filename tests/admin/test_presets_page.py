"""The ready-made segments in the admin: what the shop has is shown, what is ticked is added."""

from __future__ import annotations

import pytest

from django_microseg.segment.models import Segment
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


def test_shop_with_many_people_is_pointed_to_the_command(owner, happen, monkeypatch):
    happen("page_viewed", visitor="visitor-number-one", path="/")
    assert "manage.py microseg_presets" not in owner.get(PAGE).text
    monkeypatch.setattr("django_microseg.segment.admin_presets._MANY", 0)
    assert "This shop knows 1 people" in owner.get(PAGE).text
