"""The loyalty desk: looked up and enrolled by whoever may, and nothing else of anybody is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event
from django_microseg.profile.facts import set_fact
from django_microseg.profile.identify import identify
from django_microseg.profile.links import email_link, loyalty_link
from django_microseg.profile.models import Identity, Profile
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

DESK = "/admin/django_microseg/loyaltymember/"


@pytest.fixture(autouse=True)
def _programme(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "LOYALTY_TIERS": {"basic": 0, "silver": 500}}


@pytest.fixture
def ada(happen: Any) -> Profile:
    happen("order_completed", customer="ada", order_id="A-1", revenue="1234.5", currency="GBP")
    links = [loyalty_link("7700-1"), email_link("ada@example.org")]
    profile = identify(PersonKey("", "ada"), links, now=timezone.now()).profile
    set_fact(profile, "city", "Exeter", source="crm", now=timezone.now())
    happen("loyalty_joined", customer="ada", tier="basic")
    happen("loyalty_points_earned", customer="ada", points=420)
    return profile


@pytest.fixture
def till(staff: Any) -> Any:
    return staff("view_loyaltymember", "add_loyaltymember")


def _find(browser: Any, text: str) -> str:
    return read(browser.post(DESK, {"task": "find", "find-card_or_email": text}).text).words


def _enrol(browser: Any, card: str, email: str = "", **more: str) -> Any:
    given = {"task": "enrol", "enrol-card": card, "enrol-email": email, "enrol-agrees": "on", **more}
    return browser.post(DESK, given)


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("text", ["7700-1", " ada@example.org ", "Ada@Example.org"])
def test_card_or_address_shows_the_standing_and_nothing_else(till: Any, text: str) -> None:
    words = _find(till, text)
    assert "Card 7700-1 Tier basic Points 420 Next tier 80 points to silver Member since" in words
    for secret in ("exeter", "1,234", "A-1", "boot"):
        assert secret not in words.casefold()


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("text", ["7700", "7700-2", "bob@example.org", "ada", "%", "A-1"])
def test_part_of_a_number_or_another_key_finds_nobody(till: Any, text: str) -> None:
    assert "No card has this number" in _find(till, text)


@pytest.mark.usefixtures("ada")
def test_role_opens_no_other_page(till: Any) -> None:
    root = "/admin/django_microseg/"
    profile = Profile.objects.get()
    for page in ("profile/", f"profile/{profile.pk}/change/", "segment/", "account/", "experience/", "intakecount/"):
        assert till.get(f"{root}{page}").status_code == 403
    for page in (f"{profile.pk}/delete/", f"{profile.pk}/history/"):
        assert till.get(f"{DESK}{page}").status_code == 403
    assert "Card 7700-1" not in till.get(f"{DESK}{profile.pk}/change/").text


def test_who_may_only_look_up_enrols_nobody_and_others_see_nothing(staff: Any) -> None:
    viewer = staff("view_loyaltymember")
    assert "Enrol" not in viewer.get(DESK).text
    assert _enrol(viewer, "7700-9").status_code == 403
    assert staff("view_profile").get(DESK).status_code == 403
    assert not Profile.objects.exists()


def test_somebody_new_is_enrolled_without_being_a_customer_yet(till: Any) -> None:
    words = read(_enrol(till, "7700-9", "cy@example.org", **{"enrol-store": "Exeter High Street"}).text).words
    assert "The card 7700-9 is in the programme now." in words
    assert "Card 7700-9 Tier basic" in words
    person = Profile.objects.get()
    assert person.customer_key is None
    event = Event.objects.get()
    assert (event.name, event.basis, event.channel, event.source) == ("loyalty_joined", "contract", "store", "store")
    assert "cy@example.org" not in str([*Identity.objects.values_list("value"), event.properties])


def test_address_of_a_customer_joins_the_card_with_them(till: Any) -> None:
    customer = identify(PersonKey("", "bob"), [email_link("bob@example.org")], now=timezone.now()).profile
    _enrol(till, "7700-5", "bob@example.org")
    assert Identity.objects.get(kind="loyalty").profile == customer


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("card", "email", "complaint"),
    [
        ("7700-1", "", "belongs to somebody already"),
        ("7700-2", "ada@example.org", "has the card 7700-1 already"),
        ("", "", "This field is required"),
        ("unknown", "", "stands for nobody"),
        ("7700-2", "no address", "valid email address"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(till: Any, card: str, email: str, complaint: str) -> None:
    before = Identity.objects.count(), Event.objects.count()
    assert complaint in _enrol(till, card, email).text
    assert (Identity.objects.count(), Event.objects.count()) == before


def test_without_the_customers_word_nobody_is_enrolled(till: Any) -> None:
    assert "without their word nobody is enrolled" in _enrol(till, "7700-3", **{"enrol-agrees": ""}).text
    assert not Identity.objects.exists()
