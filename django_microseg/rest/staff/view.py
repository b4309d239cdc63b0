"""What the addresses for staff share: who asks, may they, how often, and how it is refused.

Members of staff are told by the project's own authentication of djangorestframework: by its session, which takes the
token against forged requests, or by whatever else it names there. Nobody is let in without it. Other origins get no
answer that a script can read, and change something only where Django trusts them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import is_same_domain, parse_etags, quote_etag
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.settings import api_settings

from django_microseg.http.origin import may_send
from django_microseg.http.problem import Problem
from django_microseg.segment.editing import Edit

from ..json_view import JsonView
from .failure import problem_of
from .permission import AnyOf, StaffPermission
from .throttle import NetworkThrottle, StaffThrottle

__all__ = ["StaffView", "author_of", "read", "read_parameters", "tagged"]

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_DEPENDS_ON = ("Cookie", "Authorization")


class StaffView(JsonView):
    """One address. ``needs`` says by method which permissions it takes; of each tuple one is enough."""

    permission_classes = (StaffPermission,)
    throttle_classes = (StaffThrottle,)
    most_bytes = 256 * 1024

    needs: Mapping[str, Collection[AnyOf]] = {}

    def get_authenticators(self) -> list[BaseAuthentication]:
        classes: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
        return [each() for each in classes]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _check_origin(request)
        network = NetworkThrottle()
        if not network.allow_request(request, self):
            raise exceptions.Throttled(network.wait())
        super().initial(request, *args, **kwargs)

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> Any:
        """Nobody is told what an address takes before it is known who they are."""
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated("Log in, or send what the shop's API authenticates with.")
        raise exceptions.PermissionDenied(message)

    def problem_of(self, error: Exception) -> Problem:
        problem = problem_of(error)
        if problem.code == "not_authenticated":
            problem.headers["WWW-Authenticate"] = self.get_authenticate_header(self.request) or 'Session realm="staff"'
        return problem

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, _DEPENDS_ON)
        return response

    def edit(self, request: Request) -> Edit:
        """Who edits, when, and what they have seen: the ETags of ``If-Match``, which cannot be left out."""
        seen = parse_etags(request.headers.get("If-Match", ""))
        if not seen:
            raise Problem("if_match_needed", "Send the segment's ETag in If-Match, or * for whatever it is now.")
        stamps = {tag.removeprefix("W/").strip('"') for tag in seen}
        return Edit(author_of(request), timezone.now(), None if "*" in stamps else stamps)


def author_of(request: Request) -> str:
    """The name that stands in the history."""
    name: str = request.user.get_username()
    return name[:150]


def read(serializer: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    """The checked values of a body or of an address's parameters."""
    asked = serializer(data=data)
    asked.is_valid(raise_exception=True)
    found: dict[str, Any] = asked.validated_data
    return found


def read_parameters(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked parameters of an address."""
    try:
        return read(serializer, request.query_params)
    except exceptions.ValidationError as error:
        problem = problem_of(error)
        problem.errors = tuple(replace(each, pointer=each.pointer.replace("#/", "?")) for each in problem.errors)
        raise problem from None


def tagged(answer: dict[str, Any], stamp: str, **more: Any) -> Response:
    """An answer with the ETag that ``If-Match`` asks for."""
    headers = {"ETag": quote_etag(stamp), **more.pop("headers", {})}
    return Response(answer, headers=headers, **more)


def _check_origin(request: Request) -> None:
    headers, plain = request.headers, request._request
    origin = headers.get("Origin")
    if plain.method in _SAFE_METHODS or may_send(
        origin=origin,
        fetch_site=headers.get("Sec-Fetch-Site"),
        own=f"{plain.scheme}://{plain.get_host()}",
        allowed=[origin] if origin is not None and _is_trusted(origin) else [],
    ):
        return
    raise Problem("other_origin", "Send it from a page of the shop, or name the page's origin in CSRF_TRUSTED_ORIGINS.")


def _is_trusted(origin: str) -> bool:
    """Whether Django's own setting names the origin, or all hosts of a domain that it belongs to."""
    scheme, _, host = origin.partition("://")
    named = (trusted.partition("://") for trusted in settings.CSRF_TRUSTED_ORIGINS)
    return any(scheme == each[0] and bool(is_same_domain(host, each[2].removeprefix("*"))) for each in named)
