"""Each state of consent at each door: what must leave no trace leaves none, and what may be kept is kept.

Rows are compared over every table of ours, whole, so that a changed row counts as much as a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.test import Client
from django.urls import path

from django_microseg.api import decide, segments_for, track
from django_microseg.collect.models import Event
from tests.doors import site
from tests.doors.browsers import consenting, undecided

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_matrix_shop")]

FROM_SOCIAL = "utm_source=instagram&utm_medium=social&utm_campaign=spring"
FROM_MAIL = "utm_source=letter&utm_medium=email&utm_campaign=may"


def ask(request: HttpRequest) -> JsonResponse:
    """A shop's own interface in Python: what the visitor gets, as data."""
    track(request, "product_viewed", product_id="boot-1")
    chosen = decide(request, "home-hero")
    return JsonResponse(
        {"segments": sorted(segments_for(request)), "experience": chosen.choice.slug if chosen.choice else ""}
    )


urlpatterns = [*site.urlpatterns, path("ask/", ask)]

VIEW = {"name": "product_viewed", "id": "view-1", "properties": {"product_id": "boot-1"}}


def _post(browser: Client, address: str, body: Any) -> HttpResponseBase:
    return browser.post(address, body, content_type="application/json")


DOORS: dict[str, Callable[[Client], HttpResponseBase]] = {
    "page": lambda browser: browser.get("/plain/"),
    "beacon": lambda browser: _post(browser, "/microseg/collect/", {"events": [VIEW]}),
    "events": lambda browser: _post(
        browser, "/microseg/api/v1/events/", {"events": [{"name": VIEW["name"], "properties": VIEW["properties"]}]}
    ),
    "decide": lambda browser: _post(browser, "/microseg/api/v1/decide/", {"slots": ["home-hero"]}),
    "python": lambda browser: browser.get("/ask/"),
    "tag": lambda browser: browser.get("/"),
    "login": lambda browser: browser.get("/enter/ada/"),
    "checkout": lambda browser: browser.post("/buy/"),
    "mail": lambda browser: browser.get(f"/?{FROM_MAIL}"),
}
#: What a door of a consenting visitor leaves behind: the event that is stored.
KEPT = {
    "page": "page_viewed",
    "beacon": "product_viewed",
    "events": "product_viewed",
    "decide": None,
    "python": "product_viewed",
    "tag": "page_viewed",
    "login": "page_viewed",
    "checkout": "order_completed",
    "mail": "page_viewed",
}


#: Doors that say that nothing was kept; the others serve their page or answer all the same.
REFUSES = {"beacon": 403, "events": 403}


@pytest.fixture
def _matrix_shop(settings: Any, buyers: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "matrix"}}
    settings.MICROSEG = {"CACHE": "default"}
    caches["default"].clear()
    User.objects.create(username="ada")


def _accepted() -> Client:
    browser = undecided()
    browser.post("/microseg/consent/", {"all": "yes"})
    browser.post("/add/")
    return browser


def _declined(settings: Any) -> Client:
    browser = undecided()
    browser.post("/microseg/consent/", {"all": "no"})
    return browser


def _withdrawn(settings: Any) -> Client:
    browser = _accepted()
    browser.post("/microseg/consent/", {"all": "no"})
    return browser


def _new_text(settings: Any) -> Client:
    browser = _accepted()
    settings.MICROSEG = {**settings.MICROSEG, "CONSENT_TEXT_VERSION": "2"}
    return browser


def _objecting(header: str) -> Callable[[Any], Client]:
    """A yes of earlier, in a browser that now objects to everything."""

    def made(settings: Any) -> Client:
        browser = _accepted()
        settings.MICROSEG = {**settings.MICROSEG, "OPT_OUT_REFUSES_ALL": True}
        browser.defaults[f"HTTP_{header}"] = "1"
        return browser

    return made


