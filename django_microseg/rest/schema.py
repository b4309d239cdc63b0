"""``GET schema/``: the API described in OpenAPI, for clients that are made from it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg import __version__

from .body import JsonAnswer
from .view import ApiView

__all__ = ["OpenApiAnswer", "SchemaView", "describe"]

_TITLE = "django_microseg"
_ADDRESSES = "django_microseg.rest.visitor_urls"
_ABOUT = "Segments, decisions, events and consent of one visitor, for storefronts that are made elsewhere."


class OpenApiAnswer(JsonAnswer):
    """The type that OpenAPI documents have."""

    media_type = "application/vnd.oai.openapi+json"


class SchemaView(ApiView):
    """The same for everybody, and of these addresses alone, whatever other API the project has."""

    schema = None
    renderer_classes = (OpenApiAnswer,)

    def get(self, request: Request) -> Response:
        prefix = request.path.removesuffix("schema/").removeprefix("/")
        return Response(describe(prefix, _ADDRESSES, _ABOUT), headers={"Cache-Control": "public, max-age=3600"})


@lru_cache(maxsize=8)
def describe(prefix: str, addresses: str, about: str) -> dict[str, Any]:
    """The OpenAPI document of the addresses that a module names, below a path."""
    patterns = [path(prefix, include(addresses))]
    generator: Any = SchemaGenerator
    found: dict[str, Any] = generator(patterns=patterns).get_schema(request=None, public=True)
    return found | {"info": {"title": _TITLE, "version": __version__, "description": about}}
