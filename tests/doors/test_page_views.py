"""Which responses count as a page that somebody has seen, and what is written down about it."""

from __future__ import annotations

import pytest

from django_microseg.collect.models import Event
from django_microseg.decide import hand_over
from tests.doors.agents import GOOGLEBOT, PHONE
from tests.doors.browsers import consenting, cookie_of, names_of_events, send

pytestmark = pytest.mark.django_db(transaction=True)


def test_page_is_recorded_with_its_context(settings):
    settings.MICROSEG = {"PLACE_HEADERS": {"country": "CF-IPCountry", "timezone": "CF-Timezone"}}
    phone = consenting(agent=PHONE)
    phone.get(
        "/plain/?utm_source=instagram&utm_campaign=Spring&email=ada@example.org",
        headers={"CF-IPCountry": "DE", "CF-Timezone": "Europe/Berlin", "Accept-Language": "de-DE"},
    )
    event = Event.objects.get()
    assert (event.name, event.source, event.basis, event.properties["path"]) == (
        "page_viewed",
        "web",
        "consent",
        "/plain/",
    )
    assert (event.device, event.channel, event.campaign, event.country, event.language) == (
        "mobile",
        "social",
        "spring",
        "de",
        "de",
    )
    assert (event.visitor_key, event.visit_key) == (cookie_of(phone).visitor_key, cookie_of(phone).visit_key)


def test_query_part_of_an_address_is_never_stored(shopper):
    shopper.get("/plain/?token=secret", headers={"referer": "https://mail.example/?user=ada"})
    event = Event.objects.get()
    assert event.properties == {"path": "/plain/", "referrer": "mail.example"}


def test_event_is_written_when_the_response_is_done_and_not_before(shopper, monkeypatch):
    stored = []
    monkeypatch.setattr(hand_over, "store_later", lambda visitor: stored.append(names_of_events()))
    send(shopper, "/plain/")
    assert stored == [[]]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("head", "/plain/", {}),
        ("post", "/plain/", {}),
        ("get", "/json/", {}),
        ("get", "/missing/", {}),
        ("get", "/no-such-page/", {}),
        ("get", "/admin/login/", {}),
        ("get", "/plain", {}),
        ("get", "/plain/", {"sec-purpose": "prefetch"}),
        ("get", "/plain/", {"sec-fetch-dest": "empty"}),
        ("get", "/plain/", {"x-requested-with": "XMLHttpRequest"}),
    ],
)
def test_what_nobody_has_seen_is_not_recorded(shopper, method, path, headers):
    getattr(shopper, method)(path, headers=headers)
    assert names_of_events() == []


def test_ignored_path_is_not_recorded(shopper, settings):
    settings.MICROSEG = {"IGNORED_PATHS": ["/plain"]}
    shopper.get("/plain/")
    shopper.get("/product/")
    assert names_of_events() == ["product_viewed", "page_viewed"]


def test_machine_is_not_recorded():
    consenting(agent=GOOGLEBOT).get("/product/")
    assert names_of_events() == []


def test_stream_counts_as_a_page(shopper):
    assert b"default hero" in b"".join(shopper.get("/streamed/").streaming_content)
    assert names_of_events() == ["page_viewed"]
