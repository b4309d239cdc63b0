"""How the visitor id travels between a browser and us: in our cookie, unless a door says otherwise.

The signed value is the same whatever carries it. A request has one carrier; two are never mixed.
"""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from django_microseg import conf
from django_microseg.profile.visitor_id import VisitorCookie, clear_visitor_cookie, set_visitor_cookie

__all__ = ["Carrier", "CookieCarrier"]


class Carrier(Protocol):
    """What brings the signed value along, and takes the next one back."""

    @property
    def brought(self) -> str | None:
        """The value that came with the request; whether it is good is not known yet."""

    def give(self, response: HttpResponseBase, cookie: VisitorCookie) -> None:
        """Let the browser carry this from now on."""

    def take_away(self, response: HttpResponseBase) -> None:
        """Make the browser forget it."""


class CookieCarrier:
    """The cookie ``COOKIE_NAME``."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def brought(self) -> str | None:
        return self._request.COOKIES.get(conf.get("COOKIE_NAME"))

    def give(self, response: HttpResponseBase, cookie: VisitorCookie) -> None:
        set_visitor_cookie(response, cookie, is_secure=self._request.is_secure())

    def take_away(self, response: HttpResponseBase) -> None:
        clear_visitor_cookie(response)
