"""Who may see and do what: each role at each address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from django_microseg.collect.models import QuarantinedEvent
from django_microseg.collect.surroundings.models import Holiday, LocalEvent, PlaceWeather
from django_microseg.collect.write_keys import make_key
from django_microseg.decide.models import Experience
from django_microseg.decide.offers.models import Offer, Redemption
from django_microseg.decide.questions.models import Question
from django_microseg.profile.accounts import name_account
from django_microseg.profile.areas.models import Area
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Merge
from django_microseg.segment.models import Publication, Segment, SegmentVersion
from django_microseg.segment.personas.models import Persona
from django_microseg.segment.uploads.models import Upload

pytestmark = pytest.mark.django_db

ROOT = "/admin/django_microseg/"
TO_LOGIN = 302


@pytest.fixture
def addresses(happen, make_segment) -> dict[str, str]:
    """Every page of the admin that is ours, by the model whose permission it needs."""
    happen("order_completed", customer="ada", order_id="A-1", revenue="20", currency="GBP")
    happen("product_viewed", visitor="visitor-number-one", product_id="boot-1")
    ada = merge_at_login("visitor-number-one", "ada", now=timezone.now())
    segment = make_segment("buyers", 'count("order_completed") >= 1')
    hero = Experience.objects.create(slug="hero", name="Hero", slot="home-hero")
    offer = Offer.objects.create(slug="ten", name="Ten", headline="Ten", percent_hundredths=1000)
    redemption = Redemption.objects.create(
        offer=offer, order_key="A-1", amount_minor=100, currency="GBP", redeemed_at=timezone.now()
    )
    bad = QuarantinedEvent.objects.create(
        source="web", reason="bad_time", detail="why", payload="{}", received_at=timezone.now()
    )
    key, _ = make_key("till", now=timezone.now())
    company = name_account("acme", "Acme", now=timezone.now())
    now = timezone.now()
    holiday = Holiday.objects.create(day=now.date(), name="Whit Monday")
    fair = LocalEvent.objects.create(name="Fair", starts_at=now, ends_at=now + dt.timedelta(days=1))
    weather = PlaceWeather.objects.create(weather="rain", valid_until=now)
    upload = Upload.objects.create(name="crm.csv", kind="customers", content=b"customer_id\n1\n", uploaded_at=now)
    question = Question.objects.create(fact="interest", wording="What?")
    area = Area.objects.create(prefix="EX4", name="Exeter")
    persona = Persona.objects.create(name="Lena", wanted=["buyers"])
    return {
        "area/": "area",
        f"area/{area.pk}/change/": "area",
        "persona/": "persona",
        "persona/run/": "persona",
        f"persona/{persona.pk}/change/": "persona",
        "writekey/": "writekey",
        f"writekey/{key.pk}/change/": "writekey",
        "holiday/": "holiday",
        f"holiday/{holiday.pk}/change/": "holiday",
        "localevent/": "localevent",
        f"localevent/{fair.pk}/change/": "localevent",
        "placeweather/": "placeweather",
        f"placeweather/{weather.pk}/change/": "placeweather",
        "upload/": "upload",
        f"upload/{upload.pk}/change/": "upload",
        f"upload/{upload.pk}/errors/": "upload",
        "question/": "question",
        f"question/{question.pk}/change/": "question",
        "rfmgrid/": "rfmgrid",
        "loyaltymember/": "loyaltymember",
        "account/": "account",
        f"account/{company.pk}/change/": "account",
        "overview/": "segment",
        "segment/": "segment",
        f"segment/{segment.pk}/change/": "segment",
        f"segment/{segment.pk}/history/": "segment",
        f"segment/{segment.pk}/members/": "segment",
        "experience/": "experience",
        f"experience/{hero.pk}/change/": "experience",
        "offer/": "offer",
        f"offer/{offer.pk}/change/": "offer",
        "redemption/": "redemption",
        f"redemption/{redemption.pk}/change/": "redemption",
        "profile/": "profile",
        f"profile/{ada.pk}/change/": "profile",
        f"profile/{ada.pk}/timeline/": "profile",
        f"profile/{ada.pk}/figures/": "profile",
        f"profile/{ada.pk}/explain/buyers/": "profile",
        "quarantinedevent/": "quarantinedevent",
        f"quarantinedevent/{bad.pk}/change/": "quarantinedevent",
    }


def _statuses(browser: Client, addresses: dict[str, str]) -> set[int]:
    return {browser.get(f"{ROOT}{address}").status_code for address in addresses}


def test_nobody_is_sent_to_the_login(addresses):
    assert _statuses(Client(), addresses) == {TO_LOGIN}


def test_customer_is_sent_to_the_login(addresses, staff):
    assert _statuses(staff(is_staff=False), addresses) == {TO_LOGIN}


def test_staff_without_permission_sees_nothing(addresses, staff):
    assert _statuses(staff(), addresses) == {403}


def test_owner_sees_everything(addresses, owner):
    assert _statuses(owner, addresses) == {200}


@pytest.mark.parametrize(
    "model",
    ["segment", "experience", "offer", "redemption", "profile", "quarantinedevent", "writekey", "account", "persona"],
)
def test_staff_sees_what_they_may_view_and_nothing_else(addresses, staff, model):
    viewer = staff(f"view_{model}")
    seen = {address: viewer.get(f"{ROOT}{address}").status_code for address in addresses}
    assert seen == {address: 200 if needed == model else 403 for address, needed in addresses.items()}


@pytest.fixture
def refused(addresses) -> Callable[[Client, str, dict[str, object]], None]:
    """Posts to an address and expects that nothing comes of it."""

    def post(browser: Client, address: str, data: dict[str, object]) -> None:
        before = _everything()
        assert browser.post(f"{ROOT}{address}", data).status_code in (200, 302, 403)
        assert _everything() == before

    return post


def _everything() -> list[object]:
    return [
        list(Segment.objects.order_by("pk").values_list("pk", "name", "state")),
        list(SegmentVersion.objects.order_by("pk").values_list("pk", "state")),
        list(Experience.objects.order_by("pk").values_list("pk", "name", "state")),
        list(Publication.objects.values_list("version")),
        list(Merge.objects.values_list("undone_at")),
    ]


def test_viewer_changes_nothing(addresses, staff, refused):
    viewer = staff("view_segment", "view_experience", "view_profile")
    segment, hero, merge = Segment.objects.get(), Experience.objects.get(), Merge.objects.get()
    refused(viewer, f"segment/{segment.pk}/change/", {"name": "Hacked", "rule_text": "age >= 1", "state": "paused"})
    refused(viewer, "segment/", {"action": "pause_chosen", "_selected_action": segment.pk})
    refused(viewer, f"experience/{hero.pk}/change/", {"name": "Hacked", "slot": "x", "state": "live", "match": "any"})
    refused(viewer, "experience/", {"action": "publish_chosen", "_selected_action": hero.pk})
    refused(viewer, "experience/", {"action": "delete_selected", "_selected_action": hero.pk, "post": "yes"})
    refused(viewer, f"profile/{merge.target_id}/unmerge/{merge.pk}/", {})


def test_viewer_reads_the_rule_and_has_no_form(addresses, staff):
    page = staff("view_segment").get(f"{ROOT}segment/{Segment.objects.get().pk}/change/").text
    assert ("count(&quot;order_completed&quot;)" in page, 'name="rule_text"' in page) == (True, False)


def test_whoever_may_change_profiles_may_take_a_merge_back(addresses, staff):
    merge = Merge.objects.get()
    staff("view_profile", "change_profile").post(f"{ROOT}profile/{merge.target_id}/unmerge/{merge.pk}/")
    merge.refresh_from_db()
    assert merge.undone_at is not None


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_never_changes_anything(addresses, owner, method):
    before = _everything()
    for address in [*addresses, f"profile/{Merge.objects.get().target_id}/unmerge/{Merge.objects.get().pk}/"]:
        getattr(owner, method)(f"{ROOT}{address}")
    assert _everything() == before
