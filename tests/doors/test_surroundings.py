"""Rules that ask for holidays, weather and local events, on real pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from django_microseg.collect.surroundings import here
from django_microseg.collect.surroundings.models import Holiday, LocalEvent, PlaceWeather
from django_microseg.decide import caller
from tests.doors.browsers import consenting, send, undecided

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)
GERMAN, FRENCH = {"CF-IPCountry": "DE"}, {"CF-IPCountry": "FR"}


@pytest.fixture(autouse=True)
def _cdn(settings: Any) -> None:
    settings.MICROSEG = {"PLACE_HEADERS": {"country": "CF-IPCountry", "timezone": "CF-Timezone"}}


@pytest.fixture
def rainy(make_segment: Any, make_experience: Any) -> None:
    make_segment("rainy", 'context.weather == "rain" and context.temperature <= 10')
    make_experience("umbrellas", "rainy")
    PlaceWeather.objects.create(country="DE", weather="rain", temperature=8, valid_until=timezone.now() + DAY)
    here.forget()


def _hero(browser: Any, headers: dict[str, str]) -> str:
    return str(browser.get("/", headers=headers).content.decode())


@pytest.mark.usefixtures("rainy")
@pytest.mark.parametrize("browser", [consenting, undecided])
def test_umbrellas_are_shown_where_it_rains_and_nowhere_else(browser: Any) -> None:
    assert "<b>umbrellas</b>" in _hero(browser(), GERMAN)
    assert "<b>umbrellas</b>" not in _hero(browser(), FRENCH)
    assert "<b>umbrellas</b>" not in _hero(browser(), {})


def test_fair_and_holiday_work_the_same(make_segment: Any, make_experience: Any) -> None:
    make_segment("feast", 'context.local_event == "summer fair" and known(context.holiday)')
    make_experience("feast", "feast")
    now = timezone.now()
    LocalEvent.objects.create(country="DE", name="Summer Fair", starts_at=now - DAY, ends_at=now + DAY)
    assert "<b>feast</b>" not in _hero(undecided(), GERMAN)
    for day in (-1, 0, 1):  # whatever the visitor's calendar says at this minute
        Holiday.objects.create(country="DE", day=now.date() + day * DAY, name="Whit Monday")
    assert "<b>feast</b>" in _hero(undecided(), GERMAN)
    assert "<b>feast</b>" not in _hero(undecided(), FRENCH)


@pytest.mark.usefixtures("buyers")
def test_tables_are_not_read_as_long_as_no_rule_asks() -> None:
    shopper = consenting()
    send(shopper, "/")
    _, statements = send(shopper, "/")
    assert not [each for each in statements if "weather" in each or "holiday" in each or "localevent" in each]


@pytest.mark.usefixtures("rainy")
def test_page_that_asks_costs_one_statement_a_minute() -> None:
    shopper = consenting()
    counts = [len([s for s in send(shopper, "/")[1] if "placeweather" in s]) for _ in range(3)]
    assert counts == [1, 0, 0]


@pytest.mark.usefixtures("rainy")
def test_page_stands_when_the_tables_fail(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no table")

    monkeypatch.setattr(caller.here, "surroundings", fail)
    page = _hero(consenting(), GERMAN)
    assert "umbrellas" not in page
    assert "what is going on where the visitor is" in caplog.text


@pytest.mark.usefixtures("rainy")
def test_async_page_knows_the_weather_too(settings: Any) -> None:
    page = undecided().get("/async/", headers=GERMAN).content.decode()
    assert "<b>umbrellas</b>" in page
