"""Start and end of a segment in the admin: typed in the shop's time, and said in words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from django_microseg.segment.models import Segment
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

RULE = 'count("order_completed") >= 1'


@pytest.fixture(autouse=True)
def _zone(settings):
    settings.TIME_ZONE = "UTC"
    settings.MICROSEG = {**settings.MICROSEG, "TIME_ZONE": "Europe/Berlin"}


@pytest.fixture
def buyers(make_segment) -> Segment:
    return make_segment("buyers", RULE, is_active=False)


def _save(browser, segment: Segment, **given: str):
    fields = {"name": "Buyers", "description": "", "rule_text": RULE, "note": "", "state": "draft", **given}
    response = browser.post(reverse("admin:django_microseg_segment_change", args=[segment.pk]), fields)
    segment.refresh_from_db()
    return response


def _page(browser, segment: Segment):
    return read(browser.get(reverse("admin:django_microseg_segment_change", args=[segment.pk])).text)


def test_time_is_that_of_the_shop_there_and_back(owner, buyers):
    _save(owner, buyers, in_force_from="2100-07-01T08:30", in_force_until="2100-12-01T00:00")
    assert buyers.in_force_from == dt.datetime(2100, 7, 1, 6, 30, tzinfo=dt.UTC)
    assert buyers.in_force_until == dt.datetime(2100, 11, 30, 23, 0, tzinfo=dt.UTC)
    page = _page(owner, buyers)
    assert page.all("input", name="in_force_from")[0]["value"] == "2100-07-01T08:30"
    assert "Version 1 comes into force 2100-07-01 08:30 (Europe/Berlin)." in page.words
    assert "It is paused 2100-12-01 00:00 (Europe/Berlin)." in page.words


def test_without_an_appointment_nothing_is_said(owner, buyers):
    _save(owner, buyers)
    words = _page(owner, buyers).words
    assert ("comes into force" in words, "It is paused" in words) == (False, False)


def test_what_is_in_the_way_is_said(owner, buyers, settings):
    _save(owner, buyers, in_force_from="2100-07-01T08:30")
    settings.MICROSEG = {**settings.MICROSEG, "APPROVAL": True}
    assert "something speaks against that: It waits for approval" in _page(owner, buyers).words
    buyers.versions.all().delete()
    assert "no rule waits for that" in _page(owner, buyers).words


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("2100-07-01T08:30", "2100-07-01T08:30", "must end after"), ("", "2001-01-01T00:00", "This is past.")],
)
def test_end_is_after_the_start_and_after_now(owner, buyers, start, end, said):
    response = _save(owner, buyers, in_force_from=start, in_force_until=end)
    assert (said in response.text, buyers.in_force_until) == (True, None)
