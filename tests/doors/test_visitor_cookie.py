from __future__ import annotations

from dataclasses import replace

import pytest

from django_microseg.profile.models import Identity
from tests.doors.browsers import consenting, cookie_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_cookie_is_for_this_site_alone_and_scripts_cannot_read_it(shopper):
    cookie = shopper.get("/").cookies["microseg"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["max-age"]) == (
        True,
        "Lax",
        "",
        365 * 86_400,
    )


def test_cookie_is_secure_on_a_secure_page(shopper):
    assert shopper.get("/", secure=True).cookies["microseg"]["secure"] is True


def test_response_with_a_cookie_may_not_be_shared(shopper):
    assert "private" in shopper.get("/plain/").headers["Cache-Control"]


def test_id_stays_from_page_to_page(shopper):
    shopper.get("/")
    first = cookie_of(shopper).visitor_key
    shopper.get("/plain/")
    assert cookie_of(shopper).visitor_key == first


def test_two_browsers_have_two_ids(shopper):
    other = consenting()
    shopper.get("/")
    other.get("/")
    assert cookie_of(shopper).visitor_key != cookie_of(other).visitor_key


@pytest.mark.parametrize("change", [lambda value: value[:-1], lambda value: "x" + value, lambda value: "", str.upper])
def test_forged_cookie_makes_a_new_visitor(shopper, change):
    shopper.get("/")
    before = cookie_of(shopper).visitor_key
    shopper.cookies["microseg"] = change(shopper.cookies["microseg"].value)
    shopper.get("/")
    assert cookie_of(shopper).visitor_key != before


def test_pages_of_a_visit_are_counted(shopper):
    for _ in range(3):
        shopper.get("/")
    cookie = cookie_of(shopper)
    assert (cookie.visit_number, cookie.visit_views) == (1, 3)


def test_idle_visitor_begins_the_next_visit(shopper):
    shopper.get("/")
    old = cookie_of(shopper)
    an_hour = 3600
    shopper.cookies["microseg"] = replace(
        old, visit_started_at=old.visit_started_at - an_hour, last_active_at=old.last_active_at - an_hour
    ).dump()
    shopper.get("/")
    new = cookie_of(shopper)
    assert (new.visit_number, new.visit_views, new.visit_key == old.visit_key) == (2, 1, False)


def test_click_without_a_page_keeps_the_visit_alive(shopper):
    shopper.get("/")
    shopper.post("/add/")
    assert (cookie_of(shopper).visit_views, cookie_of(shopper).visit_number) == (1, 1)


def test_data_for_a_script_sets_no_cookie(shopper):
    assert "microseg" not in shopper.get("/json/").cookies


def test_logout_gives_the_browser_a_new_id(shopper, django_user_model):
    django_user_model.objects.create(username="ada")
    shopper.get("/enter/ada/")
    before = cookie_of(shopper).visitor_key
    shopper.get("/leave/")
    assert cookie_of(shopper).visitor_key != before


def test_second_customer_on_a_shared_device_is_not_the_first(shopper, django_user_model):
    ada, bea = (django_user_model.objects.create(username=name) for name in ("ada", "bea"))
    shopper.get("/enter/ada/")
    shopper.get("/leave/")
    shopper.get("/enter/bea/")
    shopper.post("/add/")
    owners = {row.value: row.profile.customer_key for row in Identity.objects.filter(kind="customer")}
    assert owners == {str(ada.pk): str(ada.pk), str(bea.pk): str(bea.pk)}
    last = Identity.objects.get(kind="visitor", value=cookie_of(shopper).visitor_key)
    assert last.profile.customer_key == str(bea.pk)


def test_login_before_consent_still_leads_to_the_customer(stranger, django_user_model):
    ada = django_user_model.objects.create(username="ada")
    stranger.get("/enter/ada/")
    stranger.post("/microseg/consent/", {"all": "yes"})
    stranger.post("/buy-as-customer/")
    found = Identity.objects.get(kind="visitor", value=cookie_of(stranger).visitor_key)
    assert found.profile.customer_key == str(ada.pk)
