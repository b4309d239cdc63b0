"""Companies in the admin: figures, and members for whoever may see people."""

from __future__ import annotations

import pytest
from django.utils import timezone

from django_microseg.accounts import join_account
from django_microseg.profile.account_totals import recount_due
from django_microseg.profile.models import Account
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/account/"


@pytest.fixture
def acme(happen) -> str:
    happen("order_completed", customer="ada", order_id="A-1", revenue="1234.5", currency="GBP")
    for customer in ("ada", "bob"):
        join_account(customer, "acme", name="Acme Ltd")
    recount_due(timezone.now())
    return f"{LIST}{Account.objects.get().pk}/change/"


def test_list_says_what_all_members_did_together(owner, acme):
    assert "Acme Ltd acme 2 1 1 1,234.50 GBP" in read(owner.get(LIST).text).words


def test_account_that_nobody_counted_claims_no_figure(owner):
    join_account("ada", "acme")
    assert "not counted yet" in owner.get(LIST).text


def test_page_names_the_members_to_whoever_may_see_people(owner, staff, acme):
    assert "2 people belong to this account now. Who Known since ada" in read(owner.get(acme).text).words
    words = read(staff("view_account").get(acme).text).words
    assert ("2 people belong to this account now." in words, "ada" in words.split()) == (True, False)


def test_account_is_found_by_the_beginning_of_its_key_or_a_part_of_its_name(owner, acme):
    pages = {term: "1,234.50" in owner.get(LIST, {"q": term}).text for term in ("ac", "ltd", "zzz")}
    assert pages == {"ac": True, "ltd": True, "zzz": False}