SILENT: dict[str, Callable[[Any], Client]] = {
    "unset": lambda settings: undecided(),
    "declined": _declined,
    "withdrawn": _withdrawn,
    "gpc": _objecting("SEC_GPC"),
    "dnt": _objecting("DNT"),
    "new_text": _new_text,
}


def _rows() -> dict[str, list[dict[str, Any]]]:
    models = apps.get_app_config("django_microseg").get_models()
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def _cache_keys() -> set[str]:
    """But for what every page reads, and for how often a network knocked within the minute, which is no tracking."""
    every = {key for key in caches["default"]._cache if not key.endswith(":publication")}
    return {key for key in every if ":rate:api-network:" not in key and ":rate:tracking-network:" not in key}


def _live_cookies(response: HttpResponseBase) -> set[str]:
    """The cookies of ours that a response sets, those that it takes away left out."""
    return {name for name, one in response.cookies.items() if name.startswith("microseg") and one.value}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", SILENT)
def test_without_consent_no_door_leaves_a_trace(state: str, door: str, settings: Any) -> None:
    browser = SILENT[state](settings)
    before, keys = _rows(), _cache_keys()
    response = DOORS[door](browser)
    assert response.status_code == REFUSES.get(door, 200)
    assert _live_cookies(response) == set()
    assert _rows() == before
    assert _cache_keys() - keys == set()
    assert "for-buyers" not in response.text


@pytest.mark.parametrize("door", DOORS)
def test_with_consent_each_door_keeps_what_happened(door: str) -> None:
    browser = _accepted()
    known = set(Event.objects.values_list("pk", flat=True))
    response = DOORS[door](browser)
    names = set(Event.objects.exclude(pk__in=known).values_list("name", flat=True))
    assert (response.status_code, "microseg" in browser.cookies) == (200, True)
    assert KEPT[door] is None or KEPT[door] in names


@pytest.mark.parametrize("door", ["decide", "python", "tag", "mail"])
def test_with_consent_the_visitor_is_recognised(door: str) -> None:
    assert "for-buyers" in DOORS[door](_accepted()).text


@pytest.mark.parametrize("state", SILENT)
def test_order_of_a_known_customer_is_kept_by_contract_whatever_was_chosen(state: str, settings: Any) -> None:
    browser = SILENT[state](settings)
    browser.force_login(User.objects.get(username="ada"))
    browser.post("/buy-as-customer/")
    order = Event.objects.get(name="order_completed")
    assert (order.basis, order.visitor_key) == ("contract", "")


@pytest.mark.parametrize("header", ["SEC_GPC", "DNT"])
def test_by_default_an_objection_ends_advertising_alone(header: str) -> None:
    browser = consenting()
    browser.defaults[f"HTTP_{header}"] = "1"
    browser.post("/add/")
    assert Event.objects.filter(name="product_added").count() == 1


@pytest.mark.parametrize("header", ["SEC_GPC", "DNT"])
def test_yes_that_is_posted_by_an_objecting_browser_gives_no_id(header: str, settings: Any) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "OPT_OUT_REFUSES_ALL": True}
    browser = undecided()
    browser.defaults[f"HTTP_{header}"] = "1"
    before = _rows()
    response = browser.post("/microseg/consent/", {"all": "yes"})
    assert (_live_cookies(response), _rows()) == ({"microseg_consent"}, before)


@pytest.mark.usefixtures("social")
@pytest.mark.parametrize(("is_on", "shown"), [(True, "<b>first-order</b>"), (False, "default hero")])
def test_first_response_to_a_social_campaign(settings: Any, *, is_on: bool, shown: str) -> None:
    settings.MICROSEG = {**settings.MICROSEG, "CONTEXT_WITHOUT_CONSENT": is_on}
    before, keys = _rows(), _cache_keys()
    response = undecided().get(f"/?{FROM_SOCIAL}")
    assert shown in response.text
    assert (dict(response.cookies), _rows(), _cache_keys() - keys) == ({}, before, set())
