"""``django_microseg.accounts``: what the shop's own code says of companies, and what it is told."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from django_microseg.accounts import NoAccount, account_totals, customers_of, join_account, leave_account
from django_microseg.profile.account_totals import recount_due
from django_microseg.profile.errors import PersonErased
from django_microseg.profile.models import Account, Fact
from django_microseg.profile.tombstone import remember_erased
from django_microseg.segment.text import parse
from tests.segment.shop import buy

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[2] / "docs" / "identity.md"


def test_members_join_and_leave_and_their_totals_are_told() -> None:
    join_account("17", "Acme", name=" Acme  Ltd ")
    join_account("23", "acme")
    assert account_totals("acme") is None
    buy("17", timezone.now(), revenue=90)
    recount_due(timezone.now())
    totals = account_totals("ACME")
    assert totals is not None
    found = (totals.name, totals.members, totals.buyers, totals.orders, totals.spend)
    assert found == ("Acme Ltd", 2, 1, 1, Decimal("90.00"))
    leave_account("17")
    assert customers_of("acme") == ["23"]
    assert customers_of("other") == []


def test_joining_again_writes_nothing_and_another_name_replaces_the_old_one() -> None:
    for name in ("Acme", "", "Acme Ltd"):
        join_account("17", "acme", name=name)
    assert (Fact.objects.count(), Account.objects.get().name) == (1, "Acme Ltd")


def test_placeholder_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(NoAccount):
        join_account("17", "null")
    assert not Account.objects.exists()


def test_who_was_erased_joins_nothing() -> None:
    remember_erased([("customer", "17")], now=timezone.now())
    with pytest.raises(PersonErased):
        join_account("17", "acme")
    assert (Account.objects.count(), Fact.objects.count()) == (0, 0)


def test_rules_of_the_page_can_be_read() -> None:
    rules = re.findall(r"```rule\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in rules for line in block.splitlines()]
    assert len([parse(line) for line in lines]) == 5
