"""Whatever is sent gets an answer that a machine can read, and never one of 500."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from django_microseg.collect.models import Event
from tests.doors.browsers import consenting
from tests.rest.asking import ask, code_of, tell

pytestmark = pytest.mark.django_db(transaction=True)

EVIL = "https://evil.example"


# -- from where


def test_page_of_another_origin_can_change_nothing_and_read_nothing(shopper):
    response = tell(shopper, "app_opened", origin=EVIL, **{"sec-fetch-site": "cross-site"})
    assert code_of(response) == (403, "other_origin")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert Event.objects.filter(name="app_opened").count() == 0


def test_named_origin_may_do_both(shopper, partner):
    response = tell(shopper, "app_opened", origin=partner, **{"sec-fetch-site": "cross-site"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == partner
    assert "Origin" in response.headers["Vary"]


def test_question_before_sending_is_answered_for_named_origins_alone(stranger, partner):
    welcome = ask(stranger, "OPTIONS", "events/", origin=partner)
    assert (welcome.status_code, welcome.headers["Access-Control-Allow-Origin"]) == (204, partner)
    assert "POST" in welcome.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in ask(stranger, "OPTIONS", "events/", origin=EVIL).headers


# -- how often


@pytest.mark.usefixtures("in_one_minute")
def test_visitor_who_asks_too_often_waits_and_another_does_not(shopper, settings):
    settings.MICROSEG = {"API_VISITOR_LIMIT": 3}
    other = consenting()
    for browser in (shopper, other):
        browser.get("/")
    answers = [ask(shopper, "GET", "me/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert code_of(answers[-1]) == (429, "too_many_requests")
    assert answers[-1].headers["Retry-After"] == "50"
    assert ask(other, "GET", "me/").status_code == 200


@pytest.mark.usefixtures("in_one_minute")
def test_made_up_address_passes_nothing_extra(stranger, settings):
    settings.MICROSEG = {"API_NETWORK_LIMIT": 5}
    statuses = [
        ask(stranger, "GET", "me/", **{"x-forwarded-for": f"198.51.{number}.7"}).status_code for number in range(20)
    ]
    assert statuses.count(200) == 5


# -- what


@pytest.mark.parametrize(
    ("method", "address", "body", "kind", "expected"),
    [
        ("GET", "nothing/", None, "application/json", (404, "not_found")),
        ("DELETE", "nothing/", None, "application/json", (404, "not_found")),
        ("DELETE", "me/", None, "application/json", (405, "method_not_allowed")),
        ("GET", "events/", None, "application/json", (405, "method_not_allowed")),
        ("POST", "decide/", b"slots=a", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
        ("POST", "decide/", b"{", "application/json", (400, "malformed")),
        ("POST", "decide/", b"\xff", "application/json", (400, "malformed")),
        ("POST", "decide/", b"[" * 60_000, "application/json", (400, "malformed")),
        ("POST", "decide/", b" " * (64 * 1024 + 1), "application/json", (413, "too_large")),
        ("POST", "events/", b" " * (1024 * 1024 + 1), "application/json", (413, "too_large")),
        ("POST", "events/", b"[]", "application/json", (422, "invalid")),
        ("POST", "events/", b"null", "application/json", (422, "invalid")),
    ],
    ids=range(12),
)
def test_refusal_is_a_problem_document(stranger, method, address, body, kind, expected):
    assert code_of(ask(stranger, method, address, body, content_type=kind)) == expected


def test_compressed_body_is_refused_and_says_so(stranger):
    response = ask(stranger, "POST", "decide/", b"x", **{"content-encoding": "gzip"})
    assert code_of(response) == (415, "unsupported_media_type")


HOSTILE = [
    "\x00", "\ud800", "a" * 100_000, "<script>alert(1)</script>", "{{ 7*7 }}", "' OR 1=1 --", "../../etc/passwd",
    "\u202e", 2**63, -(2**63) - 1, 10**400, 1e308, -0.0, True, None, [], {}, [[[[[[[[[[[[]]]]]]]]]]]],
    {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": {"k": 1}}}}}}}}}}}, "9999-99-99",
    "0000-00-00T00:00:00Z", "2026-06-01T12:00:00+99:00", "NaN",
]  # fmt: skip
"""What has broken event endpoints before, each sent in the place of everything."""

FIELDS = ["name", "message_id", "occurred_at", "properties"]


def test_hostile_values_in_every_place_are_judged_and_never_break(shopper):
    good = {"name": "product_viewed", "properties": {"product_id": "boot-1"}}
    items = [{**good, field: value} for field in FIELDS for value in HOSTILE]
    items += [{**good, "properties": {key: value}} for key in ("product_id", "price", "url") for value in HOSTILE]
    items += [*HOSTILE, {**good, "properties": {"\x00": 1}}, {**good, "properties": {"\ud800": 1}}]
    for item in items:
        response = ask(shopper, "POST", "events/", {"events": [item, good]})
        assert response.status_code == 200, (item, response.content)
        assert response.json()["results"][1]["status"] in ("stored", "duplicate")
    for value in HOSTILE:
        for body in ({"slots": value}, {"slots": [value]}, {"slots": ["a"], "page": value}, {"purposes": value}, value):
            for method, address in (("POST", "decide/"), ("PUT", "consent/"), ("POST", "events/")):
                assert ask(shopper, method, address, body).status_code in (200, 413, 400, 422, 429)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(FIELDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.usefixtures("unlimited")
@given(st.lists(JSON, max_size=4))
def test_anything_at_all_is_answered(items):
    browser = consenting()
    body = json.dumps({"events": items, "slots": items, "purposes": items}).encode()
    for method, address in (("POST", "events/"), ("POST", "decide/"), ("PUT", "consent/")):
        response = ask(browser, method, address, body)
        assert response.status_code in (200, 400, 403, 422), response.content


@pytest.fixture(autouse=True)
def unlimited(settings) -> None:
    """Tests that send much are not counted, but where a limit is what they are about."""
    settings.MICROSEG = {"API_VISITOR_LIMIT": None, "API_NETWORK_LIMIT": None}


def test_client_without_the_middleware_is_told_what_is_missing(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "microseg" not in name]
    response = ask(Client(), "GET", "me/")
    assert code_of(response) == (503, "unavailable")
    assert "MicrosegMiddleware" in response.json()["detail"]
