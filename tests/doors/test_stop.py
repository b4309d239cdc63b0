"""While personalisation is stopped nobody gets anything but the shop's own content, and everything is recorded."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template import engines
from django.utils import timezone

from django_microseg.api import decide, segments_for
from django_microseg.decide.publish import save_experience
from django_microseg.decide.slots import Reason, default_for
from django_microseg.decide.switch import start, stop
from tests.doors import site
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, names_of_events

pytestmark = pytest.mark.django_db(transaction=True)

ALL_TAGS = engines["django"].from_string(
    '{% load microseg %}{% slot "home-hero" %}default{% endslot %} '
    '{% segment "buyers" %}in{% else %}out{% endsegment %}'
    ' {% if "buyers" in segments %}in{% else %}out{% endif %} [{{ segments }}]'
)


@pytest.fixture
def member(shopper, buyers):
    shopper.post("/add/")
    return shopper


@pytest.fixture
def seen(monkeypatch):
    """What a browser sees of every tag, and what the shop's own code is told."""

    def look(browser) -> tuple[str, object, object]:
        told: list[object] = []

        def view(request):
            told.extend([segments_for(request), decide(request, "home-hero").reason])
            return HttpResponse(ALL_TAGS.render({}, request))

        pattern = next(each for each in site.urlpatterns if str(each.pattern) == "plain/")
        monkeypatch.setattr(pattern, "callback", view)
        return (browser.get("/plain/").text, *told)

    return look


def test_stop_and_start_act_on_the_next_page(member, seen):
    as_member = ("<b>for-buyers</b> in in [buyers]", {"buyers"}, Reason.FITS)
    assert seen(member) == as_member
    stop(by="ada", now=timezone.now())
    assert seen(member) == ("default out out []", frozenset(), Reason.STOPPED)
    start(now=timezone.now())
    assert seen(member) == as_member


@pytest.mark.parametrize("browser", [{"agent": GOOGLEBOT}, {"purposes": ()}])
def test_who_got_nothing_before_is_told_the_same_reason_as_before(browser, buyers, seen):
    before = seen(consenting(**browser))
    stop(by="ada", now=timezone.now())
    assert seen(consenting(**browser)) == before


def test_what_happens_is_still_recorded_and_counts_when_it_starts_again(shopper, buyers, seen):
    stop(by="ada", now=timezone.now())
    shopper.post("/add/")
    assert names_of_events() == ["product_added"]
    start(now=timezone.now())
    assert seen(shopper)[1] == {"buyers"}


def test_one_paused_experience_leaves_the_others(member, seen, make_experience):
    urgent = make_experience("urgent", "buyers", priority=5)
    assert seen(member)[0].startswith("<b>urgent</b>")
    urgent.state = "paused"
    save_experience(urgent, now=timezone.now())
    assert seen(member)[0].startswith("<b>for-buyers</b>")


def test_decision_of_a_stopped_slot_is_its_default(member, rf):
    stop(by="ada", now=timezone.now())
    response = member.get("/")
    assert response.wsgi_request.visitor.decisions == (default_for("home-hero", Reason.STOPPED),)
