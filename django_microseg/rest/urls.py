"""Door: the addresses of the HTTP API. `django_microseg.urls` includes them; include that one.

Without the packages of the extra ``[api]`` there are none, and a system check says so.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from .available import missing_packages

__all__ = ["urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = []

if not missing_packages():
    from .missing import MissingView

    urlpatterns = [
        path("", include("django_microseg.rest.visitor_urls")),
        path("staff/", include("django_microseg.rest.staff.urls")),
        re_path("", MissingView.as_view(), name="api_missing"),
    ]
