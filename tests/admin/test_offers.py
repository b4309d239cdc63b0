"""Offers in the admin: figures as people write them, errors at their fields, publishing, what was redeemed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from django_microseg.decide.offers.models import Offer, Redemption
from django_microseg.decide.offers.publish import save_offer
from django_microseg.segment.models import Publication

pytestmark = pytest.mark.django_db

LIST = "/admin/django_microseg/offer/"
REDEMPTIONS = "/admin/django_microseg/redemption/"
MOMENT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def _form(**changes: object) -> dict[str, object]:
    return {
        "name": "Welcome",
        "slug": "welcome",
        "headline": "Ten per cent off",
        "text": "",
        "kind": "percent",
        "percent": "10",
        "amount": "",
        "minimum": "",
        "maximum": "",
        "match": "any",
        "code": "WELCOME10",
        "state": "live",
        "priority": "0",
        "starts_at_0": "",
        "starts_at_1": "",
        "ends_at_0": "",
        "ends_at_1": "",
        **changes,
    }


def _published() -> list[str]:
    row = Publication.objects.filter(pk=1).first()
    return [each["slug"] for each in row.offers] if row else []


def _errors(browser, **changes: object) -> dict[str, list[str]]:
    page = browser.post(f"{LIST}add/", _form(**changes))
    assert page.status_code == 200
    return dict(page.context["adminform"].form.errors)


@pytest.fixture
def welcome() -> Offer:
    offer = Offer(slug="welcome", name="Welcome", headline="Ten off", percent_hundredths=1000, code="W", state="live")
    save_offer(offer, now=timezone.now())
    return offer


def _redeem(offer: Offer, order_key: str, minor: int, currency: str = "GBP", *, is_returned: bool = False) -> None:
    Redemption.objects.create(
        offer=offer,
        order_key=order_key,
        amount_minor=minor,
        currency=currency,
        redeemed_at=MOMENT,
        returned_at=MOMENT if is_returned else None,
    )


# -- saving


def test_saving_publishes_figures_in_minor_units(owner):
    form = _form(percent="12.5", minimum="50", maximum="9.99", is_first_order="on")
    assert owner.post(f"{LIST}add/", form).status_code == 302
    offer = Offer.objects.get()
    assert (offer.percent_hundredths, offer.amount_minor, offer.minimum_minor, offer.maximum_minor) == (
        1250,
        None,
        5000,
        999,
    )
    assert (offer.currency, offer.is_first_order, _published()) == ("GBP", True, ["welcome"])


def test_amount_is_saved_in_the_shops_currency(owner, settings):
    settings.MICROSEG = {"CURRENCY": "JPY"}
    owner.post(f"{LIST}add/", _form(kind="amount", percent="", amount="500"))
    assert Offer.objects.values("amount_minor", "currency").get() == {"amount_minor": 500, "currency": "JPY"}


def test_form_shows_what_was_saved_and_saving_it_again_changes_nothing(owner, welcome):
    Offer.objects.update(minimum_minor=2050)
    page = owner.get(f"{LIST}{welcome.pk}/change/")
    initial = page.context["adminform"].form.initial
    assert (str(initial["percent"]), initial["amount"], str(initial["minimum"])) == ("10.00", None, "20.50")
    owner.post(f"{LIST}{welcome.pk}/change/", _form(percent="10.00", minimum="20.50", code="W"))
    assert Offer.objects.values("percent_hundredths", "minimum_minor").get() == {
        "percent_hundredths": 1000,
        "minimum_minor": 2050,
    }


def test_draft_is_saved_and_not_published(owner):
    owner.post(f"{LIST}add/", _form(state="draft", code=""))
    assert (Offer.objects.count(), _published()) == (1, [])


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"percent": ""}, "percent", "Say how much is taken off."),
        ({"percent": "0"}, "percent", "Ensure this value is greater than or equal to 0.01."),
        ({"percent": "100.01"}, "percent", "Ensure this value is less than or equal to 100."),
        ({"percent": "1.234"}, "percent", "Ensure that there are no more than 2 decimal places."),
        ({"percent": "ten"}, "percent", "Enter a number."),
        ({"kind": "amount", "percent": ""}, "amount", "Say how much is taken off."),
        (
            {"amount": "5"},
            "amount",
            "Empty this, or choose the other kind: an offer takes off one or the other.",
        ),
        (
            {"kind": "amount", "amount": "0", "percent": ""},
            "amount",
            "Give an amount above 0 that somebody could pay, or leave it empty.",
        ),
        ({"minimum": "-1"}, "minimum", "Give an amount above 0 that somebody could pay, or leave it empty."),
        ({"maximum": "1e40"}, "maximum", "Give an amount above 0 that somebody could pay, or leave it empty."),
        ({"minimum": "1.234"}, "minimum", "GBP has 2 decimals."),
        ({"code": "TEN OFF"}, "code", "A code has letters without accents, digits, - and _."),
        (
            {"code": ""},
            "segments",
            "Everybody would get this. Choose segments, give a code, or make it for a first order.",
        ),
        ({"headline": ""}, "headline", "This field is required."),
        ({"segments": ["nobody"]}, "segments", "Select a valid choice. nobody is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(owner, changes, field, error):
    assert _errors(owner, **changes)[field][0] == error
    assert not Offer.objects.exists()


def test_code_of_another_offer_and_an_end_before_the_start_are_refused(owner, welcome):
    times = {"starts_at_0": "2026-03-02", "starts_at_1": "10:00", "ends_at_0": "2026-03-01", "ends_at_1": "10:00"}
    assert _errors(owner, slug="two", code="w") == {"__all__": ["Another offer has this code already."]}
    assert _errors(owner, slug="two", **times) == {"__all__": ["It must end after it starts."]}


def test_whoever_may_forge_the_moment_is_warned_of(owner, make_segment):
    make_segment("phones", 'context.device == "mobile"')
    make_segment("buyers", 'count("order_completed") >= 1')
    page = owner.post(f"{LIST}add/", _form(segments=["phones", "buyers"], code=""), follow=True)
    assert "“phones” looks at the moment" in page.text
    page = owner.post(f"{LIST}add/", _form(slug="two", segments=["phones"], code="TWO"), follow=True)
    assert "looks at the moment" not in page.text
    page = owner.post(f"{LIST}add/", _form(slug="three", segments=["buyers"], code=""), follow=True)
    assert "looks at the moment" not in page.text


# -- the list


def test_list_says_what_for_whom_when_and_how_often(owner, welcome):
    Offer.objects.update(minimum_minor=500_000, maximum_minor=2000, is_first_order=True, percent_hundredths=1250)
    _redeem(welcome, "A-1", 123_456)
    _redeem(welcome, "A-2", 100)
    _redeem(welcome, "A-3", 500, "EUR")
    _redeem(welcome, "A-4", 900, is_returned=True)
    page = owner.get(LIST).text
    for words in (
        "12.5 % off, from 5,000.00 GBP, 20.00 GBP at most",
        "whoever has the code W, for a first order",
        ">now<",
    ):
        assert words in page
    assert f'<a href="{REDEMPTIONS}?offer__id__exact={welcome.pk}">3</a>' in page
    assert ">1,235.56 GBP<" in page


def test_list_names_the_segments_of_an_offer_without_a_code(owner):
    fields = {"name": "o", "headline": "o", "percent_hundredths": 1000}
    Offer.objects.create(slug="some", segments=["vip", "new"], match="all", **fields)
    Offer.objects.create(slug="all", is_first_order=True, **fields)
    page = owner.get(LIST).text
    assert ">vip and new<" in page
    assert ">everybody, for a first order<" in page


def test_offer_that_was_never_redeemed_says_nought(owner, welcome):
    assert ">0.00 GBP<" in owner.get(LIST).text


def test_list_asks_as_much_for_many_as_for_one(owner, welcome):
    with CaptureQueriesContext(connection) as one:
        owner.get(LIST)
    for number in range(20):
        offer = Offer.objects.create(
            slug=f"o-{number}", name="o", headline="o", kind="amount", amount_minor=100, code=f"O{number}"
        )
        _redeem(offer, f"A-{number}", 100)
    with CaptureQueriesContext(connection) as many:
        assert "1.00 GBP off" in owner.get(LIST).text
    assert len(many) == len(one)


def test_redemptions_are_read_and_not_changed(owner, welcome):
    _redeem(welcome, "A-1", 800)
    _redeem(welcome, "A-2", 900, is_returned=True)
    page = owner.get(f"{REDEMPTIONS}?offer__id__exact={welcome.pk}").text
    assert "A-1" in page
    assert "8.00 GBP" in page
    assert "A-2" not in owner.get(f"{REDEMPTIONS}?returned_at__isempty=1").text
    row = Redemption.objects.get(order_key="A-1")
    assert owner.get(f"{REDEMPTIONS}{row.pk}/change/").status_code == 200
    assert owner.post(f"{REDEMPTIONS}{row.pk}/change/", {"order_key": "B"}).status_code == 403
    assert (owner.get(f"{REDEMPTIONS}add/").status_code, owner.get(f"{REDEMPTIONS}{row.pk}/delete/").status_code) == (
        403,
        403,
    )


# -- publishing


@pytest.mark.parametrize(
    ("action", "published"), [("delete_selected", []), ("pause_chosen", []), ("publish_chosen", ["welcome"])]
)
def test_actions_publish_what_is_left(owner, welcome, action, published):
    owner.post(LIST, {"action": action, "_selected_action": welcome.pk, "post": "yes"})
    assert _published() == published


def test_action_does_not_give_away_what_is_for_everybody(owner):
    offer = Offer.objects.create(slug="all", name="All", headline="All", percent_hundredths=1000)
    page = owner.post(LIST, {"action": "publish_chosen", "_selected_action": offer.pk}, follow=True)
    assert "Nothing was changed, because “All” is not complete: Everybody would get this." in page.text
    assert Offer.objects.get().state == "draft"


def test_deleting_takes_it_out_of_the_shop(owner, welcome):
    owner.post(f"{LIST}{welcome.pk}/delete/", {"post": "yes"})
    assert (_published(), Offer.objects.count()) == ([], 0)


def test_offer_that_was_redeemed_is_not_deleted(owner, welcome):
    _redeem(welcome, "A-1", 800)
    page = owner.post(f"{LIST}{welcome.pk}/delete/", {"post": "yes"})
    assert "would require deleting the following protected related objects" in page.text
    assert _published() == ["welcome"]


def test_slug_stands_once_it_is_given(owner, welcome):
    owner.post(f"{LIST}{welcome.pk}/change/", _form(slug="other", code="W"))
    assert Offer.objects.get().slug == "welcome"


# -- who may


@pytest.mark.parametrize("permission", ["view_offer", "view_redemption"])
def test_staff_sees_what_they_may_view_and_nothing_else(staff, welcome, permission):
    viewer = staff(permission)
    seen = [viewer.get(address).status_code for address in (LIST, f"{LIST}{welcome.pk}/change/", REDEMPTIONS)]
    assert seen == ([200, 200, 403] if permission == "view_offer" else [403, 403, 200])
    viewer.post(LIST, {"action": "pause_chosen", "_selected_action": welcome.pk})
    viewer.post(f"{LIST}{welcome.pk}/change/", _form(state="paused", code="W"))
    assert _published() == ["welcome"]


def test_whoever_may_change_offers_may_pause_them(staff, welcome):
    staff("view_offer", "change_offer").post(LIST, {"action": "pause_chosen", "_selected_action": welcome.pk})
    assert _published() == []
