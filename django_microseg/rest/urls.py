"""Door: the addresses of the HTTP API. `django_microseg.urls` includes them; include that one.

Without the packages of the extra ``[api]`` there are none, and a system check says so.
"""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from .available import missing_packages

__all__ = ["urlpatterns"]

urlpatterns: list[URLPattern] = []

if not missing_packages():
    from .consent import ConsentView
    from .decide import DecideView
    from .events import EventsView
    from .me import MeView
    from .missing import MissingView
    from .schema import SchemaView

    urlpatterns = [
        path("me/", MeView.as_view(), name="api_me"),
        path("decide/", DecideView.as_view(), name="api_decide"),
        path("events/", EventsView.as_view(), name="api_events"),
        path("consent/", ConsentView.as_view(), name="api_consent"),
        path("schema/", SchemaView.as_view(), name="api_schema"),
        re_path("", MissingView.as_view(), name="api_missing"),
    ]
