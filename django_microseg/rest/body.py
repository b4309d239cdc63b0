"""Reads the body of a request, as much as may be, and writes the body of an answer.

A body is JSON whatever the project's own settings for djangorestframework say. What is declared or
turns out to be too large is refused before it is read to the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.http import HttpRequest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from django_microseg.http.json_text import read_json
from django_microseg.http.problem import Problem

__all__ = ["AlwaysJson", "BeaconBody", "JsonAnswer", "JsonBody"]


class JsonBody(BaseParser):
    """A body of JSON, no larger than the view's ``most_bytes``."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        context = parser_context or {}
        most, request = context["view"].most_bytes, context["request"]
        _check_declared(request._request, most)
        try:
            body = stream.read(most + 1)
        except OSError:
            raise Problem("malformed", "The body did not arrive whole: send it again.") from None
        if len(body) > most:
            raise _too_large(most)
        return read_json(body)


class BeaconBody(JsonBody):
    """The same as ``navigator.sendBeacon`` sends a text."""

    media_type = "text/plain"


class JsonAnswer(BaseRenderer):
    """ASCII alone, so that halves of surrogate pairs that somebody sent cannot break an answer."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else json.dumps(data, allow_nan=False, separators=(",", ":")).encode()


class AlwaysJson(DefaultContentNegotiation):
    """There is one kind of answer, so whatever a request accepts, it gets that one."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


def _check_declared(request: HttpRequest, most: int) -> None:
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        raise Problem("unsupported_media_type", "The body is compressed: send it as it is.")
    declared = request.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > most:
        raise _too_large(most)


def _too_large(most: int) -> Problem:
    return Problem("too_large", f"The body has more than {most} bytes: send less at once.")
