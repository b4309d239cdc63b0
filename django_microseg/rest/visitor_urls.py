"""The addresses for storefronts, which the document at ``schema/`` describes."""

from __future__ import annotations

from django.urls import path

from .consent import ConsentView
from .decide import DecideView
from .events import EventsView
from .me import MeView
from .schema import SchemaView

__all__ = ["urlpatterns"]

urlpatterns = [
    path("me/", MeView.as_view(), name="api_me"),
    path("decide/", DecideView.as_view(), name="api_decide"),
    path("events/", EventsView.as_view(), name="api_events"),
    path("consent/", ConsentView.as_view(), name="api_consent"),
    path("schema/", SchemaView.as_view(), name="api_schema"),
]
