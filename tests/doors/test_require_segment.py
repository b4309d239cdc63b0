"""Views for members of segments alone: who gets in, and what becomes of everybody else."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View

from django_microseg.decorators import require_segment
from django_microseg.mixins import SegmentRequiredMixin
from tests.doors import site
from tests.doors.agents import BROWSER
from tests.doors.browsers import consenting

pytestmark = pytest.mark.django_db(transaction=True)


def _public(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(f"for all {number}")


async def _public_async(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(f"for all {number}")


@require_segment("buyers")
def sale(request: HttpRequest, number: int = 0) -> HttpResponse:
    """What is on sale."""
    return HttpResponse(f"sale {number}")


@require_segment("buyers", otherwise=_public_async)
async def sale_async(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(f"sale {number}")


@require_segment("buyers", otherwise=_public)
async def sale_mixed(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(f"sale {number}")


class Sale(SegmentRequiredMixin, View):
    required_segments = "buyers"

    def get(self, request: HttpRequest, number: int = 0) -> HttpResponse:
        return HttpResponse(f"sale {number}")


class SaleOrPublic(Sale):
    segment_otherwise = _public


class SaleAsync(SegmentRequiredMixin, View):
    required_segments = ("buyers",)
    segment_otherwise = _public_async

    async def get(self, request: HttpRequest, number: int = 0) -> HttpResponse:
        return HttpResponse(f"sale {number}")


class SaleByName(Sale):
    """A view that knows only when it is asked for whom it is."""

    def get_required_segments(self) -> list[str]:
        return [self.request.GET["segment"]]


@method_decorator(require_segment("buyers"), name="dispatch")
class Decorated(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("sale")


def _guarded(**options: Any) -> Any:
    return require_segment("buyers", **options)(_sale)


def _sale(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sale")


urlpatterns = [
    *site.urlpatterns,
    path("sale/<int:number>/", sale),
    path("sale-async/<int:number>/", sale_async),
    path("sale-mixed/<int:number>/", sale_mixed),
    path("class/<int:number>/", Sale.as_view()),
    path("class-public/<int:number>/", SaleOrPublic.as_view()),
    path("class-option/<int:number>/", Sale.as_view(segment_otherwise=_public)),
    path("class-async/<int:number>/", SaleAsync.as_view()),
    path("class-by-name/", SaleByName.as_view()),
    path("decorated/", Decorated.as_view()),
    path("either/", require_segment("buyers", "lost")(_sale)),
    path("both/", require_segment("buyers", "lost", match="all")(_sale)),
    path("one-of-all/", require_segment("buyers", match="all")(_sale)),
    path("forbidden/", _guarded(otherwise=PermissionDenied)),
    path("forbidden-with-words/", _guarded(otherwise=PermissionDenied("members only"))),
    path("missing-with-words/", _guarded(otherwise=Http404("members only"))),
    path("leads-on/", _guarded(otherwise="/plain/")),
    path("leads-on-by-name/", _guarded(otherwise="django_microseg:consent")),
]


@pytest.fixture(autouse=True)
def _these_urls(settings: Any, _our_urls: None) -> None:
    settings.ROOT_URLCONF = "tests.doors.test_require_segment"


@pytest.fixture
def member(shopper, buyers):
    shopper.post("/add/")
    return shopper


@pytest.fixture
def outsider(buyers):
    return consenting()


@pytest.mark.parametrize(
    "address",
    ["sale/7", "sale-async/7", "sale-mixed/7", "class/7", "class-public/7", "class-option/7", "class-async/7"],
)
def test_member_gets_in(member, address):
    assert member.get(f"/{address}/").text == "sale 7"


@pytest.mark.parametrize("address", ["sale/7", "class/7", "decorated", "both", "missing-with-words"])
def test_page_does_not_exist_for_others(outsider, address):
    assert outsider.get(f"/{address}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["sale-async/7", "sale-mixed/7", "class-public/7", "class-option/7", "class-async/7"]
)
def test_others_get_another_view_with_the_same_arguments(outsider, address):
    assert outsider.get(f"/{address}/").text == "for all 7"


@pytest.mark.parametrize(
    ("address", "gets_in"), [("either", True), ("both", False), ("one-of-all", True), ("decorated", True)]
)
def test_any_of_the_segments_is_enough_unless_all_are_asked_for(member, address, gets_in):
    assert (member.get(f"/{address}/").status_code == 200) is gets_in


@pytest.mark.parametrize("address", ["forbidden", "forbidden-with-words"])
def test_others_may_be_forbidden(member, outsider, address):
    assert [browser.get(f"/{address}/").status_code for browser in (member, outsider)] == [200, 403]


@pytest.mark.parametrize(("address", "to"), [("leads-on", "/plain/"), ("leads-on-by-name", "/microseg/consent/")])
def test_others_may_be_led_on(outsider, address, to):
    response = outsider.get(f"/{address}/")
    assert (response.status_code, response.headers["Location"]) == (302, to)


def test_view_may_find_out_for_whom_it_is(member):
    found = [member.get("/class-by-name/", {"segment": name}).status_code for name in ("buyers", "lost")]
    assert found == [200, 404]


@pytest.mark.parametrize("address", ["sale/7", "sale-async/7", "class/7"])
def test_page_is_private(member, address):
    headers = member.get(f"/{address}/").headers
    assert ("private" in headers["Cache-Control"], headers["Vary"]) == (True, "Cookie")


async def _ask_async(address: str) -> int:
    response = await AsyncClient(headers={"user-agent": BROWSER}).get(f"/{address}/")
    return response.status_code


@pytest.mark.parametrize(
    ("address", "status"), [("sale/7", 404), ("sale-async/7", 200), ("class/7", 404), ("class-async/7", 200)]
)
def test_works_under_asgi(buyers, address, status):
    assert async_to_sync(_ask_async)(address) == status


def test_without_the_middleware_nobody_gets_in(rf):
    with pytest.raises(Http404):
        sale(rf.get("/"))


def test_view_keeps_its_name_and_words():
    assert (sale.__name__, sale.__doc__) == ("sale", "What is on sale.")


@pytest.mark.parametrize("wrong", [(), ("",), (7,), (_sale,)])
def test_wrong_segments_are_refused_when_the_view_is_made(wrong):
    with pytest.raises(TypeError, match="needs the slug of one segment or more"):
        require_segment(*wrong)


def test_wrong_match_is_refused_when_the_view_is_made():
    with pytest.raises(ValueError, match="match is 'most'"):
        require_segment("vip", match="most")


def test_view_class_without_segments_is_refused(rf):
    class Nothing(SegmentRequiredMixin, View):
        def get(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse("never")

    with pytest.raises(TypeError, match="needs the slug of one segment or more"):
        Nothing.as_view()(rf.get("/"))
