"""What staff put in about places: shown in words, refused with a sentence, found by whether it is over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from django_microseg.collect.surroundings.models import Holiday, LocalEvent, PlaceWeather
from tests.admin.reading import read

pytestmark = pytest.mark.django_db

ROOT = "/admin/django_microseg/"
HOUR = dt.timedelta(hours=1)


def test_fair_is_put_in_and_shown(owner):
    answer = owner.post(
        f"{ROOT}localevent/add/",
        {"name": "Summer fair", "country": "DE", "region": "BY", "starts_at_0": "2031-07-01", "starts_at_1": "10:00",
         "ends_at_0": "2031-07-03", "ends_at_1": "18:00"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert "Summer fair DE-BY" in read(owner.get(f"{ROOT}localevent/").text).words


def test_region_without_a_country_is_refused_beside_the_field(owner):
    page = owner.post(f"{ROOT}holiday/add/", {"name": "Feast", "day": "2031-07-01", "region": "BY"}).text
    assert "A region lies in a country: name it." in page
    assert not Holiday.objects.exists()


def test_events_are_found_by_whether_they_are_over(owner):
    now = timezone.now()
    for name, starts in (("gone", now - 3 * HOUR), ("here", now - HOUR), ("coming", now + HOUR)):
        LocalEvent.objects.create(name=f"fair-{name}", starts_at=starts, ends_at=starts + 2 * HOUR)
    pages = {time: owner.get(f"{ROOT}localevent/", {"time": time}).text for time in ("now", "coming", "over")}
    found = {time: [n for n in ("gone", "here", "coming") if f"fair-{n}" in page] for time, page in pages.items()}
    assert found == {"now": ["here"], "coming": ["coming"], "over": ["gone"]}


def test_weather_says_how_long_it_holds(owner):
    PlaceWeather.objects.create(country="AT", weather="snow", temperature=-4, valid_until=timezone.now())
    assert "AT snow -4" in read(owner.get(f"{ROOT}placeweather/").text).words


@pytest.mark.parametrize("page", ["holiday/", "localevent/", "placeweather/"])
def test_lists_ask_the_same_number_of_questions_however_long_they_are(owner, page, django_assert_max_num_queries):
    now = timezone.now()
    for day in range(30):
        Holiday.objects.create(day=now.date() + dt.timedelta(days=day), name=str(day))
        LocalEvent.objects.create(name=str(day), starts_at=now, ends_at=now + HOUR)
        PlaceWeather.objects.create(country="DE", region=str(day), weather="rain", valid_until=now)
    with django_assert_max_num_queries(7):
        owner.get(f"{ROOT}{page}")
