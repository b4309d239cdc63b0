"""``group`` puts somebody into a company, if the shop's own server says so."""

from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.accounts import customers_of
from django_microseg.profile.accounts import members_of
from django_microseg.profile.models import Account, Fact

pytestmark = pytest.mark.django_db


def group(account, *, user="", visitor="", number=0, **traits):
    who = {name: value for name, value in (("userId", user), ("anonymousId", visitor)) if value}
    return {"type": "group", "messageId": f"g-{user}{visitor}{number}", "groupId": account, "traits": traits, **who}


def test_customer_of_a_group_call_is_a_member_of_the_named_account(said, server_key):
    answer = said(server_key, group("Acme-1", user="ada", name="Acme Ltd"), group("acme-1", user="bob"))
    assert answer["left_out"] == {}
    assert customers_of("acme-1") == ["ada", "bob"]
    assert str(Account.objects.get()) == "Acme Ltd"


def test_visitor_of_a_trusted_client_is_a_member_too(said, server_key):
    said(server_key, group("acme", visitor="11111111-2222-4333-8444-555555555555"))
    assert members_of("acme", timezone.now()).count() == 1


def test_same_call_again_changes_nothing(said, server_key):
    for _ in range(2):
        said(server_key, group("acme", user="ada", name="Acme"))
    assert (Fact.objects.count(), Account.objects.count()) == (1, 1)


@pytest.mark.parametrize("account", ["null", "0", "undefined", "00000000-0000-0000-0000-000000000000", "x" * 101])
def test_group_that_is_none_is_counted_and_makes_no_account(said, server_key, account):
    answer = said(server_key, group(account, user="ada"))
    assert answer["left_out"] == {"groupId": 1}
    assert (Fact.objects.count(), Account.objects.count()) == (0, 0)


def test_page_of_a_browser_puts_nobody_in(said, browser_key):
    said(browser_key, group("acme", visitor="a" * 30, name="Acme"), group("acme", user="ada", name="Acme"))
    assert (Fact.objects.count(), Account.objects.count()) == (0, 0)


def test_beacon_puts_nobody_in(page_of_shop):
    event = {"name": "account_joined", "id": "1", "properties": {"account_id": "acme"}}
    answer = page_of_shop.post("/microseg/collect/", {"events": [event]}, content_type="application/json")
    assert answer.json()["stored"] == 0
    assert (Fact.objects.count(), Account.objects.count()) == (0, 0)
