"""What a trusted ``identify`` says leads to somebody; what a page's key says leads to nobody."""

from __future__ import annotations

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.profile.find import find_person
from django_microseg.profile.identify import person_of
from django_microseg.profile.links import device_link, email_link, loyalty_link
from django_microseg.profile.models import Identity, Merge
from django_microseg.trackers.links import links_of

pytestmark = pytest.mark.django_db

ADA = "ada@example.com"


def identify(traits, *, user="", visitor="", device=None, number=0):
    who = {name: value for name, value in (("userId", user), ("anonymousId", visitor)) if value}
    context = {"device": {"id": device}} if device else {}
    return {"type": "identify", "messageId": f"i-{user}{visitor}{number}", "traits": traits, "context": context, **who}


def test_address_card_and_device_lead_to_the_customer(said, server_key):
    traits = {"email": ADA, "loyaltyNumber": 4711, "lastName": "Lovelace"}
    answer = said(server_key, identify(traits, user="ada", device="phone-1"))
    assert answer["left_out"] == {"lastName": 1}
    for link in (email_link(ADA), loyalty_link(4711), device_link("phone-1")):
        assert person_of(link) == PersonKey("", "ada")
    assert find_person(ADA) == find_person("ada")


@pytest.mark.parametrize(("verified", "joined"), [({}, 0), ({"emailVerified": "yes"}, 0), ({"emailVerified": True}, 1)])
def test_visitor_becomes_the_customer_by_a_verified_address_alone(said, server_key, verified, joined):
    said(server_key, identify({"email": ADA}, user="ada"))
    answer = said(server_key, identify({"email": ADA, **verified}, visitor="11111111-2222-4333-8444-555555555555"))
    assert Merge.objects.count() == joined
    assert answer["left_out"] == ({} if joined else {"email of somebody else": 1})


def test_card_of_another_customer_is_counted_and_changes_nobody(said, server_key):
    said(server_key, identify({"loyaltyNumber": "1"}, user="ada"))
    answer = said(server_key, identify({"loyaltyNumber": "1"}, user="bob"))
    assert answer["left_out"] == {"loyalty of somebody else": 1}
    assert person_of(loyalty_link("1")) == PersonKey("", "ada")


def test_page_of_a_browser_ties_nothing(said, browser_key):
    said(
        browser_key, identify({"email": ADA, "emailVerified": True, "loyaltyNumber": "1"}, visitor="a" * 30, device="d")
    )
    assert not Identity.objects.exclude(kind="visitor").exists()


def test_what_leads_to_nobody_is_left_out():
    said = links_of({"email": "none", "loyalty_id": "0", "city": "Leeds"}, device={"id": 1})
    assert (said.links, said.left_out, said.rest) == ((), ("email", "loyalty_id", "device.id"), {"city": "Leeds"})
