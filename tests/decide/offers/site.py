"""A shop's checkout in a few views: what a cart would get off, and an order that claims it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from django_microseg.api import Discounts, claim_discounts, discounts_for, release_discounts, segments_for, track

PAGE = engines["django"].from_string("{% load microseg %}<main>{% first_order_offer %}</main>")
SLOT_ALONE = engines["django"].from_string(
    '{% load microseg %}{% slot "home-hero" %}default{% endslot %}{% slot "home-hero" %}default{% endslot %}'
)
PLAIN_PAGE = engines["django"].from_string(
    "{% load microseg %}<main>{% first_order_offer as offer %}{% if offer %}{{ offer.code }}{% else %}none{% endif %}"
    '{% slot "home-hero" %}default{% endslot %}</main>'
)


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({}, request))


def signed_in_home(request: HttpRequest) -> HttpResponse:
    """A page on which the shop itself asks who is signed in."""
    assert str(request.user)
    return home(request)


def plain_home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PLAIN_PAGE.render({}, request))


def many_slots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SLOT_ALONE.render({}, request))


async def async_home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({}, request))


def quote(request: HttpRequest) -> JsonResponse:
    return _json(discounts_for(request, **_asked(request)))


def buy(request: HttpRequest, number: str) -> JsonResponse:
    """The order is a row of the shop's own table, here a user."""
    with transaction.atomic():
        User.objects.create(username=number)
        claimed = claim_discounts(request, order_key=number, **_asked(request))
        if "fail" in request.POST:
            raise RuntimeError("the shop's own fault")
    return _json(claimed)


def give_back(request: HttpRequest, number: str) -> JsonResponse:
    return JsonResponse({"given_back": release_discounts(number)})


def add(request: HttpRequest) -> HttpResponse:
    track(request, "product_added", product_id="boot-1", price="20", currency="GBP")
    return HttpResponse("added")


def tell(request: HttpRequest, name: str) -> HttpResponse:
    """Something happened to somebody of whom the page has looked who they are."""
    segments_for(request)
    assert str(request.user)
    track(request, name, **request.POST.dict())
    return HttpResponse("told")


def _asked(request: HttpRequest) -> dict[str, Any]:
    asked: dict[str, Any] = {"email": request.POST.get("email", ""), "code": request.POST.get("code", "")}
    return asked | ({"subtotal": Decimal(request.POST["subtotal"])} if "subtotal" in request.POST else {})


def _json(discounts: Discounts) -> JsonResponse:
    return JsonResponse(
        {
            "lines": {line.offer: str(line.amount.amount) for line in discounts},
            "labels": [line.label for line in discounts],
            "total": str(discounts.total.amount),
            "currency": discounts.total.currency,
            "refusal": discounts.refusal,
            "reason": discounts.reason,
        }
    )


urlpatterns = [
    path("", home),
    path("who/", signed_in_home),
    path("many/", many_slots),
    path("plain/", plain_home),
    path("async/", async_home),
    path("quote/", quote),
    path("buy/<str:number>/", buy),
    path("give-back/<str:number>/", give_back),
    path("add/", add),
    path("tell/<str:name>/", tell),
    path("microseg/", include("django_microseg.urls")),
]
