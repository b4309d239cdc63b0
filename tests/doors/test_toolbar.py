"""The staff bar: who sees it, what it says of the page, what it costs, and that it leads to a preview."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from django.utils import timezone

from django_microseg.decide.switch import stop
from django_microseg.profile.models import Profile
from tests.doors import site
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, send, undecided

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = engines["django"].from_string(
    '{% load microseg %}<main>{% slot "home-hero" %}default{% endslot %}</main>{% microseg_toolbar %}'
)
TOO_EARLY = engines["django"].from_string(
    '{% load microseg %}{% microseg_toolbar %}{% slot "home-hero" %}default{% endslot %}'
)


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({"csp_nonce": request.GET.get("nonce")}, request))


async def _async_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({}, request))


urlpatterns = [
    *site.urlpatterns,
    path("bar/", _page),
    path("bar-async/", _async_page),
    path("too-early/", lambda request: HttpResponse(TOO_EARLY.render({}, request))),
]


@pytest.fixture(autouse=True)
def _these_urls(settings: Any, _our_urls: None) -> None:
    settings.ROOT_URLCONF = "tests.doors.test_toolbar"


@pytest.fixture
def marketer() -> User:
    user = User.objects.create(username="marketer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="preview_shop"))
    return user


def _at_work(user: User, browser: Client | None = None) -> Client:
    """A browser of staff who has been in the admin, and so carries the mark."""
    browser = browser or undecided()
    browser.force_login(user)
    browser.get("/admin/")
    return browser


@pytest.fixture
def staff(marketer: User) -> Client:
    return _at_work(marketer)


def _has_bar(page: HttpResponse) -> bool:
    return 'class="microseg-bar' in page.text


def _words(page: str) -> str:
    """What the bar says, without its markup."""
    bar = page[page.index("<aside") :]
    return " ".join(unescape(re.sub("<[^>]+>", " ", bar)).split())


# -- who sees it


@pytest.mark.parametrize("address", ["/bar/", "/bar-async/"])
def test_staff_with_the_permission_sees_it(staff, address):
    assert _has_bar(staff.get(address))


@pytest.mark.parametrize("address", ["/bar/", "/bar-async/"])
def test_nobody_else_sees_it(buyers, address):
    clerk = User.objects.create(username="clerk", is_staff=True)
    customer = User.objects.create(username="customer", is_superuser=True)
    browsers = [undecided(), consenting(), consenting(agent=GOOGLEBOT), _at_work(clerk), _at_work(customer)]
    assert [browser.get(address).text for browser in browsers] == ["<main>default</main>"] * 5


@pytest.mark.parametrize("address", ["/bar/", "/bar-async/"])
def test_made_up_mark_shows_nothing(shopper, address):
    shopper.cookies["microseg_staff"] = "1"
    assert not _has_bar(shopper.get(address))


def test_whoever_has_lost_the_permission_no_longer_sees_it(staff, marketer):
    marketer.user_permissions.clear()
    assert not _has_bar(staff.get("/bar/"))


def test_page_of_the_editors_preview_has_none(client):
    owner = User.objects.create(username="owner", is_staff=True, is_superuser=True)
    form = {
        "slot": "home-hero",
        "kind": "content",
        "content_html": "<b>new</b>",
        "match": "any",
        "preview_path": "/bar/",
    }
    answer = _at_work(owner, client).post("/admin/django_microseg/experience/preview/", form).json()
    assert answer["html"] == "<main><b>new</b></main>"


# -- what it costs


def test_it_costs_a_shopper_nothing(shopper, buyers):
    shopper.get("/bar/")
    statements = send(shopper, "/bar/")[1]
    assert len(statements) == 1  # the slot's own
    assert not shopper.get("/bar/").wsgi_request.session.accessed


def test_it_costs_a_logged_in_customer_nothing(buyers):
    browser = consenting()
    browser.force_login(User.objects.create(username="ada"))
    assert not browser.get("/bar/").wsgi_request.session.accessed


def test_it_costs_staff_who_is_logged_in_what_they_may_and_two_lists_of_names(staff, buyers):
    staff.get("/bar/")
    tables = [sql.split("FROM ")[1].split('"')[1] for sql in send(staff, "/bar/")[1]]
    assert tables == [
        "django_microseg_publication",  # the slot's own
        "django_session",
        "auth_user",
        "auth_permission",
        "auth_permission",
        "django_microseg_segment",
        "django_microseg_experience",
    ]


def test_page_with_the_bar_is_private(staff):
    assert "private" in staff.get("/bar/").headers["Cache-Control"]


def test_page_without_the_bar_may_be_shared(stranger, monkeypatch):
    alone = engines["django"].from_string("{% load microseg %}x{% microseg_toolbar %}")
    pattern = next(each for each in urlpatterns if str(each.pattern) == "bar/")
    monkeypatch.setattr(pattern, "callback", lambda request: HttpResponse(alone.render({}, request)))
    response = stranger.get("/bar/")
    assert (response.text, "Cache-Control" in response.headers) == ("x", False)


# -- what it says


def test_it_names_each_decision_and_why(staff, buyers, make_experience):
    make_experience("for-all")
    assert _words(staff.get("/bar/").text).startswith(
        "You are: in no segment why? What this page decided home-hero Shows “For-All”. It is for everybody. "
    )


def test_it_names_what_was_passed_over_and_why(staff, buyers):
    assert (
        "home-hero Shows its default. None of the live experiences fits. "
        "Passed over: “For-Buyers”: It is for “Buyers”. Who you are here"
    ) in _words(staff.get("/bar/").text)


def test_it_names_the_segments_of_whoever_looks(marketer, buyers):
    browser = _at_work(marketer, consenting())
    browser.post("/add/")
    words = _words(browser.get("/bar/").text)
    assert words.startswith("You are: Buyers why? What this page decided home-hero Shows “For-Buyers”.")
    assert "You are in “Buyers”. Who you are here You allow measurement and personalisation. Buyers Look" in words


def test_it_names_three_segments_and_counts_the_rest(marketer, make_segment):
    for name in ("a", "b", "c", "d", "e"):
        make_segment(name, 'count("product_added") >= 1')
    browser = _at_work(marketer, consenting())
    browser.post("/add/")
    assert _words(browser.get("/bar/").text).startswith("You are: A, B, C and 2 more why?")


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        (undecided(), "You have not answered the consent question, so nothing of you is stored or recognised."),
        (consenting(purposes=()), "You have refused, so nothing of you is stored and nothing is chosen for you."),
        (consenting(purposes=("measurement",)), "You allow measurement."),
    ],
)
def test_it_says_what_the_visitor_allows(marketer, browser, words):
    assert words in _words(_at_work(marketer, browser).get("/bar/").text)


@pytest.mark.parametrize("is_preview", [False, True])
def test_it_says_that_personalisation_is_stopped(staff, is_preview):
    if is_preview:
        staff.post("/microseg/preview/start/")
    before = _words(staff.get("/bar/").text)
    stop(by="owner", note="", now=timezone.now())
    after = _words(staff.get("/bar/").text)
    words = "Personalisation is stopped: every visitor is shown defaults."
    assert (words in before, words in after) == (False, True)


def test_it_says_what_failed(staff, make_experience, settings, tmp_path):
    (tmp_path / "hero.html").write_text("{% include missing %}")
    options = {**settings.TEMPLATES[0]["OPTIONS"], "debug": True}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path], "OPTIONS": options}]
    make_experience("broken", content_html="", template_name="hero.html")
    assert "“Broken”: It could not be shown: TemplateDoesNotExist" in _words(staff.get("/bar/").text)


def test_bar_that_stands_too_early_says_where_it_belongs(staff):
    assert "One that stands below this bar is not seen" in _words(staff.get("/too-early/").text)


def test_machine_is_told_that_it_is_one_and_may_still_preview(marketer, buyers):
    page = _at_work(marketer, undecided(agent=GOOGLEBOT)).get("/bar/").text
    assert "Machines are shown the default." in _words(page)
    assert 'value="buyers"' in page


def test_it_leads_to_the_explanation_for_those_who_may_see_people(marketer, buyers):
    browser = _at_work(marketer, consenting())
    browser.post("/add/")
    profile = Profile.objects.get()
    explain = f'<a href="/admin/django_microseg/profile/{profile.pk}/explain/buyers/">Why Buyers?</a>'
    before = browser.get("/bar/").text
    marketer.user_permissions.add(Permission.objects.get(codename="view_profile"))
    after = browser.get("/bar/").text
    assert (explain in before, explain in after) == (False, True)
    assert f'<a href="/admin/django_microseg/profile/{profile.pk}/change/">' in after


def test_shop_without_our_addresses_goes_without_the_bar(staff, settings, monkeypatch):
    without = [each for each in urlpatterns if str(each.pattern) != "microseg/"]
    monkeypatch.setattr("tests.doors.test_toolbar.urlpatterns", without)
    settings.ROOT_URLCONF = "tests.doors.urls_without"
    settings.ROOT_URLCONF = "tests.doors.test_toolbar"
    page = staff.get("/bar/")
    assert (page.status_code, _has_bar(page)) == (200, False)


def test_names_of_the_shop_are_escaped(staff, buyers):
    type(buyers).objects.update(name="<script>alert(1)</script>")
    page = staff.get("/bar/").text
    assert ("<script" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


# -- looking as somebody else


def _boxes(page: str) -> dict[str, bool]:
    found = re.findall(r'name="segments" value="([\w-]+)"( checked)?', page)
    return {slug: bool(checked) for slug, checked in found}


def test_form_offers_every_segment_in_two_groups(staff, buyers, social):
    page = staff.get("/bar/").text
    legends = re.findall("<legend>(.+?)</legend>", page)
    assert (_boxes(page), legends) == (
        {"buyers": False, "social": False},
        ["What people did and are", "What asks for the visit itself"],
    )


def test_form_starts_with_ones_own_segments(marketer, buyers, social):
    browser = _at_work(marketer, consenting())
    browser.post("/add/")
    assert _boxes(browser.get("/bar/").text) == {"buyers": True, "social": False}


def test_form_lists_what_is_chosen_first_and_the_rest_by_name(staff, buyers, make_segment):
    for slug in ("able", "zoo"):
        make_segment(slug, 'count("product_added") >= 1')
    staff.post("/microseg/preview/start/", {"segments": "zoo"})
    assert list(_boxes(staff.get("/bar/").text)) == ["zoo", "able", "buyers"]


def _submit(browser: Client, page: str, action: str, **fields: Any) -> HttpResponse:
    """Post one of the bar's forms with what stands in it, its token included."""
    form = re.search(rf'action="{action}">(.*?)</form>', page, re.DOTALL)[1]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return browser.post(action, {**hidden, **fields}, follow=True)


