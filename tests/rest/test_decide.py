"""What slots show a headless storefront: the same as the tags show on the same page."""

from __future__ import annotations

import pytest
from django.test import Client

from django_microseg.collect.models import Event
from django_microseg.profile.models import Profile
from django_microseg.testing import MemoryShop, use_shop
from tests.doors.agents import GOOGLEBOT, PHONE
from tests.doors.browsers import consenting, undecided
from tests.rest.asking import LANDING, ask, code_of, decide

pytestmark = pytest.mark.django_db(transaction=True)


def hero(browser: Client, **more) -> tuple[str | None, str]:
    """Which experience the hero shows, and why."""
    answer = decide(browser, "home-hero", **more)["home-hero"]
    return answer["experience"], answer["reason"]


def test_member_is_shown_the_experience(shopper, buyers):
    shopper.post("/add/")
    assert decide(shopper, "home-hero") == {
        "home-hero": {
            "default": False,
            "experience": "for-buyers",
            "kind": "content",
            "html": "<b>for-buyers</b>",
            "order": [],
            "products": [],
            "offer": None,
            "reason": "fits",
        }
    }


def test_somebody_else_is_shown_the_default(shopper, buyers):
    shopper.get("/")
    assert decide(shopper, "home-hero", "no-such-slot") == {
        "home-hero": _default("nothing_fits"),
        "no-such-slot": _default("nothing_live"),
    }


def _default(reason: str) -> dict[str, object]:
    return {
        "default": True, "experience": None, "kind": None, "html": None, "order": [], "products": [],
        "offer": None, "reason": reason,
    }  # fmt: skip


def test_order_comes_as_keys_and_promoted_products_too(shopper, make_experience):
    make_experience("boots-first", slot="category-order", kind="order", content_html="", order_keys=["boots", "socks"])
    make_experience("new-boot", product_keys=["boot-1"])
    with use_shop(MemoryShop()) as shop:
        shop.add_product("boot-1", stock=1)
        found = decide(shopper, "category-order", "home-hero")
    assert (found["category-order"]["kind"], found["category-order"]["order"], found["category-order"]["html"]) == (
        "order",
        ["boots", "socks"],
        None,
    )
    assert found["home-hero"]["products"] == ["boot-1"]


def test_what_is_sold_out_is_not_promoted(shopper, make_experience):
    make_experience("new-boot", product_keys=["boot-1"])
    with use_shop(MemoryShop()) as shop:
        shop.add_product("boot-1", stock=0)
        assert hero(shopper) == (None, "nothing_fits")


def test_campaign_of_the_page_counts_before_consent_and_leaves_nothing(stranger, social):
    assert hero(stranger, page=LANDING) == ("first-order", "fits")
    assert (Event.objects.count(), Profile.objects.count(), dict(stranger.cookies)) == (0, 0, {})


def test_campaign_of_the_request_itself_does_not_count(stranger, social):
    response = ask(stranger, "POST", "decide/?utm_source=instagram", {"slots": ["home-hero"], "page": {"url": "/"}})
    assert response.json()["slots"]["home-hero"]["experience"] is None


def test_without_a_page_nothing_is_known_of_how_somebody_came(stranger, make_segment, make_experience):
    make_segment("direct", 'context.channel == "direct"')
    make_experience("welcome", "direct")
    assert hero(stranger) == (None, "nothing_fits")
    assert hero(stranger, page={"path": "/"}) == ("welcome", "fits")


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ({"path": "/boots/"}, "on-boots"),
        ({"url": "https://www.shop.example/boots/?page=2"}, "on-boots"),
        ({"url": "/elsewhere/", "path": "/boots/"}, "on-boots"),
        ({"path": "/socks/"}, None),
        ({"referrer": "https://www.shop.example/boots/"}, None),
    ],
)
def test_page_is_the_one_that_is_described(stranger, make_segment, make_experience, page, shown):
    make_segment("on-boots", 'context.page == "/boots/"')
    make_experience("on-boots", "on-boots")
    assert hero(stranger, page=page)[0] == shown


