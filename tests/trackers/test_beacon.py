"""The beacon's address: what a page's script sends is its visitor's alone, public, counted, and answered one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from django_microseg.collect.ingest import IncomingEvent, ingest
from django_microseg.collect.models import Event, EventKey, QuarantinedEvent
from django_microseg.privacy.consent import dump
from django_microseg.profile.find import find_person
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Profile
from django_microseg.profile.visitor_id import VisitorCookie, new_visitor_key
from tests.commands.shop import segment
from tests.doors.browsers import consenting, cookie_of, undecided

pytestmark = pytest.mark.django_db

ADDRESS = "/microseg/collect/"
VIEW = {"name": "product_viewed", "id": "m-1", "properties": {"product_id": "boot-1"}}


def post(browser: Client, *events: Any, address: str = ADDRESS, headers: Any = None, **envelope: Any) -> Any:
    body = json.dumps({"events": list(events), **envelope})
    return browser.post(address, body, content_type="text/plain", headers=headers or {})


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def key_of(browser: Client) -> str:
    cookie = cookie_of(browser)
    assert cookie is not None
    return cookie.visitor_key


def test_events_are_the_visitors_of_the_cookie_and_reported(page_of_shop):
    response = post(page_of_shop, VIEW, {"name": "no such event", "id": "m-2"})
    assert response.json() == {
        "received": 2, "stored": 1, "quarantined": 1, "duplicates": 0,
        "refused": [{"index": 1, "code": "unknown_event",
                     "detail": "No event of this name is known: see docs/events.md, or add it to EVENTS."}],
    }  # fmt: skip
    stored = Event.objects.get()
    assert (stored.name, stored.visitor_key, stored.source) == ("product_viewed", key_of(page_of_shop), "browser")
    assert QuarantinedEvent.objects.get().reason == "unknown_event"


def test_sent_again_counts_once(page_of_shop):
    post(page_of_shop, VIEW)
    assert post(page_of_shop, VIEW, address="/microseg/collect").json()["duplicates"] == 1
    assert Event.objects.count() == 1


def test_event_without_an_id_is_known_by_what_it_says(page_of_shop):
    for _ in range(2):
        post(page_of_shop, {"name": "page_viewed", "at": 1_772_362_800_000})
    assert Event.objects.count() == 1


def test_event_of_a_page_says_which_one(page_of_shop):
    page = {"path": "/boots", "url": "https://testserver/boots?utm_source=x", "title": "Boots", "referrer": ""}
    post(
        page_of_shop,
        {"name": "page_dwelled", "id": "d", "properties": {"dwell_seconds": 40, "title": "Own"}},
        page=page,
    )
    stored = Event.objects.get()
    assert (stored.measure, stored.properties["title"], stored.labels) == (40_000, "Own", "|path=/boots|")


def test_wrong_clock_of_a_browser_is_set_right(page_of_shop):
    now = timezone.now().timestamp() * 1000
    ahead = now + 86_400_000 * 365
    post(page_of_shop, {**VIEW, "at": ahead - 60_000}, sent_at=ahead)
    assert abs(Event.objects.get().occurred_at.timestamp() * 1000 - (now - 60_000)) < 2000


def test_validating_judges_and_stores_nothing(page_of_shop):
    answer = post(page_of_shop, VIEW, {"name": "order_completed"}, address=f"{ADDRESS}?validate=1").json()
    assert (answer["valid"], answer["stored"]) == (1, 0)
    assert [each["code"] for each in answer["refused"]] == ["not_public"]
    assert not Event.objects.exists()
    assert not QuarantinedEvent.objects.exists()
    assert not EventKey.objects.exists()


def test_what_was_stored_is_felt_on_the_next_page(page_of_shop):
    segment("buyers", 'count("product_added") >= 1')
    response = post(page_of_shop, {"name": "product_added", "id": "a", "properties": {"product_id": "boot-1"}})
    assert response.json()["stored"] == 1
    cookie = cookie_of(page_of_shop)
    assert cookie is not None
    assert cookie.sequence == Profile.objects.get().revision == 1


# -- nobody is made a customer, nothing is bought


def test_forged_order_changes_nothing(page_of_shop):
    """Whatever a browser calls an order, no money and no order key of it reaches a figure."""
    ingest(
        [IncomingEvent("order_completed", "o-1", customer_key="ada", properties={"order_id": "A", "revenue": 20})],
        source="shop", received_at=timezone.now(), basis="contract",
    )  # fmt: skip
    merge_at_login(key_of(page_of_shop), "ada", now=timezone.now())
    before = find_person("ada")
    assert before is not None
    state = (before.state, before.snapshot)
    forged = [
        {"name": name, "id": f"f-{number}", "properties": {"order_id": "A", "revenue": 9999, "value": 9999,
         "products": [{"product_id": "p", "price": 9999}]}}
        for number, name in enumerate(
            ("order_completed", "Order Completed", "purchase", "order_refunded", "refund", "order_cancelled",
             "order_updated", "product_purchased", "points_earned", "logged_in", "customer_merged")
        )
    ]  # fmt: skip
    answer = post(page_of_shop, *forged).json()
    assert (answer["stored"], answer["quarantined"]) == (0, len(forged))
    after = find_person("ada")
    assert after is not None
    assert (after.state, after.snapshot) == state
    assert list(Event.objects.filter(name="order_completed").values_list("value_minor", "voided_at")) == [(2000, None)]


def test_nobody_merges_into_a_customer(page_of_shop):
    """1,000 attempts to be somebody else, by every property that could name one."""
    ingest(
        [IncomingEvent("logged_in", "l", customer_key="ada", visitor_key=new_visitor_key())],
        source="shop",
        received_at=timezone.now(),
    )
    names = ("customer_identified", "identify", "login", "alias", "group", "product_viewed")
    claims = ("customer_key", "customer_id", "userId", "user_id", "visitor_key", "profile", "previousId", "anonymousId")
    events = [
        {"name": names[n % 6], "id": f"x-{n}", claims[n % 8]: "ada", "type": "identify", "traits": {"id": "ada"},
         "properties": {"product_id": "p", claims[n // 6 % 8]: "ada"}}
        for n in range(1000)
    ]  # fmt: skip
    received = sum(
        post(page_of_shop, *events[start : start + 100]).json().get("received", 0) for start in range(0, 600, 100)
    )
    assert received == 600
    other = consenting()
    other.cookies["microseg"] = page_of_shop.cookies["microseg"].value.replace("A", "B", 1) + "x"
    assert [post(other, event).status_code for event in events[600:]] == [403] * 400
    ada = find_person("ada")
    assert Event.objects.filter(profile=ada).count() == 1
    assert Profile.objects.exclude(customer_key=None).count() == 1
    assert not Profile.objects.exclude(merged_into=None).exists()


# -- who may send


def test_without_consent_nothing_is_kept(page_of_shop):
    stranger, refused = undecided(), undecided()
    refused.cookies["microseg_consent"] = dump((), text_version="1")
    withdrawn = undecided()
    withdrawn.cookies["microseg"] = page_of_shop.cookies["microseg"].value
    for browser in (stranger, refused, withdrawn):
        assert code_of(post(browser, VIEW)) == (403, "no_consent")
    assert not Event.objects.exists()


@pytest.mark.parametrize("cookie", ["", "AAAAAAAAAAAAAAAAAAAAAA", "a:b:c"])
def test_unsigned_visitor_is_refused_and_given_no_id(cookie):
    browser = consenting()
    browser.cookies["microseg"] = cookie
    response = post(browser, VIEW)
    assert code_of(response) == (403, "no_visitor")
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_page_of_another_site_may_not_send(page_of_shop, headers):
    assert code_of(post(page_of_shop, VIEW, headers=headers)) == (403, "other_origin")
    assert not Event.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}, {}])
def test_page_of_the_shop_may_send(page_of_shop, headers):
    assert post(page_of_shop, VIEW, headers=headers).status_code == 200


def test_page_of_a_named_origin_may_send_and_read(page_of_shop, settings):
    settings.MICROSEG = {**settings.MICROSEG, "API_ORIGINS": ["https://www.partner.example"]}
    headers = {"origin": "https://www.partner.example", "sec-fetch-site": "same-site"}
    response = post(page_of_shop, VIEW, headers=headers)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "https://www.partner.example"
    assert response["Access-Control-Allow-Credentials"] == "true"
    assert "POST" in page_of_shop.options(ADDRESS, headers=headers)["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("headers", [{"user-agent": "Googlebot/2.1"}, {"sec-purpose": "prefetch;prerender"}])
def test_machine_is_not_counted(page_of_shop, headers):
    assert code_of(post(page_of_shop, VIEW, headers=headers)) == (403, "machine")


def test_csrf_is_not_asked_for_from_a_logged_in_customer(django_user_model):
    browser = consenting(enforce_csrf_checks=True)
    browser.force_login(django_user_model.objects.create(username="ada"))
    browser.cookies["microseg"] = VisitorCookie(new_visitor_key()).dump()
    assert post(browser, VIEW, headers={"origin": "http://testserver"}).status_code == 200


# -- how much


def _passed(browser: Client, times: int, headers: Callable[[int], dict[str, str]]) -> int:
    return sum(post(browser, {**VIEW, "id": f"r-{n}"}, headers=headers(n)).status_code == 200 for n in range(times))


@pytest.mark.usefixtures("in_one_minute")
def test_one_visitor_sends_no_more_than_the_limit(page_of_shop, settings):
    settings.MICROSEG = {**settings.MICROSEG, "TRACKING_VISITOR_LIMIT": 20}
    assert _passed(page_of_shop, 60, lambda n: {}) == 20
    response = post(page_of_shop, VIEW)
    assert (*code_of(response), response["Retry-After"]) == (429, "too_many", "50")


@pytest.mark.usefixtures("in_one_minute")
def test_batch_counts_event_by_event(page_of_shop, settings):
    settings.MICROSEG = {**settings.MICROSEG, "TRACKING_VISITOR_LIMIT": 20}
    assert post(page_of_shop, *({**VIEW, "id": f"a-{n}"} for n in range(20))).status_code == 200
    assert code_of(post(page_of_shop, VIEW)) == (429, "too_many")


@pytest.mark.usefixtures("in_one_minute")
def test_made_up_forwarding_passes_nothing_extra(page_of_shop, settings):
    settings.MICROSEG = {**settings.MICROSEG, "TRACKING_VISITOR_LIMIT": None, "TRACKING_NETWORK_LIMIT": 20}
    assert _passed(page_of_shop, 60, lambda n: {"x-forwarded-for": f"198.51.{n}.7"}) == 20


def test_body_and_events_have_their_limits(page_of_shop):
    large = {**VIEW, "id": "large", "properties": {"product_id": "p", **{f"k{n}": "x" * 1000 for n in range(33)}}}
    answer = post(page_of_shop, large, VIEW).json()
    assert (answer["stored"], [(each["index"], each["code"]) for each in answer["refused"]]) == (1, [(0, "too_large")])
    assert code_of(post(page_of_shop, *([large] * 40))) == (413, "too_large")


def test_nesting_beyond_ten_levels_is_refused_with_its_reason(page_of_shop):
    def nested(levels: int) -> Any:
        return {"a": nested(levels - 1)} if levels else 1

    answer = post(page_of_shop, {**VIEW, "id": "x", "properties": {"product_id": "p", "more": nested(9)}},
                  {**VIEW, "id": "y", "properties": {"product_id": "p", "more": nested(10)}}).json()  # fmt: skip
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [(1, "too_deep")]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"events": 5}', b"{}", b'"x"'])
def test_what_is_no_batch_is_refused(page_of_shop, body):
    assert code_of(page_of_shop.post(ADDRESS, body, content_type="text/plain")) == (400, "malformed")


def test_get_is_refused(page_of_shop):
    assert code_of(page_of_shop.get(ADDRESS)) == (405, "method_not_allowed")


def test_database_that_fails_is_asked_again_later(page_of_shop, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("django_microseg.collect.ingest.ingest", fail)
    response = post(page_of_shop, VIEW)
    assert (*code_of(response), response["Retry-After"]) == (503, "unavailable", "5")
