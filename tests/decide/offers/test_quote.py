"""What a cart would get off: who gets it, who must not, and what a shopper is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from django_microseg import api
from django_microseg.decide import switch
from django_microseg.decide.offers.models import Offer, Redemption
from django_microseg.decide.offers.publish import save_offer
from django_microseg.shop.values import Money
from django_microseg.testing import override_segments
from tests.decide.offers.conftest import buy, quote
from tests.decide.offers.shop import ListShop
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, undecided

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOTHING = {"lines": {}, "labels": [], "total": "0", "currency": "GBP", "refusal": "", "reason": ""}


def refused(refusal: str, reason: str) -> dict[str, object]:
    return {**NOTHING, "refusal": refusal, "reason": reason}


def test_code_of_a_first_order_takes_ten_per_cent(stranger, welcome):
    assert quote(stranger, code=" welcome10 ", email="hannah@example.com") == {
        "lines": {"welcome": "8.00"},
        "labels": ["Welcome off"],
        "total": "8.00",
        "currency": "GBP",
        "refusal": "",
        "reason": "",
    }


def test_without_its_code_a_coded_offer_is_given_to_nobody(shopper, buyers, make_offer):
    make_offer("coded", "buyers", code="SECRET")
    shopper.post("/add/")
    assert quote(shopper) == NOTHING


def test_member_gets_an_offer_without_a_code_by_itself_and_others_do_not(shopper, stranger, buyers, make_offer):
    make_offer("thanks", "buyers", amount_minor=500)
    shopper.post("/add/")
    assert quote(shopper)["lines"] == {"thanks": "5.00"}
    assert (quote(stranger), quote(consenting())) == (NOTHING, NOTHING)


def test_whoever_knows_the_code_needs_no_segment(stranger, buyers, make_offer):
    make_offer("coded", "buyers", code="SECRET")
    assert quote(stranger, code="secret")["lines"] == {"coded": "8.00"}


@pytest.mark.parametrize("browser", [consenting(purposes=()), undecided(agent=GOOGLEBOT)], ids=["no", "bot"])
def test_whom_we_may_not_know_may_use_a_code_and_gets_nothing_by_itself(browser, welcome, make_offer):
    make_offer("for-all", amount_minor=700, is_first_order=True)
    assert quote(browser, code="WELCOME10")["lines"] == {"welcome": "8.00"}
    assert quote(browser) == NOTHING


def test_offer_for_the_moment_is_given_before_the_consent_question_is_answered(stranger, make_segment, make_offer):
    make_segment("phones", 'context.device == "mobile"')
    make_offer("phone", "phones")
    phone = undecided(agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1")
    assert (quote(phone)["lines"], quote(stranger)) == ({"phone": "8.00"}, NOTHING)


# -- a code that takes nothing off


def test_unknown_code_is_said_to_be_unknown(stranger, welcome):
    assert quote(stranger, code="NOPE") == refused("unknown", "We know no code NOPE. Please check the spelling.")


@pytest.mark.parametrize("code", ["\0", "é" * 500, "x" * 500, "%", "_", "'", "<b>", "\ud800"])
def test_nonsense_is_an_unknown_code(stranger, welcome, code):
    assert quote(stranger, code=code.encode(errors="replace").decode())["refusal"] == "unknown"


def test_draft_is_unknown_and_what_was_paused_is_over(stranger, make_offer):
    make_offer("draft", code="DRAFT", state="draft")
    make_offer("paused", code="PAUSED", state="paused")
    assert quote(stranger, code="DRAFT")["refusal"] == "unknown"
    assert quote(stranger, code="paused") == refused("over", "The code PAUSED has ended.")


def test_code_holds_from_its_start_until_its_end(stranger, make_offer):
    now = timezone.now()
    make_offer("past", code="PAST", ends_at=now)
    make_offer("coming", code="COMING", starts_at=now + DAY)
    make_offer("current", code="CURRENT", starts_at=now - DAY, ends_at=now + DAY)
    assert [quote(stranger, code=code)["refusal"] for code in ("PAST", "COMING", "CURRENT")] == ["over", "not_yet", ""]


@pytest.mark.parametrize(("subtotal", "refusal"), [("50.00", ""), ("49.99", "below_minimum"), ("0", "below_minimum")])
def test_goods_below_the_minimum_are_told_how_much_is_needed(stranger, make_offer, subtotal, refusal):
    make_offer("big", code="BIG", minimum_minor=5000)
    told = quote(stranger, code="BIG", subtotal=subtotal)
    assert told["refusal"] == refusal
    assert told["reason"] == ("The code BIG is for goods of 50.00 GBP or more." if refusal else "")


def test_customer_who_has_ordered_gets_no_first_order_discount(stranger, welcome):
    ListShop.place("1", email="Hannah@example.com")
    assert quote(stranger, code="WELCOME10", email="hannah@EXAMPLE.com") == refused(
        "not_first_order", "The code WELCOME10 is for a first order, and you have ordered before."
    )
    assert quote(stranger, code="WELCOME10", email="other@example.com")["refusal"] == ""


def test_order_that_was_cancelled_was_no_first_order(stranger, welcome):
    ListShop.place("1", email="hannah@example.com", counts=False)
    assert quote(stranger, code="WELCOME10", email="hannah@example.com")["total"] == "8.00"


def test_account_that_has_ordered_is_known_whatever_address_it_gives(shopper, welcome):
    user = User.objects.create(username="hannah")
    shopper.force_login(user)
    ListShop.place("1", customer_key=str(user.pk), email="old@example.com")
    assert quote(shopper, code="WELCOME10", email="new@example.com")["refusal"] == "not_first_order"


def test_amount_of_the_shops_currency_takes_nothing_off_another(stranger, make_offer):
    make_offer("fiver", code="FIVER", amount_minor=500)
    make_offer("tenth", code="TENTH")
    ListShop.subtotal = Money(Decimal("8000"), "JPY")
    assert quote(stranger, code="FIVER")["refusal"] == "other_currency"
    told = quote(stranger, code="TENTH")
    assert (told["total"], told["currency"]) == ("800", "JPY")


def test_what_rounds_to_nothing_is_not_given(stranger, make_offer):
    make_offer("tenth", code="TENTH")
    assert quote(stranger, code="TENTH", subtotal="0.04")["refusal"] == "nothing_off"


def test_better_offer_of_their_own_is_given_instead_of_the_code(shopper, buyers, make_offer):
    make_offer("own", "buyers", amount_minor=1000)
    make_offer("coded", code="CODED")
    shopper.post("/add/")
    told = quote(shopper, code="CODED")
    assert (told["lines"], told["refusal"]) == ({"own": "10.00"}, "another_is_better")
    assert quote(shopper, code="CODED", subtotal="120")["lines"] == {"coded": "12.00"}


def test_offers_that_stack_are_given_together(shopper, buyers, make_offer):
    make_offer("own", "buyers", amount_minor=1000, stacks=True)
    make_offer("coded", code="CODED", stacks=True, priority=1)
    shopper.post("/add/")
    told = quote(shopper, code="CODED")
    assert (told["lines"], told["total"]) == ({"coded": "8.00", "own": "10.00"}, "18.00")


# -- what the goods cost


@pytest.mark.parametrize("subtotal", [None, Money(Decimal("0"), "GBP")])
def test_empty_cart_gets_nothing_off(stranger, make_offer, subtotal):
    make_offer("fiver", code="FIVER", amount_minor=500)
    ListShop.subtotal = subtotal
    assert quote(stranger, code="FIVER")["refusal"] == "nothing_off"


@pytest.mark.parametrize(("subtotal", "total"), [("3.999", "3.99"), ("3.991", "3.99"), ("-4", "0"), ("4", "4.00")])
def test_nothing_is_ever_paid_out(stranger, make_offer, subtotal, total):
    make_offer("fiver", code="FIVER", amount_minor=500)
    assert quote(stranger, code="FIVER", subtotal=subtotal)["total"] == total


@pytest.mark.parametrize("subtotal", ["NaN", "Infinity", "1e30"])
def test_subtotal_out_of_all_reason_gets_nothing_off(stranger, make_offer, subtotal):
    make_offer("fiver", code="FIVER", amount_minor=500)
    assert quote(stranger, code="FIVER", subtotal=subtotal)["refusal"] == "unavailable"


def test_quote_uses_nothing_up(stranger, welcome):
    for _ in range(3):
        assert quote(stranger, code="WELCOME10", email="hannah@example.com")["total"] == "8.00"
    assert not Redemption.objects.exists()


def test_paused_offer_is_over_in_the_next_request(stranger, welcome):
    assert quote(stranger, code="WELCOME10")["refusal"] == ""
    welcome.state = Offer.State.PAUSED
    save_offer(welcome, now=timezone.now())
    assert quote(stranger, code="WELCOME10")["refusal"] == "over"


# -- as somebody else


def test_preview_shows_an_offer_and_prices_nothing_by_it(stranger, buyers, make_offer):
    make_offer("own", "buyers", is_first_order=True)
    make_offer("coded", code="CODED")
    stranger.force_login(User.objects.create(username="marketer", is_staff=True, is_superuser=True))
    stranger.post("/microseg/preview/start/", {"segments": ["buyers"]})
    assert "Own off" in stranger.get("/").text
    assert quote(stranger) == NOTHING
    assert quote(stranger, code="CODED")["refusal"] == "unavailable"
    stranger.post("/microseg/preview/stop/")
    assert quote(stranger, code="CODED")["total"] == "8.00"


def test_test_of_a_shop_may_say_which_segments_somebody_is_in(stranger, buyers, make_offer):
    make_offer("own", "buyers")
    with override_segments("buyers"):
        assert quote(stranger)["lines"] == {"own": "8.00"}
    assert quote(stranger) == NOTHING


# -- when personalisation is stopped, or taken out


def test_stop_takes_every_discount_from_the_next_request_on_and_the_start_gives_it_back(shopper, buyers, make_offer):
    make_offer("own", "buyers", is_first_order=True)
    make_offer("coded", code="CODED")
    shopper.post("/add/")
    switch.stop(by="ada", now=timezone.now())
    assert quote(shopper) == NOTHING
    assert quote(shopper, code="CODED")["refusal"] == "unavailable"
    assert "Own off" not in shopper.get("/").text
    switch.start(now=timezone.now())
    assert quote(shopper)["lines"] == {"own": "8.00"}


def test_shop_that_has_taken_us_out_gives_no_discounts(stranger, welcome, monkeypatch):
    monkeypatch.setattr(api, "is_installed", lambda: False)
    assert quote(stranger, code="WELCOME10")["refusal"] == "unavailable"
    assert buy(stranger, "A-1", code="WELCOME10", email="hannah@example.com")["lines"] == {}
    assert stranger.post("/give-back/A-1/").json() == {"given_back": 0}
