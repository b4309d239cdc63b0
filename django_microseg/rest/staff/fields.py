"""``fields/``: what a rule may say in this shop."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg.segment.fields_described import describe_fields

from . import operations
from .permission import ADD_SEGMENT, SEE_SEGMENTS
from .view import StaffView

__all__ = ["FieldsView"]


class FieldsView(StaffView):
    """For whoever writes rules or reads them."""

    needs = {"GET": ((*SEE_SEGMENTS, *ADD_SEGMENT),)}

    @operations.FIELDS
    def get(self, request: Request) -> Response:
        return Response(describe_fields())
