"""A shop whose consent banner is another tool's: what visitors say there holds here, and our own question is silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from django_microseg.collect.models import Event
from django_microseg.privacy.models import ConsentRecord
from tests.doors.browsers import consenting, undecided

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS: dict[str, list[str] | None] = {"yes": ["measurement", "personalisation", "telepathy"], "no": [], "": None}


def read(request: HttpRequest) -> list[str] | None:
    """The shop's own tool, which keeps a word in a cookie."""
    return ANSWERS[request.COOKIES.get("tool", "")]


def fail(request: HttpRequest) -> list[str]:
    raise RuntimeError("the tool is out of order")


@pytest.fixture(autouse=True)
def _elsewhere(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.doors.site"
    settings.MICROSEG = {"CONSENT_READER": f"{__name__}.read"}


def saying(answer: str) -> Client:
    browser = undecided()
    browser.cookies["tool"] = answer
    return browser


def test_yes_there_is_a_yes_here() -> None:
    browser = saying("yes")
    browser.get("/plain/")
    browser.get("/plain/")
    assert "microseg" in browser.cookies
    assert Event.objects.filter(name="page_viewed").count() == 2
    assert [sorted(row.purposes) for row in ConsentRecord.objects.all()] == [["measurement", "personalisation"]]


@pytest.mark.parametrize("answer", ["no", ""])
def test_no_or_silence_there_leaves_nothing_here_whatever_our_own_cookie_says(answer: str) -> None:
    browser = consenting()
    browser.cookies["tool"] = answer
    browser.get("/plain/")
    assert "microseg" not in browser.cookies
    assert (Event.objects.count(), ConsentRecord.objects.count()) == (0, 0)


def test_withdrawal_there_takes_our_cookie_away() -> None:
    browser = saying("yes")
    browser.get("/plain/")
    browser.cookies["tool"] = "no"
    stored = Event.objects.count()
    assert browser.get("/plain/").cookies["microseg"].value == ""
    assert Event.objects.count() == stored


def test_tool_that_fails_is_a_no_and_the_page_is_served(settings: Any) -> None:
    settings.MICROSEG = {"CONSENT_READER": f"{__name__}.fail"}
    response = undecided().get("/plain/")
    assert (response.status_code, dict(response.cookies), Event.objects.count()) == (200, {}, 0)


def test_browser_that_objects_is_heard_before_the_tool(settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "OPT_OUT_REFUSES_ALL": True}
    browser = saying("yes")
    browser.defaults["HTTP_SEC_GPC"] = "1"
    assert "microseg" not in browser.get("/plain/").cookies


def test_our_own_question_points_there() -> None:
    browser = undecided()
    assert browser.post("/microseg/consent/", {"all": "yes"}).status_code == 400
    answer = browser.put("/microseg/api/v1/consent/", {"purposes": ["measurement"]}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "asked_elsewhere")
    assert not browser.cookies


@pytest.fixture(scope="module")
def _installed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """django-cookie-consent is installed and has its tables."""
    with override_settings(INSTALLED_APPS=[*django_settings.INSTALLED_APPS, "cookie_consent"]):
        from cookie_consent.models import Cookie, CookieGroup

        with django_db_blocker.unblock(), connection.schema_editor() as editor:
            editor.create_model(CookieGroup)
            editor.create_model(Cookie)
        yield
        with django_db_blocker.unblock(), connection.schema_editor() as editor:
            editor.delete_model(Cookie)
            editor.delete_model(CookieGroup)
        for model in [model for model in admin.site._registry if model._meta.app_label == "cookie_consent"]:
            admin.site.unregister(model)


@pytest.fixture
def cookie_consent(_installed: None, settings: Any) -> Any:
    """With a group for each purpose but advertising."""
    from cookie_consent import models, util

    settings.MICROSEG = {"CONSENT_READER": "django_microseg.privacy.cookie_consent.read"}
    for purpose in ("measurement", "personalisation"):
        group = models.CookieGroup.objects.create(varname=purpose, name=purpose)
        models.Cookie.objects.create(cookiegroup=group, name="microseg")
    return util


def test_groups_of_django_cookie_consent_are_our_purposes(cookie_consent: Any) -> None:
    browser = undecided()
    assert "microseg" not in browser.get("/plain/").cookies
    browser.cookies["cookie_consent"] = cookie_consent.dict_to_cookie_str(
        {
            "measurement": "2999-01-01T00:00:00+00:00",
            "personalisation": "-1",
            "advertising": "2999-01-01T00:00:00+00:00",
        }
    )
    browser.get("/plain/")
    assert [row.purposes for row in ConsentRecord.objects.all()] == [["measurement"]]
    browser.cookies["cookie_consent"] = cookie_consent.dict_to_cookie_str({"measurement": "-1"})
    assert browser.get("/plain/").cookies["microseg"].value == ""


def test_group_of_django_cookie_consent_that_changed_is_asked_again(cookie_consent: Any) -> None:
    browser = undecided()
    browser.cookies["cookie_consent"] = cookie_consent.dict_to_cookie_str({"measurement": "2001-01-01T00:00:00+00:00"})
    browser.get("/plain/")
    assert ("microseg" in browser.cookies, ConsentRecord.objects.count()) == (False, 0)
