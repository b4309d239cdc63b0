"""Categories in the visitor's order: members see theirs first, everybody else the shop's own order."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import timezone

from django_microseg.api import order_for
from django_microseg.decide.switch import stop
from example_shop.shop.models import Category
from tests.doors import site
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, send, undecided

pytestmark = pytest.mark.django_db(transaction=True)

OWN, PERSONAL = "boots socks tents lamps", "tents boots socks lamps"
TAG = "{% order_for_visitor things as things %}"
LOOP = "{% for each in things %}{{ each }}{% if not forloop.last %} {% endif %}{% endfor %}"


@pytest.fixture
def tents_first(buyers, make_experience):
    return make_experience(
        "tents-first", "buyers", slot="category-order", kind="order", content_html="", order_keys=["tents", "gone"]
    )


@pytest.fixture
def member(shopper, tents_first):
    shopper.post("/add/")
    return shopper


@pytest.fixture
def outsider(tents_first):
    return consenting()


@pytest.fixture
def page(monkeypatch):
    """Puts a template behind the address /plain/ and gives what a browser sees of it."""

    def show(browser, text: str, things: object) -> str:
        template = engines["django"].from_string("{% load microseg %}" + text)
        pattern = next(each for each in site.urlpatterns if str(each.pattern) == "plain/")
        monkeypatch.setattr(
            pattern, "callback", lambda request: HttpResponse(template.render({"things": things}, request))
        )
        return browser.get("/plain/").text

    return show


def _texts() -> list[str]:
    return OWN.split()


@pytest.fixture
def rows() -> None:
    Category.objects.bulk_create(
        Category(slug=slug, name=slug, position=place) for place, slug in enumerate(_texts(), start=1)
    )


def test_member_sees_theirs_first_and_everybody_else_the_shops_order(page, member, outsider):
    browsers = (member, outsider, undecided(), consenting(purposes=()), consenting(agent=GOOGLEBOT))
    assert [page(browser, TAG + LOOP, _texts()) for browser in browsers] == [PERSONAL, OWN, OWN, OWN, OWN]


def test_order_is_the_shops_own_while_personalisation_is_stopped(page, member):
    stop(by="ada", now=timezone.now())
    assert page(member, TAG + LOOP, _texts()) == OWN


def _statements(page, browser, text: str) -> int:
    """How many statements the page takes until its response is sent."""
    page(browser, text, Category.objects.all)
    page(browser, text, Category.objects.all)
    return len(send(browser, "/plain/")[1])


@pytest.mark.parametrize(("who", "order"), [("member", PERSONAL), ("outsider", OWN)])
def test_queryset_is_read_once(page, rows, request, who, order):
    browser = request.getfixturevalue(who)
    text = TAG + "{% for each in things %}{{ each.slug }} {% endfor %}{{ things|length }}"
    assert page(browser, text, Category.objects.all()) == f"{order} 4"
    assert _statements(page, browser, text) == 2  # the visitor, the categories


def test_queryset_is_not_even_read_for_whom_no_order_fits(page, outsider, rows):
    assert _statements(page, outsider, TAG) == 1


def test_wrappers_are_ordered_by_the_key_that_a_path_leads_to(page, member, rows):
    tiles = [{"category": each, "size": 1} for each in Category.objects.all()]
    tag = '{% order_for_visitor things key="category" as tiles %}'
    text = tag + "{% for tile in tiles %}{{ tile.category.slug }} {% endfor %}"
    assert page(member, text, tiles).strip() == PERSONAL
    assert page(member, text.replace('"category"', '"category.slug"'), tiles).strip() == PERSONAL


def test_another_slot_has_an_order_of_its_own(page, member, make_experience):
    make_experience("lamps-first", "buyers", slot="side", kind="order", content_html="", order_keys=["lamps"])
    text = '{% order_for_visitor things slot="side" as sorted %}{{ sorted.0 }} {{ things.0 }}'
    assert page(member, text, _texts()) == "lamps boots"
    assert page(member, text.replace('"side"', '"nothing-here"'), _texts()) == "boots boots"


def test_content_that_got_into_the_slot_of_an_order_changes_nothing(page, member, make_experience):
    make_experience("content", "buyers", slot="mixed")
    text = '{% order_for_visitor things slot="mixed" as things %}' + LOOP
    assert page(member, text, _texts()) == OWN


@pytest.mark.parametrize("things", [None, "", "tents", {"tents": 1}, 7])
def test_what_cannot_be_ordered_is_handed_back_as_it_is(member, things):
    request = RequestFactory().get("/")
    request.visitor = member.get("/").wsgi_request.visitor
    assert order_for(request, things) is things


def test_thing_without_a_key_leaves_the_shops_order_and_is_logged(page, member, caplog):
    things = [{"slug": "boots"}, {"slug": "tents"}]
    text = TAG + "{% for each in things %}{{ each.slug }} {% endfor %}"
    assert page(member, text, things) == "boots tents "
    assert "Could not put things in the visitor's order (slot category-order)" in caplog.text


def test_generator_loses_nothing_when_its_things_have_no_key(page, member):
    text = TAG + "{% for each in things %}{{ each.n }} {% endfor %}"
    assert page(member, text, ({"n": number} for number in range(3))) == "0 1 2 "


def test_template_without_a_request_keeps_the_shops_order():
    template = engines["django"].from_string("{% load microseg %}" + TAG + LOOP)
    assert template.render({"things": _texts()}) == OWN


def test_python_twin_gives_the_same(member, outsider, rows):
    seen = []
    for browser in (member, outsider):
        request = browser.get("/").wsgi_request
        seen.append([each.slug for each in order_for(request, Category.objects.all())])
    assert seen == [PERSONAL.split(), OWN.split()]


def test_python_twin_without_middleware_gives_back_what_it_got(rf):
    things = ["b", "a"]
    assert order_for(rf.get("/"), things) is things


@pytest.mark.parametrize(
    "text",
    [
        "{% order_for_visitor %}",
        "{% order_for_visitor things %}",
        "{% order_for_visitor things things as things %}",
        '{% order_for_visitor things colour="red" as things %}',
        "{% order_for_visitor as things %}",
    ],
)
def test_wrong_tag_is_refused_when_the_template_is_read(text):
    with pytest.raises(TemplateSyntaxError, match="takes a list and the name of a variable"):
        engines["django"].from_string("{% load microseg %}" + text)
