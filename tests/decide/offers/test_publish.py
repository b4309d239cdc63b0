"""What is live is published as a whole, and nothing wrong can be stored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from django_microseg.decide.offers.models import Offer, Redemption
from django_microseg.decide.offers.publish import delete_offers, save_offer
from django_microseg.segment.models import Publication

pytestmark = pytest.mark.django_db

MOMENT = dt.datetime(2024, 11, 22, 10, tzinfo=dt.UTC)


def _offer(slug: str = "one", **fields: object) -> Offer:
    given = {"name": slug, "headline": slug, "percent_hundredths": 1000, "currency": "GBP", **fields}
    return Offer(slug=slug, **given)


def _published() -> list[str]:
    return [each["slug"] for each in Publication.objects.get().offers]


def test_only_what_is_live_is_published():
    for slug, state in (("one", "live"), ("two", "draft"), ("three", "paused")):
        save_offer(_offer(slug, state=state), now=timezone.now())
    assert (_published(), Publication.objects.get().version) == (["one"], 3)


def test_what_is_deleted_is_gone():
    save_offer(_offer(state="live"), now=timezone.now())
    assert delete_offers(Offer.objects.all(), now=timezone.now()) == 1
    assert (_published(), Publication.objects.get().version) == ([], 2)


def test_rules_and_experiences_in_force_stand():
    Publication.objects.create(pk=1, version=7, ruleset={"definitions": []}, ruleset_version=5, experiences=[{"x": 1}])
    save_offer(_offer(state="live"), now=timezone.now())
    row = Publication.objects.get()
    assert (row.version, row.ruleset, row.ruleset_version, row.experiences) == (8, {"definitions": []}, 5, [{"x": 1}])


def test_row_holds_all_that_a_checkout_needs():
    offer = _offer(
        state="live",
        headline="Ten off",
        text="Your first order.",
        code="Welcome10",
        segments=["new"],
        match="all",
        is_first_order=True,
        stacks=True,
        priority=3,
        minimum_minor=2000,
        maximum_minor=900,
        starts_at=MOMENT,
    )
    save_offer(offer, now=MOMENT)
    assert Publication.objects.get().offers == [
        {
            "format": 1,
            "id": offer.pk,
            "slug": "one",
            "headline": "Ten off",
            "text": "Your first order.",
            "percent_hundredths": 1000,
            "amount_minor": None,
            "currency": "GBP",
            "minimum_minor": 2000,
            "maximum_minor": 900,
            "segments": ["new"],
            "match": "all",
            "is_first_order": True,
            "code": "Welcome10",
            "stacks": True,
            "priority": 3,
            "starts_at": 1732269600000,
            "ends_at": None,
        }
    ]


def test_new_offer_is_in_the_shops_currency(settings):
    settings.MICROSEG = {"CURRENCY": "JPY"}
    offer = Offer(slug="one", kind="amount", amount_minor=500, minimum_minor=1000)
    assert (offer.currency, offer.amount, offer.minimum, offer.maximum) == ("JPY", Decimal(500), Decimal(1000), None)


def test_percentage_and_amounts_are_decimals_outside():
    offer = _offer(percent_hundredths=1250, maximum_minor=999)
    assert (offer.percent, offer.amount, offer.maximum) == (Decimal("12.50"), None, Decimal("9.99"))


WRONG = {
    "no percentage": {"percent_hundredths": None},
    "nothing of a percent": {"percent_hundredths": 0},
    "more than all": {"percent_hundredths": 10_001},
    "percentage and amount": {"amount_minor": 100},
    "amount without amount": {"kind": "amount", "percent_hundredths": None},
    "amount of nothing": {"kind": "amount", "percent_hundredths": None, "amount_minor": 0},
    "no such kind": {"kind": "gift"},
    "minimum of nothing": {"minimum_minor": 0},
    "maximum of nothing": {"maximum_minor": 0},
    "ends before it starts": {"starts_at": MOMENT, "ends_at": MOMENT},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_wrong_offer_is_refused_by_the_form_and_by_the_table(fields):
    with pytest.raises(ValidationError):
        _offer(**fields).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        _offer(**fields).save()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"percent_hundredths": 1},
        {"percent_hundredths": 10_000},
        {"kind": "amount", "percent_hundredths": None, "amount_minor": 1},
        {"minimum_minor": 1, "maximum_minor": 1, "ends_at": MOMENT},
    ],
)
def test_right_offer_is_taken(fields):
    offer = _offer(**fields)
    offer.full_clean()
    offer.save()
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("code", ["SUMMER", "summer", "Summer"])
def test_code_is_had_once_in_any_case(code):
    _offer("one", code="Summer").save()
    with pytest.raises(ValidationError, match="Another offer has this code already"):
        _offer("two", code=code).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        _offer("two", code=code).save()


def test_many_offers_have_no_code():
    for slug in ("one", "two"):
        _offer(slug).full_clean()
        _offer(slug).save()
    assert Offer.objects.filter(code="").count() == 2


@pytest.mark.parametrize("code", ["SOMMER ZEIT", "ÄPFEL", "a" * 41, "x\n"])
def test_code_that_nobody_could_type_is_refused(code):
    with pytest.raises(ValidationError):
        _offer(code=code).full_clean()


def test_redemption_of_nothing_is_refused():
    offer = _offer()
    offer.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.create(offer=offer, order_key="A", amount_minor=0, currency="GBP", redeemed_at=MOMENT)
