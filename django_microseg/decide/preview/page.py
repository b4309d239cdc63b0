"""A page of the shop as a preview shows it, made within this process and given to nobody else.

In come the request of a member of staff, the address of a page and a preview; out goes the page's
HTML. The page is asked for through Django's own handler, with GET, by that user, but without any of
their cookies and with a session that is thrown away: nothing is recorded, no cart is touched and no
cookie comes back. What keeps a page from being shown is a `PageNotShown` with a sentence.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any, cast
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_urlconf, resolve, set_urlconf
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..visitor import Visitor
from .values import Preview

__all__ = ["PageNotShown", "PreviewedPage", "isolate", "make_page"]

_NOT_THE_SHOP = frozenset({"admin", "django_microseg"})
_KEPT = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE")
_MOST_BYTES = 5_000_000
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


class PageNotShown(Exception):
    """The page cannot be previewed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class PreviewedPage:
    """``html`` is whole and may go into a sandboxed frame; ``visitor`` knows what was decided."""

    html: str
    visitor: Visitor


def isolate(request: HttpRequest) -> None:
    """Give a request of ours a session that nobody keeps, before its view can write into one."""
    if isinstance(getattr(request, "microseg_preview", None), Preview) and hasattr(request, "session"):
        request.session = SessionStore()


def make_page(request: HttpRequest, address: str, preview: Preview) -> PreviewedPage:
    """The page behind an address, as the preview shows it. Raises `PageNotShown`."""
    path, query = _parts(address)
    inner = _request_for(request, path, query, preview)
    urlconf = get_urlconf()
    try:
        with translation.override(translation.get_language()), timezone.override(timezone.get_current_timezone()):
            response = _handler(tuple(settings.MIDDLEWARE)).get_response(inner)
            html = _html_of(response, path)
    finally:
        set_urlconf(urlconf)
    visitor = getattr(inner, "visitor", None)
    if not isinstance(visitor, Visitor):
        raise PageNotShown(_("MicrosegMiddleware is not in MIDDLEWARE, so no page can be previewed. Put it first."))
    return PreviewedPage(_with_base(html, request.build_absolute_uri(path)), visitor)


def _parts(address: str) -> tuple[str, str]:
    """Path and query part of a page of the shop. Whether there is such a page, its response will say."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        raise PageNotShown(_("“%s” is no address of this shop. Begin it with one slash, such as “/”.") % address)
    with suppress(Resolver404):
        if not _NOT_THE_SHOP.isdisjoint(resolve(unquote(parts.path)).app_names):
            raise PageNotShown(_("“%s” is not a page of the shop. Choose one that visitors see.") % parts.path)
    return parts.path, parts.query


def _request_for(request: HttpRequest, path: str, query: str, preview: Preview) -> HttpRequest:
    environ = {name: request.META[name] for name in _KEPT if name in request.META}
    environ |= {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": request.META.get("SCRIPT_NAME", ""),
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": request.get_host(),
        "HTTP_ACCEPT": "text/html",
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(),
    }
    inner: Any = WSGIRequest(environ)
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    inner.COOKIES = {} if language is None else {settings.LANGUAGE_COOKIE_NAME: language}
    inner.microseg_preview = preview
    inner._cached_user = inner._acached_user = request.user  # where Django's own middleware looks first
    return cast("HttpRequest", inner)


@lru_cache(maxsize=1)
def _handler(middleware: tuple[str, ...]) -> BaseHandler:
    """Made once for the middleware of this process; some take their time to start."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _html_of(response: HttpResponseBase, path: str) -> str:
    """What the response holds. It is not closed as a sent one is, for the staff's own request goes on."""
    try:
        _refuse(response, path)
        content: bytes = _stream(response) if response.streaming else cast("Any", response).content
    finally:
        for close in response._resource_closers:  # type: ignore[attr-defined]
            close()
    return content.decode(response.charset, errors="replace")


def _refuse(response: HttpResponseBase, path: str) -> None:
    """Say what came instead of a page."""
    status, kind = response.status_code, response.headers.get("Content-Type", "")
    if 300 <= status < 400:
        target = response.headers.get("Location", "")
        raise PageNotShown(
            _("“%(path)s” leads on to “%(target)s”. Preview that one.") % {"path": path, "target": target}
        )
    if status == 404:
        raise PageNotShown(_("The shop has no page “%s”. Check the address.") % path)
    if status >= 500:
        raise PageNotShown(_("The page “%s” failed with an error. The log says what.") % path)
    if status != 200:
        raise PageNotShown(_("The page “%(path)s” answers with %(status)s.") % {"path": path, "status": status})
    if not kind.startswith("text/html"):
        raise PageNotShown(_("“%s” is a file or data, not a page.") % path)


def _stream(response: Any) -> bytes:
    if response.is_async:
        raise PageNotShown(_("This page is streamed asynchronously, which a preview cannot wait for. Choose another."))
    parts, size = [], 0
    for part in response:
        parts.append(part)
        size += len(part)
        if size > _MOST_BYTES:
            raise PageNotShown(_("This page is too long to be previewed. Choose another."))
    return b"".join(parts)


def _with_base(html: str, address: str) -> str:
    """Relative addresses of the page are meant from where it lies, not from the frame that shows it."""
    base = f'<base href="{escape(address)}">'
    found = _HEAD.search(html)
    return html if found is None else html[: found.end()] + base + html[found.end() :]
