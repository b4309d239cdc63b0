"""Staff looks at the shop as somebody else: who may, what it changes, that nothing of it is kept, how it ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from django_microseg.collect.models import Event, EventKey
from django_microseg.decide.preview.ticket import Ticket
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.models import Identity, Profile
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import pause
from tests.doors import site
from tests.doors.browsers import consenting, cookie_of, send, undecided

pytestmark = pytest.mark.django_db(transaction=True)

START, STOP = "/microseg/preview/start/", "/microseg/preview/stop/"
TICKET, MARK = "microseg_preview", "microseg_staff"


@pytest.fixture
def marketer() -> User:
    """Somebody who may preview the shop, and no more."""
    user = User.objects.create(username="marketer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="preview_shop"))
    return user


@pytest.fixture
def staff(marketer: User) -> Client:
    browser = undecided()
    browser.force_login(marketer)
    return browser


def _preview(browser: Client, *segments: str, **fields: Any) -> HttpResponse:
    response = browser.post(START, {"segments": segments, **fields})
    assert response.status_code == 302, response.text
    return response


def _previews(browser: Client) -> bool:
    """Whether the browser is shown what is for buyers, which it has never been."""
    return "<b>for-buyers</b>" in browser.get("/").text


# -- what it changes


def test_page_is_shown_as_to_a_member(staff, buyers):
    _preview(staff, "buyers")
    assert staff.get("/").text == "<main><b>for-buyers</b>for buyers</main>"


def test_page_without_a_preview_is_shown_as_to_oneself(staff, buyers):
    assert staff.get("/").text == "<main>default herofor all</main>"


def test_others_see_nothing_of_it(staff, buyers, shopper, stranger):
    _preview(staff, "buyers")
    assert (_previews(shopper), _previews(stranger)) == (False, False)


def test_any_combination_of_segments_is_assumed(staff, buyers, social, make_experience, make_segment):
    make_segment("far", 'context.country == "JP"')
    make_experience("for-both", "buyers", "far", match="all", priority=9)
    seen = []
    for segments in (["buyers"], ["far"], ["buyers", "far"], ["social"], []):
        _preview(staff, *segments)
        seen += re.findall("<b>(.+)</b>|(default)", staff.get("/").text)
    assert ["".join(each) for each in seen] == ["for-buyers", "default", "for-both", "first-order", "default"]


def test_own_segments_do_not_count_while_previewing(marketer, buyers):
    browser = consenting()
    browser.force_login(marketer)
    browser.post("/add/")
    assert _previews(browser)
    _preview(browser)
    assert not _previews(browser)


def test_async_page_is_previewed_too(staff, buyers):
    _preview(staff, "buyers")
    assert "<b>for-buyers</b>" in staff.get("/async/").text


def test_streamed_page_is_previewed_too(staff, buyers):
    _preview(staff, "buyers")
    assert b"<b>for-buyers</b>" in staff.get("/streamed/").getvalue()


def test_segment_that_is_no_longer_in_force_is_left_out(staff, buyers):
    _preview(staff, "buyers")
    pause(Segment.objects.get(slug="buyers"), now=buyers.live_version.created_at)
    assert not _previews(staff)


# -- nothing is kept


def _rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Event, EventKey, Profile, Identity, ConsentRecord)}


@pytest.mark.parametrize(
    "path", ["/", "/plain/", "/async/", "/streamed/", "/product/", "/add/", "/buy/", "/buy-as-customer/"]
)
def test_nothing_is_recorded_and_the_visitors_cookie_stays_as_it_is(marketer, buyers, path):
    browser = consenting()
    browser.force_login(marketer)
    browser.get("/")
    _preview(browser, "buyers")
    before, cookie = _rows(), browser.cookies["microseg"].value
    response = browser.get(path)
    response.getvalue()
    response.close()
    assert (_rows(), browser.cookies["microseg"].value, "microseg" in response.cookies) == (before, cookie, False)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_consent_question_is_not_answered_by_a_preview(staff, buyers, answer):
    _preview(staff, "buyers")
    response = staff.post("/microseg/consent/", {"all": answer})
    assert (response.status_code, dict(response.cookies), _rows()["ConsentRecord"]) == (302, {}, 0)


def test_same_account_logging_in_again_is_not_joined_with_the_browser(marketer, buyers):
    browser = consenting()
    browser.force_login(marketer)
    _preview(browser, "buyers")
    browser.get("/enter/marketer/")
    assert _rows()["Profile"] == 0


@pytest.mark.parametrize("path", ["/", "/plain/", "/json/", "/missing/"])
def test_no_cache_may_keep_a_previewed_response(staff, buyers, path):
    _preview(staff, "buyers")
    headers = staff.get(path).headers
    assert {"private", "no-store"} <= set(headers["Cache-Control"].replace(" ", "").split(","))
    assert "Cookie" in headers["Vary"]


def test_site_wide_cache_keeps_nothing_of_a_preview(staff, buyers, settings):
    settings.MIDDLEWARE = [
        "django_microseg.middleware.MicrosegMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        *settings.MIDDLEWARE[1:],
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    _preview(staff, "buyers")
    assert [_previews(browser) for browser in (staff, undecided(), undecided())] == [True, False, False]


# -- who may


def _login(*, permissions: tuple[str, ...] = ("preview_shop",), **fields: Any) -> Client:
    user = User.objects.create(username="someone", **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = undecided()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("address", [START, STOP])
@pytest.mark.parametrize(
    "who",
    [
        {"is_staff": True, "permissions": ()},
        {"is_staff": True, "permissions": ("change_experience", "view_segment")},
        {"is_staff": False},
        {"is_staff": False, "is_superuser": True},
    ],
)
def test_whoever_may_not_is_refused(buyers, who, address):
    browser = _login(**who)
    response = browser.post(address, {"segments": "buyers"})
    assert (response.status_code, TICKET in response.cookies) == (403, False)


def test_nobody_logged_in_is_refused(stranger, buyers):
    assert stranger.post(START, {"segments": "buyers"}).status_code == 403


def test_owner_may(buyers):
    browser = _login(is_staff=True, is_superuser=True, permissions=())
    _preview(browser, "buyers")
    assert _previews(browser)


@pytest.mark.parametrize("address", [START, STOP])
def test_link_starts_and_stops_nothing(staff, buyers, address):
    assert staff.get(address, {"segments": "buyers"}).status_code == 405


@pytest.mark.parametrize("address", [START, STOP])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://testserver"},
    ],
)
def test_other_sites_form_starts_and_stops_nothing(staff, buyers, address, headers):
    response = staff.post(address, {"segments": "buyers"}, headers=headers)
    assert (response.status_code, TICKET in response.cookies) == (403, False)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}])
def test_own_form_starts_a_preview(staff, buyers, headers):
    staff.post(START, {"segments": "buyers"}, headers=headers)
    assert _previews(staff)


def test_form_without_a_token_starts_nothing(marketer, buyers):
    browser = undecided(enforce_csrf_checks=True)
    browser.force_login(marketer)
    assert browser.post(START, {"segments": "buyers"}).status_code == 403


def test_unknown_segment_is_named(staff, buyers):
    response = staff.post(START, {"segments": ["buyers", "lost"]})
    assert (response.status_code, response.text) == (
        400,
        "No segment “lost” is in force. Reload the page and choose among those that are.",
    )


@pytest.mark.parametrize(
    ("asked", "leads_to"), [("/product/", "/product/"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_way_back_leads_to_the_shop_alone(staff, buyers, asked, leads_to):
    assert _preview(staff, "buyers", next=asked).headers["Location"] == leads_to


# -- as a person


def test_preview_as_a_person_takes_their_segments(marketer, buyers, shopper):
    shopper.post("/add/")
    marketer.user_permissions.add(Permission.objects.get(codename="view_profile"))
    browser = undecided()
    browser.force_login(marketer)
    _preview(browser, profile=Profile.objects.get().pk)
    assert (_previews(browser), Event.objects.count()) == (True, 1)


def test_preview_as_a_person_needs_the_right_to_see_people(staff, buyers, shopper):
    shopper.post("/add/")
    assert staff.post(START, {"profile": Profile.objects.get().pk}).status_code == 403


@pytest.mark.parametrize("profile", ["0", "9999", "9" * 30, "9" * 5000, "x", "1 OR 1=1", "²"])
def test_person_who_is_not_there_is_not_found(marketer, buyers, profile):
    marketer.user_permissions.add(Permission.objects.get(codename="view_profile"))
    browser = undecided()
    browser.force_login(marketer)
    assert browser.post(START, {"profile": profile}).status_code == 404


# -- how it ends


def test_stop_ends_it(staff, buyers):
    _preview(staff, "buyers")
    staff.post(STOP)
    assert (staff.cookies[TICKET].value, _previews(staff)) == ("", False)


def test_logout_ends_it_at_once(staff, buyers):
    _preview(staff, "buyers")
    response = staff.get("/leave/")
    assert (response.cookies[TICKET].value, _previews(staff)) == ("", False)


def test_logout_while_previewing_still_gives_the_browser_a_new_id(marketer, buyers):
    browser = consenting()
    browser.force_login(marketer)
    browser.get("/")
    before = cookie_of(browser).visitor_key
    _preview(browser, "buyers")
    browser.get("/leave/")
    assert cookie_of(browser).visitor_key != before


def _take_permission(user: User) -> None:
    user.user_permissions.clear()


def _take_staff(user: User) -> None:
    User.objects.update(is_staff=False)


def _deactivate(user: User) -> None:
    User.objects.update(is_active=False)


@pytest.mark.parametrize("take", [_take_permission, _take_staff, _deactivate])
def test_whoever_loses_the_right_sees_the_shop_as_themselves_at_once(staff, marketer, buyers, take):
    _preview(staff, "buyers")
    take(marketer)
    response = staff.get("/")
    assert ("for-buyers" in response.text, response.cookies[TICKET].value) == (False, "")


def test_ticket_in_another_hand_opens_nothing(staff, buyers):
    _preview(staff, "buyers")
    other = _login(is_staff=True, is_superuser=True)
    other.cookies[TICKET] = staff.cookies[TICKET].value
    response = other.get("/")
    assert ("for-buyers" in response.text, response.cookies[TICKET].value) == (False, "")


def test_ticket_without_a_login_opens_nothing(staff, stranger, buyers):
    _preview(staff, "buyers")
    stranger.cookies[TICKET] = staff.cookies[TICKET].value
    assert not _previews(stranger)


def test_login_of_somebody_else_ends_it_within_the_request(staff, marketer, buyers, monkeypatch):
    User.objects.create(username="ada")
    _preview(staff, "buyers")

    def view(request: Any) -> HttpResponse:
        before = site.PAGE.render({}, request)
        site.enter(request, "ada")
        return HttpResponse(before + site.PAGE.render({}, request))

    pattern = next(each for each in site.urlpatterns if str(each.pattern) == "plain/")
    monkeypatch.setattr(pattern, "callback", view)
    response = staff.get("/plain/")
    assert response.text == "<main><b>for-buyers</b>for buyers</main><main>default herofor all</main>"
    assert response.cookies[TICKET].value == ""


def test_ticket_is_over_after_an_hour(staff, buyers, monkeypatch):
    _preview(staff, "buyers")
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3601)
    response = staff.get("/")
    assert ("for-buyers" in response.text, response.cookies[TICKET].value) == (False, "")


@pytest.mark.parametrize("change", [lambda value: value[:-1], lambda value: f"x{value}", str.lower, lambda value: "x"])
def test_tampered_ticket_is_ignored_and_taken_away(staff, buyers, change):
    _preview(staff, "buyers")
    staff.cookies[TICKET] = change(staff.cookies[TICKET].value)
    response = staff.get("/")
    assert ("for-buyers" in response.text, response.cookies[TICKET].value) == (False, "")
    assert "private" in response.headers["Cache-Control"]


def test_ticket_cookie_is_for_this_site_alone_and_scripts_cannot_read_it(staff, buyers):
    morsel = _preview(staff, "buyers").cookies[TICKET]
    assert (morsel["httponly"], morsel["samesite"], morsel["max-age"], morsel["path"]) == (True, "Lax", 3600, "/")


def test_shop_without_logins_knows_no_preview(buyers, settings):
    settings.MIDDLEWARE = ["django_microseg.middleware.MicrosegMiddleware"]
    browser = undecided()
    browser.cookies[TICKET] = Ticket.of(1, [buyers.pk]).dump()
    response = browser.get("/")
    assert ("for-buyers" in response.text, TICKET in response.cookies) == (False, False)


# -- what it costs


@pytest.mark.parametrize("value", [None, "x", "a:b:c"])
def test_session_is_not_touched_without_a_good_ticket(shopper, buyers, value):
    if value is not None:
        shopper.cookies[TICKET] = value
    assert not shopper.get("/").wsgi_request.session.accessed


def test_preview_takes_one_query_for_the_page_and_the_rest_for_who_is_logged_in(staff, buyers):
    _preview(staff, "buyers")
    staff.get("/")
    tables = [sql.split("FROM ")[1].split('"')[1] for sql in send(staff, "/")[1]]
    assert tables == [
        "django_session",
        "auth_user",
        "auth_permission",
        "auth_permission",
        "django_microseg_publication",
    ]


# -- the mark


def test_admin_leaves_the_mark_for_those_who_may(staff):
    morsel = staff.get("/admin/").cookies[MARK]
    assert (morsel.value, morsel["httponly"], morsel["samesite"]) == ("1", True, "Lax")


def test_admin_leaves_no_mark_for_those_who_may_not():
    browser = _login(is_staff=True, permissions=("view_segment",))
    assert MARK not in browser.get("/admin/").cookies


def test_login_leaves_the_mark_for_those_who_may(marketer):
    User.objects.create(username="ada")
    found = [undecided().get(f"/enter/{name}/").cookies.keys() for name in ("marketer", "ada")]
    assert [MARK in names for names in found] == [True, False]


def test_mark_is_taken_at_logout_and_from_those_who_no_longer_may(staff, marketer):
    staff.get("/admin/")
    assert staff.get("/leave/").cookies[MARK].value == ""
    staff.force_login(marketer)
    staff.get("/admin/")
    _take_permission(marketer)
    assert staff.get("/admin/").cookies[MARK].value == ""


def test_shop_pages_leave_no_mark(staff, shopper):
    assert [MARK in browser.get("/").cookies for browser in (staff, shopper)] == [False, False]
