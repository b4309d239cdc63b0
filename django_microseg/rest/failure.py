"""From any exception of a view to the `Problem` that the client is told of.

What nobody has foreseen is logged here and becomes a 503: the storefront shows its defaults, and a
client that has something to store sends it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions

from django_microseg.decide.guard import Guard
from django_microseg.http.problem import FieldError, Problem

__all__ = ["ANSWERING", "RETRY_SECONDS", "problem_of", "unavailable"]

ANSWERING = Guard("answer a request to the API", breaker=None)
RETRY_SECONDS = 5


_SHOW_DEFAULTS = "Show your defaults, and send again what must not be lost."


def problem_of(error: Exception, *, advice: str = _SHOW_DEFAULTS) -> Problem:
    """What to tell the client; ``advice`` is what to do about what nobody has foreseen."""
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return Problem("invalid", "Mend what errors points at.", errors=tuple(_field_errors(error.detail, "#")))
        case exceptions.MethodNotAllowed():
            return Problem("method_not_allowed", "The header Allow names the methods that this address knows.")
        case exceptions.UnsupportedMediaType():
            return Problem("unsupported_media_type", "Send JSON, with Content-Type: application/json.")
        case Http404() | exceptions.NotFound():
            return Problem("not_found", "The schema lists the addresses; each ends with a slash.")
        case SuspiciousOperation() | exceptions.ParseError():
            return Problem("malformed", "The request is not one that a browser sends.")
    return _unforeseen(error, advice)


def unavailable(detail: str) -> Problem:
    """Something of ours does not work at the moment; it is worth asking again."""
    return Problem("unavailable", detail, headers={"Retry-After": str(RETRY_SECONDS)})


def _unforeseen(error: Exception, advice: str) -> Problem:
    def fail() -> NoReturn:
        raise error

    ANSWERING.run(fail, None)
    return unavailable(advice)


def _field_errors(detail: Any, pointer: str) -> Iterator[FieldError]:
    """djangorestframework nests what is wrong as the body is nested; its leaves are texts with a code."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            at = pointer if name == "non_field_errors" else f"{pointer}/{name}"
            yield from _field_errors(inner, at)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, pointer)
    else:
        yield FieldError(pointer, str(getattr(detail, "code", "invalid")), str(detail))
