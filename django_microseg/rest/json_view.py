"""What every address of the API shares, whoever asks: JSON in, JSON out, and refusals as problem documents.

Each step of a request commits by itself: some of what is asked for is longer than a transaction may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from django_microseg.http.problem import MEDIA_TYPE, Problem

from .body import AlwaysJson, JsonAnswer, JsonBody
from .failure import problem_of

__all__ = ["JsonView"]


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class JsonView(APIView):
    """Says what is read and written; who may ask is for those who derive from it."""

    throttle_classes: Sequence[type[BaseThrottle]] = ()
    parser_classes: tuple[type[JsonBody], ...] = (JsonBody,)
    renderer_classes = (JsonAnswer,)
    content_negotiation_class = AlwaysJson
    versioning_class = None
    metadata_class = None
    schema: Any = AutoSchema()

    most_bytes = 64 * 1024

    def problem_of(self, error: Exception) -> Problem:
        """What to tell the client of an exception."""
        return problem_of(error)

    def handle_exception(self, exc: Exception) -> Response:
        problem = self.problem_of(exc)
        response = Response(
            problem.document(self.request.path),
            status=int(problem.kind.status),
            headers=problem.headers,
            content_type=MEDIA_TYPE,
        )
        response.exception = True
        return response

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response
