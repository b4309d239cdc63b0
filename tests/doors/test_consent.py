"""Who is recognised, and who is not. What this very request says may choose, and nothing is kept."""

from __future__ import annotations

import pytest

from django_microseg.collect.arrival import Arrival
from django_microseg.collect.models import Event
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.models import Identity, Profile
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, cookie_of, names_of_events, undecided

pytestmark = pytest.mark.django_db(transaction=True)

FROM_INSTAGRAM = "/?utm_source=instagram&utm_medium=social&utm_campaign=spring"


def _rows() -> int:
    return sum(model.objects.count() for model in (Event, Profile, Identity, ConsentRecord))


def test_before_consent_there_is_no_cookie_and_no_row(stranger, buyers):
    for address in ("/", "/add/", "/product/", "/buy/"):
        assert stranger.get(address).cookies.keys() == set()
    assert _rows() == 0


def test_first_page_from_a_social_campaign_shows_the_offer(stranger, social):
    response = stranger.get(FROM_INSTAGRAM)
    assert "<b>first-order</b>" in response.text
    assert (dict(response.cookies), _rows()) == ({}, 0)


def test_first_page_from_elsewhere_shows_the_default(stranger, social):
    assert "default hero" in stranger.get("/").text


def test_setting_turns_context_without_consent_off(stranger, social, settings):
    settings.MICROSEG = {"CONTEXT_WITHOUT_CONSENT": False}
    assert "default hero" in stranger.get(FROM_INSTAGRAM).text


def test_whoever_refused_sees_the_default_and_leaves_nothing(social):
    refusing = consenting(purposes=())
    assert "default hero" in refusing.get(FROM_INSTAGRAM).text
    assert (cookie_of(refusing), _rows()) == (None, 0)


def test_measurement_alone_is_recorded_and_changes_nothing(buyers):
    measured = consenting(purposes=("measurement",))
    measured.post("/add/")
    assert "default hero" in measured.get("/").text
    assert "product_added" in names_of_events()


def test_personalisation_alone_is_enough_to_be_recognised(buyers):
    known = consenting(purposes=("personalisation",))
    known.post("/add/")
    assert "<b>for-buyers</b>" in known.get("/").text


def test_advertising_alone_gives_no_id():
    assert (consenting(purposes=("advertising",)).get("/").cookies.keys(), _rows()) == (set(), 0)


def test_machine_with_a_consent_cookie_sees_the_default_and_leaves_nothing(social):
    machine = consenting(agent=GOOGLEBOT)
    assert "default hero" in machine.get(FROM_INSTAGRAM).text
    assert (cookie_of(machine), _rows()) == (None, 0)


def test_consent_gives_an_id_and_remembers_how_the_visitor_came(stranger):
    landing = f"http://testserver{FROM_INSTAGRAM}"
    stranger.post("/microseg/consent/", {"all": "yes", "next": "/"}, headers={"referer": landing, "host": "testserver"})
    cookie = cookie_of(stranger)
    assert (cookie.arrival, cookie.visit_number) == (Arrival("social", "spring"), 1)


def test_withdrawal_takes_the_cookie_away_and_ends_personal_content(buyers):
    shopper = undecided()
    shopper.post("/microseg/consent/", {"all": "yes"})
    shopper.post("/add/")
    assert "<b>for-buyers</b>" in shopper.get("/").text
    rows = Event.objects.count()
    response = shopper.post("/microseg/consent/", {"all": "no"})
    assert response.cookies["microseg"].value == ""
    assert "default hero" in shopper.get("/").text
    shopper.post("/add/")
    assert Event.objects.count() == rows


def test_cookie_without_consent_is_taken_away(shopper):
    shopper.get("/")
    del shopper.cookies["microseg_consent"]
    assert shopper.get("/").cookies["microseg"]["max-age"] == 0


def test_new_id_goes_on_record_with_what_was_allowed(shopper):
    shopper.get("/")
    row = ConsentRecord.objects.get()
    assert (row.visitor_key, row.purposes, row.cause) == (
        cookie_of(shopper).visitor_key,
        ["measurement", "personalisation", "advertising"],
        "new_id",
    )


def test_order_of_a_known_customer_without_consent_comes_in_by_contract(stranger, django_user_model):
    stranger.force_login(django_user_model.objects.create(username="ada"))
    stranger.post("/buy-as-customer/")
    event = Event.objects.get(name="order_completed")
    assert (event.basis, event.visitor_key, event.profile.customer_key) == (
        "contract",
        "",
        str(django_user_model.objects.get().pk),
    )


def test_cart_of_a_known_customer_without_consent_is_not_kept(stranger, django_user_model):
    stranger.force_login(django_user_model.objects.create(username="ada"))
    stranger.post("/add/")
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("browser", "shown"),
    [
        (lambda: consenting(purposes=("measurement", "personalisation")), "no"),
        (lambda: consenting(), "yes"),
        (undecided, "unasked"),
    ],
)
def test_answer_is_something_rules_may_ask_for(make_segment, make_experience, browser, shown):
    for word in ("yes", "no", "unasked"):
        make_segment(f"ads-{word}", f'context.consent_advertising == "{word}"')
        make_experience(f"hero-{word}", f"ads-{word}")
    page = browser().get("/").text
    assert {word: f"<b>hero-{word}</b>" in page for word in ("yes", "no", "unasked")} == {
        "yes": shown == "yes", "no": shown == "no", "unasked": shown == "unasked",
    }  # fmt: skip