def test_its_forms_start_and_stop_a_preview_and_come_back_to_the_page(marketer, buyers):
    browser = _at_work(marketer, undecided(enforce_csrf_checks=True))
    page = browser.get("/bar/?a=1").text
    started = _submit(browser, page, "/microseg/preview/start/", segments=["buyers"])
    assert started.redirect_chain == [("/bar/?a=1", 302)]
    assert _words(started.text).startswith(
        "Previewing as: Buyers why? What this page decided home-hero Shows “For-Buyers”. You are in “Buyers”. "
        "As whom you look This is a preview: nothing is recorded"
    )
    assert _boxes(started.text) == {"buyers": True}
    stopped = _submit(browser, started.text, "/microseg/preview/stop/")
    assert (stopped.redirect_chain, "Previewing" in stopped.text) == ([("/bar/?a=1", 302)], False)


def test_stop_stands_only_on_a_preview(staff, buyers):
    assert "Stop preview" not in staff.get("/bar/").text
    staff.post("/microseg/preview/start/")
    assert "Stop preview" in staff.get("/bar/").text


def test_preview_shows_the_bar_in_a_browser_without_the_mark(marketer, buyers):
    browser = undecided()
    browser.force_login(marketer)
    browser.post("/microseg/preview/start/", {"segments": "buyers"})
    assert _has_bar(browser.get("/bar/"))


