"""A page that depends on who looks is never given to anybody else: not by a browser's, a proxy's or Django's cache."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from django_microseg.decide import parting
from tests.doors import site
from tests.doors.browsers import consenting, undecided

pytestmark = pytest.mark.django_db(transaction=True)

CACHED = [
    "django_microseg.middleware.MicrosegMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]


def _private(response: Any) -> tuple[bool, bool]:
    headers = response.headers
    return ("private" in headers.get("Cache-Control", ""), "Cookie" in headers.get("Vary", ""))


@pytest.mark.parametrize("path", ["/", "/streamed/", "/async/"])
def test_page_with_a_slot_is_private(stranger, path):
    assert _private(stranger.get(path)) == (True, True)


def test_page_without_a_slot_may_be_shared(stranger):
    assert _private(stranger.get("/plain/")) == (False, False)


def test_data_for_a_script_may_be_shared(shopper):
    assert _private(shopper.get("/json/")) == (False, False)


def test_site_wide_cache_gives_each_visitor_their_own_page(buyers, settings):
    settings.MIDDLEWARE = CACHED
    member, outsider = consenting(), consenting()
    member.post("/add/")
    pages = [browser.get("/").text for browser in (outsider, member, undecided(), member, outsider)]
    assert ["<b>for-buyers</b>" in page for page in pages] == [False, True, False, True, False]


def test_site_wide_cache_keeps_pages_that_depend_on_nobody(settings, monkeypatch):
    settings.MIDDLEWARE = CACHED
    made = []

    def view(request):
        made.append(1)
        return HttpResponse("plain")

    pattern = next(each for each in site.urlpatterns if str(each.pattern) == "plain/")
    monkeypatch.setattr(pattern, "callback", view)
    first, second = undecided().get("/plain/"), undecided().get("/plain/")
    assert (len(made), first.cookies.keys(), second.cookies.keys()) == (1, set(), set())


def test_page_from_the_cache_carries_no_other_visitors_cookie(settings):
    settings.MIDDLEWARE = CACHED
    one, two = consenting(), consenting()
    cookies = [browser.get("/plain/").cookies["microseg"].value for browser in (one, two)]
    assert cookies[0] != cookies[1]


def test_session_is_never_touched(shopper):
    response = shopper.get("/")
    assert "sessionid" not in response.cookies
    assert not response.wsgi_request.session.accessed


def test_page_that_shows_the_consent_is_private(stranger, monkeypatch):
    pattern = next(each for each in site.urlpatterns if str(each.pattern) == "plain/")
    monkeypatch.setattr(pattern, "callback", lambda request: HttpResponse(str(request.visitor.consent.is_asked)))
    response = stranger.get("/plain/")
    assert (response.text, _private(response)) == ("False", (True, True))


def test_personal_page_stays_private_when_something_fails_after_it(shopper, buyers, monkeypatch):
    shopper.post("/add/")

    def fail(*args, **kwargs):
        raise RuntimeError("injected")

    monkeypatch.setattr(parting, "is_page_view", fail)
    response = shopper.get("/")
    assert ("for-buyers" in response.text, _private(response)) == (True, (True, True))
