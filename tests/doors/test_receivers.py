"""Login and logout: who becomes whom, and that neither ever fails because of us."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.utils import timezone

from django_microseg import receivers
from django_microseg.collect.models import Event
from django_microseg.privacy.erase import erase_customer
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.models import Identity, Profile
from tests.doors.browsers import consenting, cookie_of, undecided

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna():
    return get_user_model().objects.create(username="anna")


@pytest.fixture
def bert():
    return get_user_model().objects.create(username="bert")


def key_of(browser):
    return cookie_of(browser).visitor_key


def customers_of_events():
    return {event.visitor_key: event.profile.customer_key for event in Event.objects.select_related("profile")}


def test_what_the_visitor_did_before_the_login_is_the_customers(anna):
    browser = consenting()
    browser.get("/product/")
    browser.get("/enter/anna/")
    assert customers_of_events() == {key_of(browser): str(anna.pk)}


def test_second_customer_on_the_same_browser_gets_nothing_of_the_first(anna, bert):
    browser = consenting()
    browser.get("/product/")
    browser.get("/enter/anna/")
    first = key_of(browser)
    browser.get("/enter/bert/")
    second = key_of(browser)
    browser.get("/product/")
    assert first != second
    assert customers_of_events() == {first: str(anna.pk), second: str(bert.pk)}


def test_next_visitor_after_a_logout_is_nobody_known(anna):
    browser = consenting()
    browser.get("/product/")
    browser.get("/enter/anna/")
    browser.get("/leave/")
    browser.get("/product/")
    assert customers_of_events()[key_of(browser)] is None
    assert Profile.objects.count() == 2


def test_new_id_after_a_logout_is_on_record_with_the_consent_it_came_under(anna):
    browser = consenting(purposes=("measurement",))
    browser.get("/product/")
    browser.get("/enter/anna/")
    browser.get("/leave/")
    record = ConsentRecord.objects.get(visitor_key=key_of(browser))
    assert (record.purposes, record.cause) == (["measurement"], "new_id")


@pytest.mark.parametrize("purposes", [None, (), ("advertising",)])
def test_login_and_logout_without_consent_leave_no_row_and_no_cookie(anna, purposes):
    browser = undecided() if purposes is None else consenting(purposes=purposes)
    browser.get("/enter/anna/")
    browser.get("/leave/")
    rows = Profile.objects.count(), Identity.objects.count(), ConsentRecord.objects.count()
    assert rows == (0, 0, 0)
    assert cookie_of(browser) is None


def test_logout_of_somebody_who_was_not_logged_in_keeps_the_id():
    browser = consenting()
    browser.get("/product/")
    before = key_of(browser)
    browser.get("/leave/")
    assert key_of(browser) == before


def test_browser_of_an_erased_customer_gets_a_new_id_at_the_next_login(anna, bert):
    browser = consenting()
    browser.get("/product/")
    browser.get("/enter/anna/")
    old = key_of(browser)
    erase_customer(str(anna.pk), now=timezone.now())
    browser.get("/product/")
    assert Event.objects.count() == 0
    browser.get("/enter/bert/")
    assert key_of(browser) != old
    assert list(Profile.objects.values_list("customer_key", flat=True)) == [str(bert.pk)]


def test_customer_who_was_just_erased_can_log_in_and_stays_unknown(anna):
    browser = consenting()
    browser.get("/product/")
    browser.get("/enter/anna/")
    erase_customer(str(anna.pk), now=timezone.now())
    assert browser.get("/enter/anna/").status_code == 200
    assert Profile.objects.filter(customer_key=str(anna.pk)).count() == 0


def test_shop_may_name_its_customers_by_another_key(anna, settings):
    settings.MICROSEG = {"CUSTOMER_KEY": "tests.doors.test_receivers.number_of"}
    browser = consenting()
    browser.get("/product/")
    browser.get("/enter/anna/")
    assert Profile.objects.get().customer_key == "number-anna"


def number_of(user):
    return f"number-{user.username}"


@pytest.mark.parametrize("is_atomic", [False, True])
def test_login_goes_on_when_the_merge_fails(anna, monkeypatch, caplog, is_atomic):
    def fail(*args, **kwargs):
        list(Profile.objects.extra(where=["no_such_column = 1"]))  # spoils the transaction

    monkeypatch.setattr(receivers, "merge_at_login", fail)
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", is_atomic)
    receivers._JOINING.reset()
    browser = consenting()
    browser.get("/product/")
    with caplog.at_level(logging.ERROR, "django_microseg"):
        assert browser.get("/enter/anna/").status_code == 200
    [record] = [each for each in caplog.records if "at login" in each.getMessage()]
    assert f"user {anna.pk}" in record.getMessage()
    assert "anna" not in record.getMessage()
    assert browser.session["_auth_user_id"] == str(anna.pk)


def test_logout_goes_on_when_the_new_id_fails(anna, monkeypatch):
    def fail(visitor):
        raise DatabaseError

    browser = consenting()
    browser.get("/enter/anna/")
    monkeypatch.setattr(receivers, "part_from_customer", fail)
    assert browser.get("/leave/").status_code == 200
    assert "_auth_user_id" not in browser.session


def test_login_from_elsewhere_than_a_page_is_left_alone(anna):
    receivers._logged_in(None, request=None, user=anna)
    receivers._logged_out(None, request=object(), user=anna)
    assert Profile.objects.count() == 0
