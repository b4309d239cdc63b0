"""Two pages for the request benchmark: one with a personalised slot, one without anything of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

_BODY = "<!doctype html><title>Shop</title><main>{}</main>" + "<p>line</p>" * 50
_PERSONALISED = engines["django"].from_string(
    "{% load microseg %}" + _BODY.format('{% slot "home-hero" %}default hero{% endslot %}')
)
_BARE = engines["django"].from_string(_BODY.format("default hero"))


def personalised(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_PERSONALISED.render({}, request))


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_BARE.render({}, request))


urlpatterns = [
    path("personalised/", personalised),
    path("bare/", bare),
    path("microseg/", include("django_microseg.urls")),
]
