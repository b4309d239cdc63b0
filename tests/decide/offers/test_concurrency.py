"""Sixteen checkouts at the same moment: one person redeems once, sixteen people redeem each."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.auth.models import User

from django_microseg.api import release_discounts
from django_microseg.decide.offers.models import Redemption, RedemptionKey
from tests.decide.offers.conftest import buy
from tests.doors.browsers import undecided
from tests.effort import cases
from tests.profile.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CHECKOUTS = 16
ROUNDS = cases(quick=3, ci=12)


def _checkouts(round_: int, emails: list[str]) -> list[dict[str, object]]:
    """So many browsers order at once; what each was told."""
    told: list[dict[str, object]] = []

    def check_out(number: int, email: str) -> None:
        told.append(buy(undecided(), f"{round_}-{number}", email=email, code="WELCOME10"))

    assert at_once(*(partial(check_out, number, email) for number, email in enumerate(emails))) == []
    return told


def test_one_address_redeems_once(welcome):
    for round_ in range(ROUNDS):
        told = _checkouts(round_, [f"hannah{round_}+{number}@example.com" for number in range(CHECKOUTS)])
        assert sorted(str(each["total"]) for each in told) == ["0"] * (CHECKOUTS - 1) + ["8.00"]
        assert {each["refusal"] for each in told} == {"", "used"}
    assert (Redemption.objects.count(), User.objects.count()) == (ROUNDS, ROUNDS * CHECKOUTS)


def test_sixteen_addresses_redeem_each(welcome):
    for round_ in range(ROUNDS):
        told = _checkouts(round_, [f"person{number}@example{round_}.com" for number in range(CHECKOUTS)])
        assert [each["total"] for each in told] == ["8.00"] * CHECKOUTS
    assert Redemption.objects.count() == ROUNDS * CHECKOUTS
    assert RedemptionKey.objects.count() == 2 * ROUNDS * CHECKOUTS


def test_two_codes_for_a_first_order_give_one_person_one_discount(welcome, make_offer):
    make_offer("hello", code="HELLO", is_first_order=True)
    for round_ in range(ROUNDS):
        works = [
            partial(buy, undecided(), f"{round_}-{number}", email=f"hannah{round_}@example.com", code=code)
            for number, code in enumerate(["WELCOME10", "HELLO"] * 4)
        ]
        assert at_once(*works) == []
        assert Redemption.objects.count() == round_ + 1


def test_order_cancelled_twice_at_once_gives_back_once(welcome):
    for round_ in range(ROUNDS):
        buy(undecided(), f"{round_}", email="hannah@example.com", code="WELCOME10")
        given_back: list[int] = []
        release = partial(lambda key, out: out.append(release_discounts(key)), f"{round_}", given_back)
        assert at_once(*[release] * 4) == []
        assert sorted(given_back) == [0, 0, 0, 1]
    assert Redemption.objects.filter(returned_at=None).count() == 0
