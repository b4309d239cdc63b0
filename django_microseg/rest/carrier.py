"""The visitor id in a header, for storefronts on another host, whose cookies do not reach us.

A request that has the header ``X-Microseg-Visitor`` is met by its headers alone: the signed value
that the last answer gave (``new`` before there is one), and the choice in ``X-Microseg-Consent``.
Its cookies are not looked at and none is set. Whatever was not signed by us counts as ``new``.
"""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from django_microseg import conf
from django_microseg.decide.visitor import Visitor
from django_microseg.privacy.choice import consent_in, set_choice_cookie
from django_microseg.privacy.consent import Consent, dump
from django_microseg.profile.visitor_id import VisitorCookie

__all__ = [
    "CONSENT_HEADER",
    "VISITOR_HEADER",
    "HeaderCarrier",
    "hand_back",
    "is_by_header",
    "meet",
    "remember_choice",
]

VISITOR_HEADER, CONSENT_HEADER = "X-Microseg-Visitor", "X-Microseg-Consent"
NEW = "new"


class HeaderCarrier:
    """The header ``X-Microseg-Visitor``, there and back."""

    def __init__(self, request: HttpRequest) -> None:
        self._value = request.headers.get(VISITOR_HEADER, "")

    @property
    def brought(self) -> str | None:
        return None if self._value in ("", NEW) else self._value

    def give(self, response: HttpResponseBase, cookie: VisitorCookie) -> None:
        response.headers[VISITOR_HEADER] = cookie.dump()

    def take_away(self, response: HttpResponseBase) -> None:
        response.headers[VISITOR_HEADER] = NEW


def is_by_header(request: HttpRequest) -> bool:
    """Whether this request says by a header who it is from."""
    return VISITOR_HEADER in request.headers


def meet(visitor: Visitor, request: HttpRequest) -> None:
    """Meet the visitor by what the request brings: its header if it has one, its cookies if not."""
    if is_by_header(request):
        visitor.meet_by(HeaderCarrier(request), _consent_in_header)


def hand_back(visitor: Visitor, request: HttpRequest, response: HttpResponseBase) -> None:
    """Say what to send next time, unless something newer is said when the response parts."""
    if is_by_header(request):
        known = visitor.brought_cookie if visitor.may_be_remembered else None
        response.headers[VISITOR_HEADER] = NEW if known is None else known.dump()


def remember_choice(request: HttpRequest, response: HttpResponseBase, purposes: Collection[str]) -> None:
    """Let the browser carry the answer to the consent question, refusal included."""
    if is_by_header(request):
        response.headers[CONSENT_HEADER] = dump(purposes, text_version=conf.get("CONSENT_TEXT_VERSION"))
    else:
        set_choice_cookie(response, purposes, is_secure=request.is_secure())


def _consent_in_header(request: HttpRequest) -> Consent:
    return consent_in(request.headers.get(CONSENT_HEADER), request)
