"""``identify``: what the shop's own code says of a visitor holds at once, with consent, and breaks no page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import include, path

from django_microseg.api import identify, segments_for
from django_microseg.profile.find import find_person
from django_microseg.profile.models import Fact, Identity, Profile
from tests.doors.browsers import consenting, cookie_of, undecided

pytestmark = pytest.mark.django_db(transaction=True)

ADA = "ada@example.com"


def tell(request: HttpRequest) -> JsonResponse:
    if "customer" in request.GET:
        request.user = User.objects.get(username=request.GET["customer"])
    said: dict[str, Any] = {"email": request.GET.get("email", ""), "loyalty_number": request.GET.get("card", "")}
    facts = {name: request.GET[name] for name in ("gender", "birthday") if name in request.GET}
    is_kept = identify(request, **said, is_verified="verified" in request.GET, facts=facts)
    return JsonResponse({"is_kept": is_kept, "segments": sorted(segments_for(request))})


urlpatterns = [path("microseg/", include("django_microseg.urls")), path("tell/", tell)]


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def say(browser: Client, **said: str) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get("/tell/", said).json()
    return answer


def test_fact_puts_the_visitor_into_a_segment_in_the_same_response(make_segment: Any) -> None:
    make_segment("women", 'gender == "female"')
    assert say(consenting(), gender="female") == {"is_kept": True, "segments": ["women"]}
    assert say(consenting(), gender="male") == {"is_kept": True, "segments": []}


def test_verified_address_makes_the_visitor_the_customer_it_leads_to() -> None:
    known = consenting()
    say(known, email=ADA)
    profile = find_person(ADA)
    assert profile is not None
    Profile.objects.filter(pk=profile.pk).update(customer_key="17")
    Identity.objects.create(kind="customer", value="17", profile=profile, first_seen_at=dt.datetime.now(dt.UTC))
    other, stranger = consenting(), consenting()
    assert say(other, email=ADA, verified="1")["is_kept"]
    assert say(stranger, email=ADA)["is_kept"]
    keys = [cookie_of(browser) for browser in (other, stranger)]
    assert [find_person(key.visitor_key).customer_key for key in keys if key] == ["17", None]


@pytest.mark.parametrize("said", [{"email": "nonsense"}, {"card": "0"}, {"birthday": "some day"}])
def test_what_leads_to_nobody_is_not_kept_and_the_page_is_served(said: dict[str, str]) -> None:
    assert say(consenting(), **said)["is_kept"] is False
    assert not Identity.objects.exclude(kind="visitor").exists()
    assert not Fact.objects.exists()


def test_without_consent_nothing_is_kept() -> None:
    for browser in (undecided(), consenting(purposes=())):
        assert say(browser, email=ADA, card="1", gender="female")["is_kept"] is False
    assert (Identity.objects.count(), Fact.objects.count(), Profile.objects.count()) == (0, 0, 0)


def test_signed_in_customer_is_kept_by_key_without_consent_and_no_visitor_is() -> None:
    ada = User.objects.create(username="ada")
    assert say(undecided(), email=ADA, customer="ada")["is_kept"] is True
    assert set(Identity.objects.values_list("kind", "profile__customer_key")) == {
        ("customer", str(ada.pk)), ("email", str(ada.pk)),
    }  # fmt: skip
