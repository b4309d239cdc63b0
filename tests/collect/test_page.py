from __future__ import annotations

from django.test import RequestFactory

from django_microseg.collect.arrival import Arrival
from django_microseg.collect.page import UNKNOWN_PAGE, Page, page_of
from tests.doors.agents import BROWSER

SOCIAL = {"utm_source": "instagram", "utm_campaign": "june"}


def test_request_for_a_page_is_that_page():
    request = RequestFactory().get(
        "/boots/?utm_source=instagram", headers={"user-agent": BROWSER, "host": "shop.example"}
    )
    page = page_of(request)
    assert (page.path, page.host, page.is_view, page.arrival) == ("/boots/", "shop.example", True, Arrival("social"))


def test_request_of_a_script_is_no_view():
    request = RequestFactory().get("/boots/", headers={"user-agent": BROWSER, "sec-fetch-dest": "empty"})
    assert page_of(request).is_view is False


def test_page_without_a_referrer_was_typed_in():
    assert Page("/", host="shop.example").arrival == Arrival("direct")


def test_page_reached_from_within_the_shop_says_nothing_of_the_arrival():
    assert Page("/", referrer="https://shop.example/boots/", host="shop.example").arrival == Arrival()


def test_campaign_stands_in_the_pages_own_address():
    assert Page("/", query=SOCIAL, host="shop.example").arrival == Arrival("social", "june")


def test_unknown_page_does_not_claim_a_direct_visit():
    assert UNKNOWN_PAGE.arrival == Arrival()
