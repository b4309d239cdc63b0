"""An owner edits a segment's rule in the admin: the hero changes for one visitor and not for the other."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.deciding import decide
from tests.doors.browsers import consenting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(django_user_model) -> Client:
    browser = Client()
    browser.force_login(django_user_model.objects.create(username="owner", is_staff=True, is_superuser=True))
    return browser


def test_hero_follows_the_rule_on_the_next_page(owner, buyers):
    adder, viewer = consenting(), consenting()
    adder.post("/add/")
    viewer.get("/product/")
    assert ["for-buyers" in each.get("/").text for each in (adder, viewer)] == [True, False]
    owner.post(
        reverse("admin:django_microseg_segment_change", args=[buyers.pk]),
        {
            "name": "Buyers",
            "description": "",
            "rule_text": 'count("product_viewed") >= 1',
            "note": "viewers now",
            "state": "active",
        },
    )
    assert ["for-buyers" in each.get("/").text for each in (adder, viewer)] == [True, False]
    decide(owner, buyers)
    assert ["for-buyers" in each.get("/").text for each in (adder, viewer)] == [False, True]


def test_experience_saved_in_the_admin_shows_on_the_next_page(owner, buyers):
    member, outsider = consenting(), consenting()
    member.post("/add/")
    owner.post(
        reverse("admin:django_microseg_experience_add"),
        {
            "name": "Newer",
            "slug": "newer",
            "slot": "home-hero",
            "state": "live",
            "segments": ["buyers"],
            "match": "any",
            "kind": "content",
            "content_html": "<b>newer</b>",
            "priority": "9",
        },
    )
    assert ["<b>newer</b>" in each.get("/").text for each in (member, outsider)] == [True, False]
