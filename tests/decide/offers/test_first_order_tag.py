"""``{% first_order_offer %}``: who is shown what, who must not be, and what it costs a page."""

from __future__ import annotations

import datetime as dt

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.template import TemplateSyntaxError, engines
from django.test import AsyncClient
from django.utils import timezone

from django_microseg.collect.models import Event
from django_microseg.decide.offers import showing
from django_microseg.decide.offers.models import Offer
from django_microseg.decide.offers.publish import save_offer
from tests.decide.offers.shop import ListShop
from tests.doors.agents import BROWSER, GOOGLEBOT
from tests.doors.browsers import consenting, send, undecided
from tests.doors.conftest import forget_process

pytestmark = pytest.mark.django_db(transaction=True)

NOTHING = "<main></main>"
DAY = dt.timedelta(days=1)


def test_offer_is_shown_with_its_words_and_its_code(stranger, welcome, make_offer):
    page = stranger.get("/").text
    assert "<strong>Welcome off</strong>" in page
    assert "<code>WELCOME10</code>" in page
    assert "Until" not in page


def test_end_is_told_only_where_there_is_one(stranger, make_offer, settings):
    settings.TIME_ZONE = "Europe/London"
    make_offer("summer", is_first_order=True, ends_at=dt.datetime(2031, 7, 1, 22, 59, tzinfo=dt.UTC))
    page = stranger.get("/").text
    assert 'datetime="2031-07-01T22:59:00+00:00"' in page
    assert "1 Jul 2031, 11:59 p.m." in page
    assert "Code" not in page


def test_member_is_shown_it_and_others_are_not(shopper, buyers, make_offer):
    make_offer("cart", "buyers", is_first_order=True)
    shopper.post("/add/")
    assert "Cart off" in shopper.get("/").text
    assert (consenting().get("/").text, undecided().get("/").text) == (NOTHING, NOTHING)


def test_offer_that_is_for_any_order_is_not_shown(stranger, make_offer):
    make_offer("any", code="ANY")
    assert stranger.get("/").text == NOTHING


@pytest.mark.parametrize("browser", [consenting(purposes=()), undecided(agent=GOOGLEBOT)], ids=["no", "bot"])
def test_whom_we_may_not_know_is_shown_nothing(browser, welcome):
    assert browser.get("/").text == NOTHING


def test_offer_is_shown_from_its_start_until_its_end(stranger, make_offer):
    now = timezone.now()
    make_offer("past", is_first_order=True, ends_at=now)
    make_offer("coming", is_first_order=True, starts_at=now + DAY)
    assert stranger.get("/").text == NOTHING


def test_paused_offer_is_gone_from_the_next_page(stranger, welcome):
    assert "Welcome off" in stranger.get("/").text
    welcome.state = Offer.State.PAUSED
    save_offer(welcome, now=timezone.now())
    assert stranger.get("/").text == NOTHING


def test_highest_priority_is_shown_then_the_lowest_slug(stranger, make_offer):
    for slug, priority in (("c", 1), ("b", 1), ("a", 0)):
        make_offer(slug, is_first_order=True, priority=priority)
    assert "<strong>B off</strong>" in stranger.get("/").text


def test_words_are_escaped(stranger, make_offer):
    make_offer("bold", is_first_order=True, headline="<b>x</b>", text="<script>")
    page = stranger.get("/").text
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>" not in page


# -- whoever has ordered


def test_visitor_whose_order_was_stored_is_shown_nothing_and_its_cancellation_shows_it_again(shopper, welcome):
    shopper.post("/add/")
    assert "Welcome off" in shopper.get("/").text
    shopper.post("/tell/order_completed/", {"order_id": "A-1", "revenue": "20", "currency": "GBP"})
    assert shopper.get("/").text == NOTHING
    shopper.post("/tell/order_cancelled/", {"order_id": "A-1"})
    assert "Welcome off" in shopper.get("/").text


