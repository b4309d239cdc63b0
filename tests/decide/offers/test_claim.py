"""An order claims what was quoted, once for each person; it gives back, and may be claimed anew."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from django_microseg.api import claim_discounts, release_discounts
from django_microseg.collect.models import Event
from django_microseg.decide.offers.models import Offer, Redemption, RedemptionKey
from django_microseg.decide.offers.publish import delete_offers
from django_microseg.profile.models import Identity, Profile
from tests.decide.offers.conftest import buy, quote
from tests.decide.offers.shop import ListShop
from tests.doors.browsers import consenting, cookie_of, undecided

pytestmark = pytest.mark.django_db

HANNAH = {"email": "hannah@example.com", "code": "WELCOME10"}


def redeemed() -> list[tuple[str, str, int]]:
    rows = Redemption.objects.filter(returned_at=None).order_by("pk")
    return list(rows.values_list("order_key", "offer__slug", "amount_minor"))


def test_order_takes_what_was_quoted(stranger, welcome):
    assert buy(stranger, "A-1", **HANNAH)["lines"] == {"welcome": "8.00"}
    row = Redemption.objects.get()
    assert (row.order_key, row.offer, row.amount_minor, row.currency, row.returned_at, row.profile) == (
        "A-1",
        welcome,
        800,
        "GBP",
        None,
        None,
    )
    assert abs((timezone.now() - row.redeemed_at).total_seconds()) < 60


def test_table_holds_no_address(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    kept = str(list(RedemptionKey.objects.values())) + str(list(Redemption.objects.values()))
    assert "hannah" not in kept
    assert "example" not in kept


@pytest.mark.parametrize("email", ["hannah@example.com", " HANNAH@example.com ", "hannah+again@Example.com"])
def test_same_address_in_a_browser_without_cookies_does_not_get_it_again(stranger, make_offer, email):
    make_offer("thanks", code="THANKS")
    buy(stranger, "A-1", email="hannah@example.com", code="THANKS")
    again = buy(undecided(), "A-2", email=email, code="THANKS")
    assert (again["lines"], again["refusal"]) == ({}, "used")
    assert again["reason"] == "The code THANKS can be used once, and has been used already."
    assert buy(undecided(), "A-3", email="other@example.com", code="THANKS")["total"] == "8.00"


def test_account_does_not_get_it_again_with_another_address_and_another_account_does(make_offer):
    make_offer("thanks", code="THANKS")
    hannah, ada = undecided(), undecided()
    hannah.force_login(User.objects.create(username="hannah"))
    ada.force_login(User.objects.create(username="ada"))
    buy(hannah, "A-1", email="one@example.com", code="THANKS")
    assert buy(hannah, "A-2", email="two@example.com", code="THANKS")["refusal"] == "used"
    assert buy(ada, "A-3", email="three@example.com", code="THANKS")["total"] == "8.00"


def test_second_account_with_the_same_address_does_not_get_it_again(make_offer):
    make_offer("thanks", code="THANKS")
    first, second = undecided(), undecided()
    first.force_login(User.objects.create(username="one", email="hannah@example.com"))
    second.force_login(User.objects.create(username="two", email="Hannah+2@example.com"))
    buy(first, "A-1", email="work@example.com", code="THANKS")
    assert buy(second, "A-2", email="play@example.com", code="THANKS")["refusal"] == "used"


def test_member_offer_is_used_once_too(shopper, buyers, make_offer):
    make_offer("own", "buyers")
    shopper.post("/add/")
    assert buy(shopper, "A-1", email="hannah@example.com")["lines"] == {"own": "8.00"}
    assert buy(shopper, "A-2", email="hannah@example.com") == {
        "lines": {},
        "labels": [],
        "total": "0",
        "currency": "GBP",
        "refusal": "",
        "reason": "",
    }


def test_stranger_does_not_get_a_members_offer(shopper, stranger, buyers, make_offer):
    make_offer("own", "buyers")
    shopper.post("/add/")
    assert (buy(stranger, "A-1", email="s@example.com")["lines"], redeemed()) == ({}, [])


def test_without_any_address_there_is_nothing_to_hold_single_use_by(stranger, welcome):
    assert buy(stranger, "A-1", code="WELCOME10")["refusal"] == "needs_email"
    assert redeemed() == []


def test_order_that_is_being_placed_does_not_count_as_one_before(stranger, welcome):
    ListShop.place("A-1", email="hannah@example.com")
    assert buy(stranger, "A-1", **HANNAH)["total"] == "8.00"
    assert buy(stranger, "A-2", **HANNAH)["refusal"] == "used"
    assert buy(stranger, "A-3", email="hannah@example.com", code="OTHER")["refusal"] == "unknown"


def test_one_first_order_takes_one_offer_for_a_first_order(stranger, welcome, make_offer):
    make_offer("hello", code="HELLO", is_first_order=True)
    buy(stranger, "A-1", **HANNAH)
    assert buy(stranger, "A-2", email="hannah@example.com", code="HELLO")["refusal"] == "not_first_order"
    assert buy(stranger, "A-3", email="ada@example.com", code="HELLO")["total"] == "8.00"


def test_offers_that_stack_are_redeemed_each(shopper, buyers, make_offer):
    make_offer("own", "buyers", amount_minor=1000, stacks=True)
    make_offer("coded", code="CODED", stacks=True, priority=1)
    shopper.post("/add/")
    buy(shopper, "A-1", email="hannah@example.com", code="CODED")
    assert redeemed() == [("A-1", "coded", 800), ("A-1", "own", 1000)]


def test_same_order_may_ask_twice_and_takes_it_once(stranger, welcome):
    first = buy(stranger, "A-1", **HANNAH)
    User.objects.all().delete()
    assert buy(stranger, "A-1", **HANNAH) == first
    assert len(redeemed()) == 1


def test_what_is_not_given_is_not_redeemed(stranger, make_offer):
    make_offer("big", code="BIG", minimum_minor=10_000)
    buy(stranger, "A-1", email="hannah@example.com", code="BIG")
    assert (redeemed(), RedemptionKey.objects.count()) == ([], 0)


def test_subtotal_may_be_given_when_the_cart_is_gone(stranger, welcome):
    ListShop.subtotal = None
    assert buy(stranger, "A-1", subtotal="20.00", **HANNAH)["total"] == "2.00"


def test_redemption_stands_on_the_profile_of_a_visitor_whom_we_may_know(shopper, stranger, welcome):
    shopper.post("/add/")
    buy(shopper, "A-1", email="hannah@example.com", code="WELCOME10")
    identity = Identity.objects.get(kind="visitor", value=cookie_of(shopper).visitor_key)
    assert Redemption.objects.get().profile_id == identity.profile_id
    buy(consenting(purposes=()), "A-2", email="no@example.com", code="WELCOME10")
    assert Redemption.objects.get(order_key="A-2").profile_id is None
    assert Profile.objects.count() == 1


def test_order_that_fails_in_the_shop_uses_nothing_up(stranger, welcome):
    stranger.raise_request_exception = False
    assert stranger.post("/buy/A-1/", {**HANNAH, "fail": "1"}).status_code == 500
    assert (redeemed(), User.objects.count()) == ([], 0)
    assert buy(stranger, "A-1", **HANNAH)["total"] == "8.00"


def test_customer_who_was_never_asked_for_consent_orders_without_a_fault_of_ours(stranger, make_offer, caplog):
    make_offer("own", is_first_order=True)
    stranger.force_login(User.objects.create(username="hannah"))
    assert buy(stranger, "A-1", email="hannah@example.com")["total"] == "8.00"
    stranger.post("/tell/order_completed/", {"order_id": "A-1", "revenue": "72", "currency": "GBP"})
    assert caplog.records == []
    assert Event.objects.get().order_key == "A-1"


# -- keys of other times


def test_key_made_under_an_older_secret_still_counts(stranger, make_offer, settings):
    make_offer("thanks", code="THANKS")
    buy(stranger, "A-1", email="hannah@example.com", code="THANKS")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer secret"
    assert buy(undecided(), "A-2", email="hannah@example.com", code="THANKS")["refusal"] == "used"
    assert buy(undecided(), "A-3", email="ada@example.com", code="THANKS")["total"] == "8.00"


# -- offers that are gone


def test_offer_deleted_without_being_published_gives_nothing_and_the_order_stands(stranger, welcome):
    Offer.objects.all().delete()
    assert buy(stranger, "A-1", **HANNAH)["refusal"] == "over"
    assert User.objects.get().username == "A-1"


def test_offer_paused_without_being_published_gives_nothing(stranger, welcome):
    Offer.objects.update(state=Offer.State.PAUSED)
    assert buy(stranger, "A-1", **HANNAH)["refusal"] == "over"


def test_offer_that_was_redeemed_cannot_be_deleted(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    with pytest.raises(Exception, match="referenced through protected foreign keys"):
        delete_offers(Offer.objects.all(), now=timezone.now())
    assert Offer.objects.exists()


# -- giving back


def test_what_was_given_back_may_be_claimed_again_and_once(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    assert stranger.post("/give-back/A-1/").json() == {"given_back": 1}
    assert (redeemed(), Redemption.objects.get().returned_at is None) == ([], False)
    assert buy(stranger, "A-2", **HANNAH)["total"] == "8.00"
    assert buy(stranger, "A-3", **HANNAH)["refusal"] == "used"
    assert Redemption.objects.count() == 2


def test_giving_back_twice_gives_back_once(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    stranger.post("/give-back/A-1/")
    returned_at = Redemption.objects.get().returned_at
    buy(stranger, "A-2", **HANNAH)
    assert stranger.post("/give-back/A-1/").json() == {"given_back": 0}
    assert Redemption.objects.get(order_key="A-1").returned_at == returned_at
    assert redeemed() == [("A-2", "welcome", 800)]


def test_giving_back_one_order_leaves_the_others(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    buy(stranger, "A-2", email="ada@example.com", code="WELCOME10")
    stranger.post("/give-back/A-1/")
    assert redeemed() == [("A-2", "welcome", 800)]
    assert quote(stranger, email="ada@example.com", code="WELCOME10")["refusal"] == "used"


def test_order_whose_payment_failed_may_claim_again(stranger, welcome):
    buy(stranger, "A-1", **HANNAH)
    stranger.post("/give-back/A-1/")
    User.objects.all().delete()
    assert buy(stranger, "A-1", **HANNAH)["total"] == "8.00"


@pytest.mark.parametrize("order_key", ["x" * 101, ""])
def test_order_key_that_nobody_would_find_again_gets_nothing(welcome, order_key, rf):
    claimed = claim_discounts(rf.post("/"), order_key=order_key, subtotal=80, **HANNAH)
    assert (claimed.lines, claimed.refusal, redeemed()) == ((), "unavailable", [])
    assert release_discounts(order_key) == 0


def test_request_that_no_middleware_has_seen_may_use_a_code(welcome, rf):
    assert str(claim_discounts(rf.post("/"), order_key="A-1", subtotal=80, **HANNAH).total.amount) == "8.00"


@pytest.mark.postgres
def test_shop_that_limits_its_own_waiting_finds_its_limit_again(welcome, rf):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        claim_discounts(rf.post("/"), order_key="A-1", subtotal=80, **HANNAH)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)
