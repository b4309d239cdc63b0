"""The tags of the shop's templates: who gets what, and what is shown when something is missing."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import timezone

from django_microseg.context_processors import segments
from django_microseg.decide.models import Experience
from django_microseg.decide.publish import publish_experiences
from django_microseg.decide.visitor import Visitor
from django_microseg.privacy.choice import read_consent
from tests.doors import site
from tests.doors.browsers import consenting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(shopper, buyers):
    shopper.post("/add/")
    return shopper


@pytest.fixture
def outsider(buyers):
    return consenting()


@pytest.fixture
def page(monkeypatch):
    """Puts a template behind the address /plain/ and gives what a browser sees of it."""

    def show(browser, text: str, /, **variables: object) -> str:
        template = engines["django"].from_string("{% load microseg %}" + text)
        pattern = next(each for each in site.urlpatterns if str(each.pattern) == "plain/")
        monkeypatch.setattr(pattern, "callback", lambda request: HttpResponse(template.render(variables, request)))
        return browser.get("/plain/").text

    return show


def test_segment_tag_shows_members_theirs_and_others_the_rest(page, member, outsider):
    text = '{% segment "buyers" %}in{% else %}out{% endsegment %}'
    assert (page(member, text), page(outsider, text)) == ("in", "out")


def test_segment_tag_without_an_else_shows_others_nothing(page, outsider):
    assert page(outsider, '{% segment "buyers" %}in{% endsegment %}') == ""


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ('"buyers" "unknown"', "in"),
        ('"buyers" "unknown" match="any"', "in"),
        ('"buyers" "unknown" match="all"', "out"),
        ('"buyers" match="all"', "in"),
        ('"unknown"', "out"),
    ],
)
def test_segment_tag_takes_several_and_any_or_all(page, member, options, shown):
    assert page(member, f"{{% segment {options} %}}in{{% else %}}out{{% endsegment %}}") == shown


def test_segment_tag_takes_variables(page, member):
    assert page(member, "{% segment wanted match=how %}in{% endsegment %}", wanted="buyers", how="all") == "in"


@pytest.mark.parametrize(
    "text",
    [
        "{% segment %}x{% endsegment %}",
        '{% segment match="any" %}x{% endsegment %}',
        '{% segment "a" match="most" %}x{% endsegment %}',
        '{% segment "a" colour="red" %}x{% endsegment %}',
        "{% slot %}x{% endslot %}",
        '{% slot "a" "b" %}x{% endslot %}',
    ],
)
def test_wrong_tag_is_refused_when_the_template_is_read(text):
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string("{% load microseg %}" + text)


def test_slot_shows_what_fits_and_its_body_otherwise(page, member, outsider):
    text = '{% slot "home-hero" %}default{% endslot %}'
    assert (page(member, text), page(outsider, text)) == ("<b>for-buyers</b>", "default")


def test_slot_shows_its_body_where_an_order_got_into_it(page, member, make_experience):
    order = make_experience(
        "order", "buyers", slot="other", kind="order", content_html="", order_keys=["a"], priority=9
    )
    Experience.objects.filter(pk=order.pk).update(slot="home-hero")
    publish_experiences(now=timezone.now())
    assert page(member, '{% slot "home-hero" %}default{% endslot %}') == "default"


def test_slot_takes_a_variable_and_shows_its_body_without_one(page, member):
    assert page(member, "{% slot name %}default{% endslot %}", name="home-hero") == "<b>for-buyers</b>"
    assert page(member, "{% slot name %}default{% endslot %}") == "default"


def test_body_of_a_slot_is_escaped_as_anywhere(page, outsider):
    assert page(outsider, '{% slot "home-hero" %}{{ text }}{% endslot %}', text="<x>") == "&lt;x&gt;"


def test_slots_and_segments_nest(page, member):
    text = '{% slot "none" %}{% segment "buyers" %}{% slot "home-hero" %}x{% endslot %}{% endsegment %}{% endslot %}'
    assert page(member, text) == "<b>for-buyers</b>"


def test_template_without_a_request_shows_the_defaults(buyers):
    template = engines["django"].from_string(
        '{% load microseg %}{% slot "home-hero" %}default{% endslot %}'
        '{% segment "buyers" %}in{% else %}out{% endsegment %}'
    )
    assert template.render() == "defaultout"


def test_template_of_an_experience_sees_the_pages_variables(page, member, make_experience, settings, tmp_path):
    (tmp_path / "hero.html").write_text("Hello {{ who }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    make_experience("by-template", "buyers", content_html="", template_name="hero.html", priority=5)
    assert page(member, '{% slot "home-hero" %}default{% endslot %}', who="<Ada>") == "Hello &lt;Ada&gt;"


def test_template_of_an_experience_that_fails_shows_the_default(page, member, make_experience, settings, tmp_path):
    (tmp_path / "hero.html").write_text("{% load microseg %}{{ broken.shout }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    make_experience("by-template", "buyers", content_html="", template_name="hero.html", priority=5)

    class Broken:
        @property
        def shout(self) -> str:
            raise RuntimeError("no voice")

    assert page(member, '{% slot "home-hero" %}default{% endslot %}', broken=Broken()) == "default"


def test_variable_of_the_context_processor_answers_for_one_segment(member, outsider):
    request = RequestFactory(**member.defaults).get("/")
    request.COOKIES = {name: morsel.value for name, morsel in member.cookies.items()}
    request.visitor = Visitor(request, read_consent=read_consent)
    found = segments(request)["segments"]
    assert ("buyers" in found, "unknown" in found, list(found), len(found), str(found)) == (
        True,
        False,
        ["buyers"],
        1,
        "buyers",
    )


def test_variable_of_the_context_processor_reads_nothing_until_it_is_asked(rf, buyers, django_assert_num_queries):
    request = rf.get("/")
    request.visitor = Visitor(request, read_consent=read_consent)
    with django_assert_num_queries(0):
        segments(request)


def test_variable_of_the_context_processor_without_middleware_is_empty(rf):
    assert segments(rf.get("/")) == {"segments": frozenset()}
