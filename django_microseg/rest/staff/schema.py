"""``schema/``: the staff's part of the API described in OpenAPI, for members of staff."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from ..schema import OpenApiAnswer, describe
from .view import StaffView

__all__ = ["StaffSchemaView"]

_ADDRESSES = "django_microseg.rest.staff.urls"
_ABOUT = "Segments from draft to force, who is in them and why, and refreshes: for members of staff."


class StaffSchemaView(StaffView):
    """Of these addresses alone."""

    schema = None
    renderer_classes = (OpenApiAnswer,)

    def get(self, request: Request) -> Response:
        return Response(describe(request.path.removesuffix("schema/").removeprefix("/"), _ADDRESSES, _ABOUT))
