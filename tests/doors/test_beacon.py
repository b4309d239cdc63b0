"""The beacon's element: who gets it and who does not, where it stands, and that it is what it says it is."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import include, path

from django_microseg.templatetags import beacon_tag
from tests.admin.reading import read
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import consenting, undecided

pytestmark = pytest.mark.django_db

MOST_BYTES = 6 * 1024


def page(request: HttpRequest, tag: str = "{% microseg_beacon %}", **more: Any) -> HttpResponse:
    return HttpResponse(Template("{% load microseg %}" + tag).render(Context({"request": request, **more})))


def page_with_nonce(request: HttpRequest) -> HttpResponse:
    request.csp_nonce = "abc123"
    return page(request)


urlpatterns = [
    path("microseg/", include("django_microseg.urls")),
    path("", page),
    path("checkout/pay/", page),
    path("nonce/", page_with_nonce),
    path("views/", page, {"tag": "{% microseg_beacon views=True %}"}),
]


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MICROSEG = {"SENSITIVE_PATHS": ["/checkout/"]}


def scripts(browser: Client, address: str = "/") -> list[dict[str, str]]:
    return read(browser.get(address).text).all("script")


def test_who_consented_gets_one_script_without_inline_code() -> None:
    [script] = scripts(consenting())
    assert script["src"].endswith("django_microseg/beacon.js")
    assert (script["data-collect"], "data-views" in script, "nonce" in script) == ("/microseg/collect", False, False)


@pytest.mark.parametrize(
    "browser",
    [undecided(), consenting(purposes=()), consenting(purposes=("advertising",)), consenting(agent=GOOGLEBOT)],
    ids=["undecided", "refused", "advertising-alone", "machine"],
)
def test_nobody_else_gets_anything(browser: Client) -> None:
    assert browser.get("/").text == ""


def test_page_that_asks_is_nobody_elses() -> None:
    assert "private" in undecided().get("/")["Cache-Control"]


def test_nothing_on_a_sensitive_page() -> None:
    assert scripts(consenting(), "/checkout/pay/") == []


def test_nonce_of_the_page_is_taken_along() -> None:
    [script] = scripts(consenting(), "/nonce/")
    assert script["nonce"] == "abc123"


def test_pages_made_elsewhere_say_their_views() -> None:
    [script] = scripts(consenting(), "/views/")
    assert "data-views" in script


def test_hash_is_that_of_the_file_which_is_served() -> None:
    [script] = scripts(consenting())
    served = Path(str(finders.find(beacon_tag.FILE))).read_bytes()
    assert script["integrity"] == f"sha384-{base64.b64encode(hashlib.sha384(served).digest()).decode()}"


def test_hash_is_that_of_what_a_storage_has_collected(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    collected = tmp_path / beacon_tag.FILE
    collected.parent.mkdir()
    collected.write_text("// made smaller by the shop's own tools\n")
    beacon_tag.integrity.cache_clear()
    try:
        [script] = scripts(consenting())
        expected = base64.b64encode(hashlib.sha384(collected.read_bytes()).digest()).decode()
        assert script["integrity"] == f"sha384-{expected}"
    finally:
        beacon_tag.integrity.cache_clear()


def test_file_is_small() -> None:
    assert len(gzip.compress(Path(str(finders.find(beacon_tag.FILE))).read_bytes(), 9)) <= MOST_BYTES


def test_product_is_said_in_attributes_that_cannot_break_out() -> None:
    tag = '{% microseg_product key category=category brand="" price=price %}'
    text = Template("{% load microseg %}<p " + tag + ">").render(
        Context({"key": '"><script>', "category": "a'b\"<", "price": 12.5})
    )
    [element] = read(text).all("p")
    assert element["data-microseg-product"] == '"><script>'
    assert element["data-microseg-properties"] == '{"category":"a\'b\\"<","price":12.5}'
    assert "<script>" not in text