def test_preview_leads_to_nobodys_explanation(marketer, buyers):
    marketer.user_permissions.add(Permission.objects.get(codename="view_profile"))
    browser = _at_work(marketer, consenting())
    browser.post("/add/")
    browser.post("/microseg/preview/start/", {"segments": "buyers"})
    assert "/explain/" not in browser.get("/bar/").text


# -- how it is made


def test_it_holds_no_script_and_no_style_of_its_own(staff, buyers):
    page = staff.get("/bar/").text
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=|javascript:", page) == []


def test_its_style_sheet_carries_the_pages_nonce(staff):
    assert 'toolbar.css" nonce="abc">' in staff.get("/bar/?nonce=abc").text
    assert 'toolbar.css">' in staff.get("/bar/").text


def test_every_class_of_the_markup_is_the_bars_own(staff, buyers):
    staff.post("/microseg/preview/start/", {"segments": "buyers"})
    page = staff.get("/bar/").text
    names = {name for names in re.findall(r'class="([^"]+)"', page[page.index("<link") :]) for name in names.split()}
    style = (Path(site.__file__).parents[2] / "django_microseg/static/django_microseg/toolbar.css").read_text()
    assert {name for name in names if not name.startswith("microseg-bar") or f".{name}" not in style} == set()


def test_page_is_served_when_the_bar_fails(staff, monkeypatch):
    monkeypatch.setattr("django_microseg.decide.backstage.names_for", lambda: 1 / 0)
    page = staff.get("/bar/")
    assert (page.status_code, page.text) == (200, "<main>default</main>")
