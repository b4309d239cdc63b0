"""What is going on in a place: who is told what, for how long, and how it is renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from django_microseg.collect.surroundings import here, renew
from django_microseg.collect.surroundings.models import Holiday, LocalEvent, PlaceWeather
from django_microseg.collect.surroundings.renew import Weather, renew_surroundings

pytestmark = pytest.mark.django_db

#: A Sunday, 23:30 in Berlin and 17:30 in New York. The Monday is a holiday in Berlin.
NOW = dt.datetime(2026, 5, 24, 21, 30, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MONDAY = dt.date(2026, 5, 25)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    here.forget()
    yield
    here.forget()


def _around(
    *names: str, country: str = "DE", region: str = "BE", now: dt.datetime = NOW, today: dt.date | None = None
) -> dict[str, str | int]:
    today = now.date() if today is None else today
    return here.surroundings(names or here.NAMES, country=country, region=region, now=now, today=today)


def _event(name: str, country: str = "", region: str = "", *, starts: dt.datetime = NOW - HOUR) -> LocalEvent:
    return LocalEvent.objects.create(
        name=name, country=country, region=region, starts_at=starts, ends_at=starts + 2 * HOUR
    )


def test_nothing_is_known_of_an_empty_shop() -> None:
    assert _around() == {}


def test_holiday_is_judged_by_the_calendar_that_hangs_there() -> None:
    Holiday.objects.create(country="DE", day=MONDAY, name="Whit  Monday")
    assert _around(today=MONDAY) == {"holiday": "whit monday"}
    assert _around(today=NOW.date()) == {}
    assert _around(today=MONDAY, country="FR") == {}
    assert _around(today=MONDAY, country="") == {}


def test_event_counts_from_its_first_moment_to_its_last() -> None:
    fair = _event("Summer Fair", "DE", "BE")
    assert _around(now=fair.starts_at) == {"local_event": "summer fair"}
    here.forget()
    assert _around(now=fair.ends_at - dt.timedelta(milliseconds=1)) == {"local_event": "summer fair"}
    here.forget()
    for outside in (fair.starts_at - dt.timedelta(milliseconds=1), fair.ends_at):
        here.forget()
        assert _around(now=outside) == {}


def test_event_that_begins_while_the_rows_are_kept_is_not_missed(django_assert_num_queries: Any) -> None:
    _event("Match", starts=NOW + dt.timedelta(seconds=30))
    assert _around("local_event") == {}
    with django_assert_num_queries(0):
        assert _around("local_event", now=NOW + dt.timedelta(seconds=31)) == {"local_event": "match"}


def test_smaller_place_counts_before_the_larger_and_a_place_elsewhere_not_at_all() -> None:
    for name, country, region in (("all", "", ""), ("land", "DE", ""), ("town", "DE", "BE"), ("other", "DE", "BY")):
        _event(name, country, region)
    assert _around("local_event") == {"local_event": "town"}
    assert _around("local_event", region="HH") == {"local_event": "land"}
    assert _around("local_event", country="FR") == {"local_event": "all"}
    assert _around("local_event", country="", region="") == {"local_event": "all"}


def test_of_two_events_the_one_that_began_last_counts() -> None:
    _event("long", starts=NOW - HOUR)
    _event("short", starts=NOW - HOUR / 2)
    assert _around("local_event") == {"local_event": "short"}


def test_weather_runs_out() -> None:
    PlaceWeather.objects.create(country="DE", weather="rain", temperature=-3, valid_until=NOW + HOUR)
    assert _around() == {"weather": "rain", "temperature": -3}
    assert _around("weather") == {"weather": "rain"}
    assert _around(now=NOW + HOUR) == {}


def test_weather_without_a_temperature_says_none() -> None:
    PlaceWeather.objects.create(weather="snow", valid_until=NOW + HOUR)
    assert _around("temperature", "weather") == {"weather": "snow"}


def test_rows_are_read_once_a_minute_and_only_those_asked_for(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        _around("weather", "temperature")
        _around("weather", now=NOW + dt.timedelta(seconds=59))
    with django_assert_num_queries(1):
        _around("weather", now=NOW + dt.timedelta(seconds=60))
    with django_assert_num_queries(2):
        _around(now=NOW + dt.timedelta(seconds=61))


def test_what_staff_change_is_seen_at_once_by_the_process_that_changed_it() -> None:
    assert _around("local_event") == {}
    fair = _event("fair")
    assert _around("local_event") == {"local_event": "fair"}
    fair.delete()
    assert _around("local_event") == {}


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (Holiday(day=MONDAY, name="x", country="de"), "Two capital letters"),
        (Holiday(day=MONDAY, name="x", region="BY"), "A region lies in a country"),
        (LocalEvent(name="x", starts_at=NOW, ends_at=NOW), "ends after it starts"),
        (LocalEvent(name="x", starts_at=NOW, ends_at=NOW + HOUR, region="BY"), "A region lies in a country"),
        (PlaceWeather(weather="hail", valid_until=NOW), "not a valid choice"),
    ],
)
def test_row_that_nobody_could_match_is_refused(row: Any, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        row.full_clean()


def test_place_has_one_holiday_a_day_and_one_weather() -> None:
    Holiday.objects.create(country="DE", day=MONDAY, name="Whit Monday")
    with pytest.raises(ValidationError, match="has a holiday on that day already"):
        Holiday(country="DE", day=MONDAY, name="Our birthday").full_clean()
    PlaceWeather.objects.create(weather="rain", valid_until=NOW)
    with pytest.raises(ValidationError, match="has a weather already"):
        PlaceWeather(weather="snow", valid_until=NOW).full_clean()


# -- renewal


def _sunny(places: Mapping[str, tuple[float, float]]) -> dict[str, Weather]:
    return {"DE-BY": Weather("clear", 21.6), "AT": Weather("snow", float("nan"))}


def _broken(places: Mapping[str, tuple[float, float]]) -> dict[str, Weather]:
    raise OSError("no route")


def _hail(places: Mapping[str, tuple[float, float]]) -> dict[str, Weather]:
    return {"AT": Weather("hail", 1.0)}


PLACES = {"DE-BY": (48.1, 11.6), "AT": (48.2, 16.4), "CH": (46.9, 7.4)}


def _weather_by(settings: Any, name: str) -> None:
    settings.MICROSEG = {"WEATHER_PROVIDER": f"{__name__}.{name}", "WEATHER_PLACES": PLACES}


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the settings name this module."""
    named = {f"{__name__}.{each.__name__}": each for each in (_sunny, _broken, _hail)}
    monkeypatch.setattr(renew, "import_string", named.__getitem__)


