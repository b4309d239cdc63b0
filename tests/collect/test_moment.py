from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory

from django_microseg.collect.arrival import Arrival
from django_microseg.collect.moment import (
    Place,
    arrival_before,
    language_of,
    local_time,
    moment_of,
    place_of,
)
from django_microseg.collect.visit import Visit

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)
CDN = {"country": "CF-IPCountry", "region": "CF-Region", "timezone": "CF-Timezone"}
#: A Friday; 21:30 in Berlin, 20:30 in London.
EVENING = dt.datetime(2024, 11, 22, 20, 30, tzinfo=dt.UTC)


def _get(address: str = "/", **headers: str):
    return RequestFactory().get(address, headers=headers)


@pytest.fixture
def cdn(settings) -> None:
    settings.MICROSEG = {"PLACE_HEADERS": CDN, "TIME_ZONE": "Europe/London"}


def test_place_is_what_the_cdn_says(cdn):
    request = _get(**{"CF-IPCountry": "DE", "CF-Region": "Bavaria", "CF-Timezone": "Europe/Berlin"})
    assert place_of(request) == Place("DE", "Bavaria", "Europe/Berlin")


@pytest.mark.parametrize("country", ["XX", "T1", "D", "<b", "DEU", ""])
def test_placeholder_is_no_country(cdn, country):
    assert place_of(_get(**{"CF-IPCountry": country})).country == ""


def test_unknown_time_zone_is_none(cdn):
    assert place_of(_get(**{"CF-Timezone": "Mars/Olympus"})).timezone == ""


def test_header_that_the_shop_did_not_name_is_not_believed(settings):
    settings.MICROSEG = {}
    assert place_of(_get(**{"CF-IPCountry": "DE"})) == Place()


def test_hour_is_the_visitors_own(cdn):
    assert local_time(EVENING, "Europe/Berlin").hour == 21


def test_hour_is_the_shops_where_the_zone_is_unknown(cdn):
    assert local_time(EVENING, "").hour == 20


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("en", "en"), ("", ""), ("*", ""), ("x" * 50, ""), ("é", "")],
)
def test_language_is_the_first_one_without_its_region(accepted, language):
    assert language_of(accepted) == language


def test_context_of_a_stranger_holds_what_the_request_says(cdn):
    request = _get(
        "/Boots/?utm_source=instagram&utm_campaign=Spring",
        **{"User-Agent": PHONE, "Accept-Language": "de-DE", "CF-IPCountry": "DE", "CF-Timezone": "Europe/Berlin"},
    )
    assert moment_of(request, EVENING, None).context == {
        "device": "mobile",
        "channel": "social",
        "campaign": "spring",
        "country": "de",
        "language": "de",
        "page": "/boots/",
        "hour": 21,
        "weekday": 4,
        "visit_number": 1,
        "visit_views": 1,
    }


def test_strangers_second_page_does_not_count_as_the_first(cdn):
    request = _get("/", Referer="http://testserver/boots/", Host="testserver")
    assert "visit_views" not in moment_of(request, EVENING, None).context


def test_context_of_a_visit_is_that_of_its_arrival(cdn):
    visit = Visit("v", 0, 0, number=3, views=7, arrival=Arrival("email", "letter", "mail.example"))
    context = moment_of(_get("/cart/"), EVENING, visit).context
    assert context == {
        "channel": "email",
        "campaign": "letter",
        "referrer": "mail.example",
        "page": "/cart/",
        "hour": 20,
        "weekday": 4,
        "visit_number": 3,
        "visit_views": 7,
    }


def test_arrival_before_consent_stands_in_the_referring_page():
    request = _get("/", Host="shop.example", Referer="https://shop.example/?utm_source=tiktok&utm_campaign=june")
    assert arrival_before(request) == Arrival("social", "june")


def test_referring_page_of_another_site_is_not_looked_into():
    request = _get("/", Host="shop.example", Referer="https://evil.example/?utm_source=tiktok")
    assert arrival_before(request) == Arrival()
