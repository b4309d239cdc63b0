"""What the addresses for storefronts share: who asks, may they, how often, and how it is refused.

Nothing of the project's own settings for djangorestframework applies here. There is no
authentication: a visitor is who the signed value says, and a logged-in customer is joined with
them by the shop's own login. In particular the session's authentication is not used, which would
refuse a customer's beacon for want of a token.
"""

from __future__ import annotations

from time import time
from typing import Any

from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from django_microseg import conf
from django_microseg.collect.moment import request_network
from django_microseg.decide.of_request import visitor_of
from django_microseg.decide.visitor import Visitor
from django_microseg.http.limit import Allowance, seconds_to_wait
from django_microseg.http.origin import cors_headers, may_send, preflight_headers
from django_microseg.http.problem import Problem

from .carrier import CONSENT_HEADER, VISITOR_HEADER, hand_back, meet
from .failure import unavailable
from .json_view import JsonView

__all__ = ["ApiView"]

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_DEPENDS_ON = ("Cookie", "Origin", VISITOR_HEADER, CONSENT_HEADER)


class ApiView(JsonView):
    """One address. ``visitor`` is who asks."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    visitor: Visitor

    def perform_authentication(self, request: Request) -> None:
        """Nobody is asked for: templates of experiences find the user of the shop's own session."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.visitor = _visitor_of(request._request)
        _check_origin(request._request)
        _check_rate(request._request, self.visitor)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What a browser asks before a page of another origin may send."""
        return Response(status=204, headers=preflight_headers(self.allowed_methods))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        plain: HttpRequest = request._request
        for name, value in cors_headers(plain.headers.get("Origin"), conf.get("API_ORIGINS")).items():
            response.headers[name] = value
        patch_vary_headers(response, _DEPENDS_ON)
        if hasattr(self, "visitor"):
            hand_back(self.visitor, plain, response)
        return response


def _visitor_of(request: HttpRequest) -> Visitor:
    visitor = visitor_of(request)
    if visitor is None:
        raise unavailable("MicrosegMiddleware is not in MIDDLEWARE, so nobody is known. Put it first there.")
    meet(visitor, request)
    return visitor


def _check_origin(request: HttpRequest) -> None:
    headers = request.headers
    if request.method in _SAFE_METHODS or may_send(
        origin=headers.get("Origin"),
        fetch_site=headers.get("Sec-Fetch-Site"),
        own=f"{request.scheme}://{request.get_host()}",
        allowed=conf.get("API_ORIGINS"),
    ):
        return
    raise Problem(
        "other_origin", 'Send it from a page of the shop, or name the page\'s origin in MICROSEG["API_ORIGINS"].'
    )


def _check_rate(request: HttpRequest, visitor: Visitor) -> None:
    network = request_network(request)
    known = visitor.brought_cookie if visitor.may_be_remembered else None
    allowances = (
        Allowance("api-network", network, conf.get("API_NETWORK_LIMIT")),
        Allowance("api-visitor", known.visitor_key if known else "", conf.get("API_VISITOR_LIMIT")),
    )
    wait = seconds_to_wait(allowances, now=time())
    if wait is not None:
        raise Problem("too_many_requests", f"Ask again in {wait} seconds.", headers={"Retry-After": str(wait)})
