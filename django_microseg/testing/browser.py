"""A browser without pages, for tests of what looks at requests: it keeps cookies and makes requests.

A request is what a view of the shop would get: the shop's own session and user, as its middleware
puts them there, lazily. Nothing is sent anywhere.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

__all__ = ["Browser"]


class Browser:
    """One visitor's. A new one has no cookie."""

    def __init__(self) -> None:
        self._client = Client()

    def request(self, path: str = "/") -> HttpRequest:
        """A new request with the cookies of this browser."""
        request = RequestFactory().get(path)
        request.COOKIES = {name: morsel.value for name, morsel in self._client.cookies.items()}
        SessionMiddleware(_no_page).process_request(request)
        AuthenticationMiddleware(_no_page).process_request(request)
        return request

    def keep(self, request: HttpRequest) -> None:
        """Keep what a view has put into the session, as the response would."""
        if not request.session.is_empty():
            request.session.save()
            self._client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)

    def log_in(self, user: Any) -> None:
        """As if the user had given the password."""
        self._client.force_login(user)


def _no_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