def test_referrer_is_the_one_that_is_described(stranger, make_segment, make_experience):
    make_segment("searched", 'context.channel == "search"')
    make_experience("found", "searched")
    page = {"url": "https://www.shop.example/", "referrer": "https://www.google.com/"}
    assert hero(stranger, page=page)[0] == "found"
    inside = {"url": "https://www.shop.example/", "referrer": "https://www.shop.example/boots/"}
    assert hero(stranger, page=inside)[0] is None


def test_device_is_that_of_the_browser_that_asks(make_segment, make_experience):
    make_segment("phones", 'context.device == "mobile"')
    make_experience("small", "phones")
    assert [hero(undecided(agent=PHONE))[0], hero(undecided())[0]] == ["small", None]


def test_page_that_is_being_made_counts_as_seen(shopper, make_segment, make_experience):
    make_segment("third-page", "context.visit_views == 3")
    make_experience("third", "third-page")
    shopper.get("/plain/")
    assert hero(shopper, page={"path": "/"})[0] is None
    shopper.get("/plain/")
    assert hero(shopper, page={"path": "/"})[0] == "third"
    assert hero(shopper, page={"path": "/"}, **{"sec-purpose": "prefetch"})[0] is None


def test_context_without_consent_can_be_switched_off(stranger, social, settings):
    settings.MICROSEG = {"CONTEXT_WITHOUT_CONSENT": False}
    assert hero(stranger, page=LANDING) == (None, "no_consent")


def test_visitor_who_said_no_is_shown_defaults(social):
    assert hero(consenting(purposes=()), page=LANDING) == (None, "no_consent")


def test_machine_is_shown_defaults(social):
    assert hero(undecided(agent=GOOGLEBOT), page=LANDING) == (None, "bot")


def test_deciding_stores_nothing_of_a_known_visitor(shopper, buyers):
    shopper.get("/")
    before = Event.objects.count()
    decide(shopper, "home-hero", page=LANDING)
    assert Event.objects.count() == before


@pytest.fixture
def templates(settings, tmp_path):
    """A folder of templates of the project."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    return tmp_path


def test_template_is_rendered_with_the_request(shopper, make_experience, templates):
    (templates / "hero.html").write_text("<b>{{ request.method }}</b>\n")
    make_experience("templated", content_html="", template_name="hero.html")
    assert decide(shopper, "home-hero")["home-hero"]["html"] == "<b>POST</b>\n"


def test_template_that_fails_leaves_the_default(shopper, make_experience, templates, caplog):
    (templates / "broken.html").write_text('{% url "no-such-address" %}')
    make_experience("broken", content_html="", template_name="broken.html")
    assert hero(shopper) == (None, "error")
    assert [record.getMessage()[:40] for record in caplog.records] == ["Could not show an experience (experience"]


def test_answer_is_kept_by_nobody(shopper, buyers):
    response = ask(shopper, "POST", "decide/", {"slots": ["home-hero"]})
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/slots"),
        ({"slots": []}, "#/slots"),
        ({"slots": "home-hero"}, "#/slots"),
        ({"slots": ["a"] * 51}, "#/slots"),
        ({"slots": ["home hero"]}, "#/slots/0"),
        ({"slots": ["a", None]}, "#/slots/1"),
        ({"slots": ["a" * 65]}, "#/slots/0"),
        ({"slots": ["a"], "page": "/boots/"}, "#/page"),
        ({"slots": ["a"], "page": {"url": "http://["}}, "#/page/url"),
        ({"slots": ["a"], "page": {"path": ["/"]}}, "#/page/path"),
        ({"slots": ["a"], "page": {"path": "/\x00"}}, "#/page/path"),
        ({"slots": ["a"], "page": {"referrer": "\ud800"}}, "#/page/referrer"),
        ({"slots": ["a"], "page": {"url": "x" * 2049}}, "#/page/url"),
        ([], "#"),
        (None, "#/slots"),
    ],
)
def test_body_that_cannot_be_used_says_where_it_is_at_fault(stranger, body, pointer):
    response = ask(stranger, "POST", "decide/", body)
    assert code_of(response) == (422, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_fifty_slots_are_taken(stranger):
    assert len(decide(stranger, *(f"slot-{number}" for number in range(50)))) == 50
