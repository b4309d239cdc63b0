"""The editor's address: how an experience that is being edited would look on a real page of the shop."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template import engines
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone, translation

from django_microseg.api import track
from django_microseg.collect.models import Event
from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.decide.switch import stop
from tests.doors import site
from tests.example_shop.factories import ProductFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/django_microseg/experience/preview/"
FORM = {
    "name": "Welcome",
    "slug": "welcome",
    "slot": "home-hero",
    "state": "draft",
    "match": "any",
    "kind": "content",
    "content_html": "<b>hello</b>",
    "template_name": "",
    "priority": "0",
    "starts_at_0": "",
    "starts_at_1": "",
    "ends_at_0": "",
    "ends_at_1": "",
}


def _with_head(request: HttpRequest) -> HttpResponse:
    text = '{% load microseg %}<html><head lang="en"><title>x</title></head>{% slot "home-hero" %}default{% endslot %}'
    return HttpResponse(engines["django"].from_string(text).render({}, request))


def _in_order(request: HttpRequest) -> HttpResponse:
    text = '{% load microseg %}{% order_for_visitor things as things %}{{ things|join:" " }}'
    return HttpResponse(engines["django"].from_string(text).render({"things": ["boots", "tents"]}, request))


def _with_cart(request: HttpRequest) -> HttpResponse:
    text = "{% load microseg %}{% cart_reminder %}"
    return HttpResponse(engines["django"].from_string(text).render({}, request))


def _writing(request: HttpRequest) -> HttpResponse:
    """A page that does what pages should not do when they are only looked at."""
    track(request, "product_viewed", product_id="boot-1", price="20", currency="GBP")
    request.session["cart"] = [1]
    who = f"<i>{request.user} {request.session.get('cart')} {request.GET.get('colour')} {sorted(request.COOKIES)}</i>"
    response = HttpResponse(site.PAGE.render({}, request) + who)
    response.set_cookie("seen", "1")
    return response


def _foreign(request: HttpRequest) -> HttpResponse:
    """A page in another language, zone and set of addresses than those of the admin."""
    translation.activate("de")
    timezone.activate("Asia/Tokyo")
    request.urlconf = "tests.doors.urls_without"
    return HttpResponse(site.PAGE.render({}, request))


def _endless(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(b"x" * 100_000 for _ in iter(int, 1))


async def _async_stream(request: HttpRequest) -> StreamingHttpResponse:
    async def parts():
        yield b"<main>"

    return StreamingHttpResponse(parts())


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("out of order")


urlpatterns = [
    *site.urlpatterns,
    path("head/", _with_head),
    path("in-order/", _in_order),
    path("with-cart/", _with_cart),
    path("writing/", _writing),
    path("foreign/", _foreign),
    path("endless/", _endless),
    path("async-stream/", _async_stream),
    path("broken/", _broken),
    path("moved/", lambda request: HttpResponseRedirect("/plain/")),
    path("teapot/", lambda request: HttpResponse("tea", status=418)),
    path("file/", lambda request: FileResponse(iter([b"x"]), content_type="image/png")),
    path("nested/", include([path("é/", site.home)])),
]


@pytest.fixture(autouse=True)
def _our_urls(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.admin.test_preview"
    settings.CSRF_FAILURE_VIEW = "tests.doors.site.refused"
    monkeypatch.setattr("django.conf.urls.handler404", site.not_found)


@pytest.fixture
def ask(owner: Client):
    """Ask for the preview of a form, and give the status and what came back."""

    def post(**changes: Any) -> tuple[int, dict[str, Any]]:
        owner.raise_request_exception = False
        response = owner.post(ADDRESS, {**FORM, **changes})
        return response.status_code, json.loads(response.content)

    return post


@pytest.fixture
def saved() -> Experience:
    experience = Experience(
        slug="other", name="Other", slot="home-hero", state="live", content_html="<i>other</i>", priority=5
    )
    save_experience(experience, now=timezone.now())
    return experience


def test_unsaved_experience_is_shown_in_its_slot(ask):
    status, answer = ask()
    assert (status, answer) == (
        200,
        {
            "html": "<main><b>hello</b>for all</main>",
            "note": "Visitors in these segments see this while it is live.",
            "decisions": [
                {
                    "slot": "home-hero",
                    "slug": "welcome",
                    "name": "Welcome",
                    "why": "It is shown because it is being previewed.",
                    "passed_over": [],
                }
            ],
        },
    )
    assert Experience.objects.count() == 0


def test_address_has_a_name():
    assert reverse("admin:django_microseg_experience_preview") == ADDRESS


def test_it_is_shown_even_where_another_would_come_first_and_the_note_says_so(ask, saved):
    _, answer = ask()
    assert (answer["html"], answer["note"]) == (
        "<main><b>hello</b>for all</main>",
        "Visitors in these segments would see “Other” instead, which is tried first.",
    )


def test_what_comes_later_does_not_matter(ask, saved):
    _, answer = ask(priority="9")
    assert answer["note"] == "Visitors in these segments see this while it is live."


def test_without_a_choice_the_experiences_own_segments_are_assumed(ask, make_segment):
    make_segment("buyers", 'count("product_added") >= 1')
    _, answer = ask(segments=["buyers"])
    assert answer["html"] == "<main><b>hello</b>for buyers</main>"


def test_chosen_segments_are_assumed_and_the_note_says_who_would_not_see_it(ask, make_segment):
    make_segment("buyers", 'count("product_added") >= 1')
    _, answer = ask(segments=["buyers"], preview_segments=[""])
    assert (answer["html"], answer["note"]) == (
        "<main><b>hello</b>for all</main>",
        "Visitors in these segments would not see this. It is for “Buyers”.",
    )


def test_schedule_does_not_hide_it_but_the_note_names_it(ask):
    _, answer = ask(starts_at_0="2999-01-01", starts_at_1="10:00")
    assert answer["note"] == "Visitors in these segments would not see this. It begins on 2999-01-01 10:00."


def test_order_is_previewed_like_content(ask):
    order = {"slot": "category-order", "kind": "order", "content_html": "", "order_keys": "tents"}
    _, answer = ask(**order, preview_path="/in-order/")
    assert (answer["html"], [told["slug"] for told in answer["decisions"]]) == ("tents boots", ["welcome"])


REMINDER = {"slot": "cart-reminder", "content_html": "", "preview_path": "/with-cart/"}


def test_reminder_is_shown_with_a_cart_of_the_shops_own_products(ask):
    for number, title in enumerate(("Ridge Boot", "Wool Sock", "Tent"), start=1):
        ProductFactory(slug=f"product-{number}", name=title)
    _, answer = ask(**REMINDER)
    assert "Still in your cart: Ridge Boot and one more thing." in " ".join(answer["html"].split())
    assert answer["note"] == "Visitors in these segments see this while it is live."


def test_reminder_is_shown_with_a_made_up_cart_where_the_shop_has_told_us_nothing(ask, settings):
    settings.MICROSEG = {**settings.MICROSEG, "SHOP": None}
    _, answer = ask(**REMINDER)
    assert "Still in your cart: Something good." in " ".join(answer["html"].split())


def test_stop_does_not_hide_it_but_the_note_says_so(ask):
    stop(by="owner", note="", now=timezone.now())
    _, answer = ask()
    assert (answer["html"], answer["note"]) == (
        "<main><b>hello</b>for all</main>",
        "Personalisation is stopped at the moment, so every visitor is shown the default.",
    )


def test_saved_experience_is_shown_as_it_is_being_edited(ask, saved):
    _, answer = ask(experience=saved.pk, content_html="<u>edited</u>")
    assert answer["html"] == "<main><u>edited</u>for all</main>"
    assert Experience.objects.get().content_html == "<i>other</i>"


@pytest.mark.parametrize("unfinished", [{"name": ""}, {"slug": ""}, {"slug": "other"}, {"ends_at_0": "never"}])
def test_unfinished_form_is_enough(ask, saved, unfinished):
    assert ask(**unfinished)[0] == 200


def test_page_is_made_for_the_same_user_but_with_nothing_of_theirs(ask, owner):
    sessions = set(Session.objects.values_list("session_key", "session_data"))
    _, answer = ask(preview_path="/writing/?colour=red")
    assert answer["html"] == "<main><b>hello</b>for all</main><i>user-0 [1] red []</i>"
    assert set(Session.objects.values_list("session_key", "session_data")) == sessions
    assert (Event.objects.count(), "seen" in owner.cookies) == (0, False)


def test_relative_addresses_are_those_of_the_page(ask):
    _, answer = ask(preview_path="/head/?a=1")
    assert answer["html"] == (
        '<html><head lang="en"><base href="http://testserver/head/"><title>x</title></head><b>hello</b>'
    )


@pytest.mark.parametrize("address", ["/", "/async/", "/streamed/", "/nested/%C3%A9/", "/nested/é/"])
def test_every_kind_of_page_can_be_previewed(ask, address):
    assert "<b>hello</b>" in ask(preview_path=address)[1]["html"]


def test_admin_goes_on_in_its_own_language_zone_and_addresses(owner, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.admin.test_preview.Watch"]
    assert owner.post(ADDRESS, {**FORM, "preview_path": "/foreign/"}).status_code == 200
    assert Watch.seen == ("en-gb", "Europe/London", ADDRESS)


class Watch:
    """Middleware that notes in what language, zone and set of addresses a request ended."""

    seen: tuple[str, str, str] | None = None

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path == ADDRESS:
            address = reverse("admin:django_microseg_experience_preview")
            Watch.seen = (translation.get_language(), timezone.get_current_timezone_name(), address)
        return response


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"slot": "footer"},
            "The page “/” has no slot “footer”, so it cannot show this. Slots on it: “home-hero”.",
        ),
        (
            {"preview_path": "/plain/"},
            "The page “/plain/” has no slot “home-hero”, so it cannot show this. Slots on it: none.",
        ),
        ({"preview_path": "/lost/"}, "The shop has no page “/lost/”. Check the address."),
        ({"preview_path": "/moved/"}, "“/moved/” leads on to “/plain/”. Preview that one."),
        ({"preview_path": "/teapot/"}, "The page “/teapot/” answers with 418."),
        ({"preview_path": "/file/"}, "“/file/” is a file or data, not a page."),
        ({"preview_path": "/json/"}, "“/json/” is a file or data, not a page."),
        ({"preview_path": "/admin/"}, "“/admin/” is not a page of the shop. Choose one that visitors see."),
        (
            {"preview_path": "/microseg/consent/"},
            "“/microseg/consent/” is not a page of the shop. Choose one that visitors see.",
        ),
        (
            {"preview_path": "https://evil.example/"},
            "“https://evil.example/” is no address of this shop. Begin it with one slash, such as “/”.",
        ),
        (
            {"preview_path": "//evil.example/"},
            "“//evil.example/” is no address of this shop. Begin it with one slash, such as “/”.",
        ),
        ({"preview_path": "shop"}, "“shop” is no address of this shop. Begin it with one slash, such as “/”."),
        ({"preview_path": "/endless/"}, "This page is too long to be previewed. Choose another."),
        ({"content_html": ""}, "There is nothing to show yet: A live experience needs content or a template."),
        ({"slot": ""}, "Slot: This field is required."),
        (
            {"content_html": "", "template_name": "no/such.html"},
            "Template: There is no template “no/such.html”. Check the name, or create the file.",
        ),
    ],
)
def test_what_is_in_the_way_is_said_in_a_sentence(ask, changes, error):
    assert ask(**changes) == (400, {"error": error})


def test_page_that_fails_is_said_to_fail(ask):
    assert ask(preview_path="/broken/") == (
        400,
        {"error": "The page “/broken/” failed with an error. The log says what."},
    )


def test_async_stream_is_said_to_be_one(ask):
    status, answer = ask(preview_path="/async-stream/")
    assert (status, answer["error"][:36]) == (400, "This page is streamed asynchronously")


def test_template_that_fails_is_named_with_its_error(ask, settings, tmp_path):
    (tmp_path / "hero.html").write_text("{% include missing %}")
    options = {**settings.TEMPLATES[0]["OPTIONS"], "debug": True}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path], "OPTIONS": options}]
    status, answer = ask(content_html="", template_name="hero.html")
    assert (status, answer["error"]) == (
        400,
        "It cannot be shown, and visitors would see the default: TemplateDoesNotExist: No template names provided",
    )


def test_shop_without_our_middleware_says_so(ask, settings):
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    status, answer = ask(preview_path="/plain/")
    assert (status, answer["error"]) == (
        400,
        "MicrosegMiddleware is not in MIDDLEWARE, so no page can be previewed. Put it first.",
    )


@pytest.mark.parametrize(("permission", "status"), [("add_experience", 200), ("view_experience", 403)])
def test_new_experience_needs_the_right_to_add_one(staff, permission, status):
    assert staff(permission).post(ADDRESS, FORM).status_code == status


@pytest.mark.parametrize(("permission", "status"), [("change_experience", 200), ("add_experience", 403)])
def test_saved_experience_needs_the_right_to_change_it(staff, saved, permission, status):
    assert staff(permission).post(ADDRESS, {**FORM, "experience": saved.pk}).status_code == status


def test_nobody_logged_in_is_sent_to_log_in():
    assert Client().post(ADDRESS, FORM).status_code == 302


def test_form_of_another_site_is_refused(owner):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get())
    assert browser.post(ADDRESS, FORM).status_code == 403


def test_link_previews_nothing(owner):
    assert owner.get(ADDRESS).status_code == 405


def test_answer_is_not_kept(owner):
    assert "no-store" in owner.post(ADDRESS, FORM).headers["Cache-Control"]


def test_preview_leaves_the_mark_of_a_running_preview_alone(owner, saved):
    """The editor's page and the shop in another tab do not get in each other's way."""
    owner.post("/microseg/preview/start/")
    before = owner.cookies["microseg_preview"].value
    owner.post(ADDRESS, FORM)
    assert owner.cookies["microseg_preview"].value == before


# -- as a person


@pytest.mark.parametrize(
    ("permissions", "is_offered"), [(("view_profile", "preview_shop"), True), (("view_profile",), False)]
)
def test_persons_page_offers_to_look_at_the_shop_as_they_do(staff, happen, make_segment, permissions, is_offered):
    make_segment("buyers", 'count("product_added") >= 1')
    profile = happen("product_added", visitor="v" * 22, product_id="boot-1")
    browser = staff(*permissions)
    page = browser.get(f"/admin/django_microseg/profile/{profile.pk}/change/").text
    button = f'formaction="/microseg/preview/start/" name="profile" value="{profile.pk}"'
    assert (button in page) is is_offered


def test_persons_page_works_in_a_shop_without_our_addresses(staff, happen, settings):
    settings.ROOT_URLCONF = "tests.doors.urls_without"
    profile = happen("product_added", visitor="v" * 22, product_id="boot-1")
    page = staff("view_profile", "preview_shop").get(f"/admin/django_microseg/profile/{profile.pk}/change/")
    assert (page.status_code, "Preview the shop" in page.text) == (200, False)
