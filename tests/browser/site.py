"""The example shop as it is, and two addresses for the tests alone: put the clock forward, and say what is stored."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from django_microseg.collect.models import Event
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.models import Profile
from example_shop.shop.models import Order

from . import clock


def forward(request: HttpRequest, seconds: int) -> HttpResponse:
    return JsonResponse({"now": clock.forward(seconds).isoformat()})


def stored(request: HttpRequest) -> HttpResponse:
    kept = {"events": Event, "profiles": Profile, "consents": ConsentRecord, "sessions": Session, "orders": Order}
    return JsonResponse({name: model.objects.count() for name, model in kept.items()})


def events(request: HttpRequest) -> HttpResponse:
    """What browsers have sent, the oldest first."""
    sent = (
        Event.objects.filter(source="browser")
        .order_by("pk")
        .values("name", "product_key", "measure", "labels", "properties")
    )
    return JsonResponse({"events": list(sent)})


urlpatterns = [
    path("under-test/forward/<int:seconds>/", forward),
    path("under-test/stored/", stored),
    path("under-test/events/", events),
    path("", include("example_shop.urls")),
]