@pytest.mark.parametrize(("counts", "is_shown"), [(True, False), (False, True)])
def test_customer_of_whom_the_shop_knows_an_order_that_stands_is_shown_nothing(shopper, welcome, counts, is_shown):
    user = User.objects.create(username="hannah")
    ListShop.place("1", customer_key=str(user.pk), counts=counts)
    shopper.force_login(user)
    shopper.post("/add/")
    assert ("Welcome off" in shopper.get("/who/").text) is is_shown
    assert "Welcome off" in consenting().get("/who/").text


def test_failure_to_find_out_shows_nothing(shopper, welcome, monkeypatch):
    def fail(**who: object) -> bool:
        raise RuntimeError("injected")

    shopper.post("/add/")
    monkeypatch.setattr("django_microseg.decide.visitor.seems_to_have_ordered", fail)
    assert shopper.get("/").text == NOTHING


# -- what it costs


def test_stranger_costs_no_query_more_and_a_known_visitor_one_where_an_offer_would_be_shown(
    shopper, stranger, buyers, make_offer
):
    make_offer("cart", "buyers", is_first_order=True)
    make_offer("own", "buyers")
    shopper.post("/add/")
    known, outsider = consenting(), stranger
    for browser in (shopper, known, outsider):
        browser.get("/")
    assert [len(send(browser, "/")[1]) for browser in (shopper, known, outsider)] == [2, 1, 1]


def test_many_offers_cost_no_more_than_one(stranger, make_offer):
    for number in range(50):
        make_offer(f"offer-{number}", is_first_order=True, code=f"CODE{number}")
    stranger.get("/")
    assert len(send(stranger, "/")[1]) == 1


# -- forms of the tag


def test_variable_holds_the_offer_or_nothing(stranger, make_offer):
    assert stranger.get("/plain/").text == "<main>nonedefault</main>"
    make_offer("welcome", code="WELCOME10", is_first_order=True)
    forget_process()
    assert stranger.get("/plain/").text == "<main>WELCOME10default</main>"


@pytest.mark.parametrize("words", ["offer", "as", "as a b", "to offer"])
def test_wrong_tag_is_refused_when_the_template_is_read(words):
    with pytest.raises(TemplateSyntaxError, match="names a variable"):
        engines["django"].from_string(f"{{% load microseg %}}{{% first_order_offer {words} %}}")


def test_template_without_a_request_shows_nothing(welcome):
    template = engines["django"].from_string("{% load microseg %}{% first_order_offer %}x")
    assert template.render() == "x"


def test_shop_may_bring_its_own_template(stranger, welcome, settings, tmp_path):
    (tmp_path / "django_microseg").mkdir()
    (tmp_path / "django_microseg" / "first_order_offer.html").write_text("{{ offer.code }} for you")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert stranger.get("/").text == "<main>WELCOME10 for you</main>"


def test_template_that_fails_shows_nothing(stranger, welcome, settings, tmp_path):
    (tmp_path / "django_microseg").mkdir()
    (tmp_path / "django_microseg" / "first_order_offer.html").write_text("{% include 'missing.html' %}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert stranger.get("/").text == NOTHING


def test_async_view_shows_a_known_visitor_what_was_read_ahead(shopper, welcome):
    shopper.post("/add/")
    client = AsyncClient(headers={"user-agent": BROWSER})
    client.cookies = shopper.cookies
    assert "Welcome off" in async_to_sync(client.get)("/async/").content.decode()


def test_fault_of_ours_shows_nothing(stranger, welcome, monkeypatch):
    def fail(offer: object) -> None:
        raise RuntimeError("injected")

    monkeypatch.setattr(showing, "shown_offer", fail)
    assert stranger.get("/").text == NOTHING


def test_looking_at_an_offer_stores_nothing(stranger, welcome):
    stranger.get("/")
    assert Event.objects.count() == 0