@pytest.mark.usefixtures("importable")
def test_weather_comes_from_the_provider_and_the_next_answer_replaces_it(settings: Any) -> None:
    _weather_by(settings, "_sunny")
    PlaceWeather.objects.create(country="AT", weather="rain", temperature=9, valid_until=NOW)
    assert renew_surroundings(NOW) == []
    assert _around("weather", "temperature", region="BY") == {"weather": "clear", "temperature": 22}
    assert _around("weather", "temperature", country="AT") == {"weather": "snow"}
    assert _around("weather", country="CH") == {}
    assert PlaceWeather.objects.count() == 2


@pytest.mark.usefixtures("importable")
@pytest.mark.parametrize(("name", "said"), [("_broken", "no route"), ("_hail", "hail")])
def test_provider_that_fails_leaves_what_was_known_until_it_runs_out(settings: Any, name: str, said: str) -> None:
    PlaceWeather.objects.create(country="AT", weather="rain", valid_until=NOW + HOUR)
    _weather_by(settings, name)
    (failure,) = renew_surroundings(NOW)
    assert "weather" in failure
    assert said in failure
    assert _around("weather", country="AT") == {"weather": "rain"}
    assert _around("weather", country="AT", now=NOW + HOUR) == {}


def test_holidays_of_a_region_come_from_the_library(settings: Any) -> None:
    settings.MICROSEG = {"HOLIDAY_PLACES": ["DE-BY", "FR"]}
    assert renew_surroundings(NOW) == []
    assert _around("holiday", region="BY", today=MONDAY) == {"holiday": "pentecost monday"}
    corpus_christi = dt.date(2026, 6, 4)  # a holiday in Bavaria, none in Berlin and France
    later = dt.datetime(2026, 6, 4, 12, tzinfo=dt.UTC)
    assert "holiday" in _around("holiday", region="BY", now=later, today=corpus_christi)
    assert _around("holiday", region="BE", now=later, today=corpus_christi) == {}
    assert _around("holiday", country="FR", now=later, today=corpus_christi) == {}


@pytest.mark.parametrize(
    ("language", "name"), [("de", "pfingstmontag"), ("de-at", "pfingstmontag"), ("en-gb", "pentecost monday"),
                           ("pt-br", "pfingstmontag")],
)  # fmt: skip
def test_holidays_are_named_in_the_shops_language_or_the_countrys(settings: Any, language: str, name: str) -> None:
    settings.MICROSEG, settings.LANGUAGE_CODE = {"HOLIDAY_PLACES": ["DE-BY"]}, language
    assert renew_surroundings(NOW) == []
    assert _around("holiday", region="BY", today=MONDAY) == {"holiday": name}


def test_renewed_holidays_stay_the_same_rows_and_those_of_staff_stay_theirs(settings: Any) -> None:
    settings.MICROSEG = {"HOLIDAY_PLACES": ["DE-BY"]}
    Holiday.objects.create(country="DE", region="BY", day=MONDAY, name="Our birthday")
    renew_surroundings(NOW)
    first = set(Holiday.objects.values_list("pk", "name"))
    renew_surroundings(NOW + HOUR)
    assert set(Holiday.objects.values_list("pk", "name")) == first
    assert _around("holiday", region="BY", today=MONDAY) == {"holiday": "our birthday"}


def test_place_that_is_taken_out_loses_its_coming_holidays(settings: Any) -> None:
    settings.MICROSEG = {"HOLIDAY_PLACES": ["DE-BY", "FR"]}
    renew_surroundings(NOW)
    settings.MICROSEG = {"HOLIDAY_PLACES": ["FR"]}
    renew_surroundings(NOW)
    assert set(Holiday.objects.values_list("country", flat=True)) == {"FR"}


def test_place_that_the_library_does_not_know_is_said_and_takes_nothing_away(settings: Any) -> None:
    settings.MICROSEG = {"HOLIDAY_PLACES": ["FR"]}
    renew_surroundings(NOW)
    count = Holiday.objects.count()
    settings.MICROSEG = {"HOLIDAY_PLACES": ["FR", "DE-XX"]}
    (failure,) = renew_surroundings(NOW)
    assert "holidays" in failure
    assert Holiday.objects.count() == count > 0


def test_shop_that_names_nothing_asks_nobody() -> None:
    assert renew_surroundings(NOW) == []
    assert Holiday.objects.count() == PlaceWeather.objects.count() == 0
