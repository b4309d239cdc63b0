"""Whether a response is a page that somebody looked at, and so a `page_viewed` event.

In come a request and its response, out goes a yes or no. Parts of pages, redirects, errors, files,
the admin, machines and prefetches are no page views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from django_microseg import conf

from .bots import is_bot, is_document, is_prefetch

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["is_machine", "is_page_view", "is_shop_page", "may_be_page_view"]

#: Parts of a site that are no shop: their applications' names in the URL configuration.
_NOT_THE_SHOP = frozenset({"admin", "django_microseg"})


def is_machine(request: HttpRequest) -> bool:
    """Whether a request comes from a machine that says so."""
    return is_bot(request.headers.get("User-Agent", ""))


def may_be_page_view(request: HttpRequest) -> bool:
    """What can be told from the request alone."""
    return (
        request.method == "GET"
        and is_document(request.headers)
        and not is_prefetch(request.headers)
        and not is_machine(request)
        and not request.path.startswith(_ignored_paths())
    )


def is_page_view(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether somebody has been shown a page of the shop."""
    return is_shop_page(request, response) and may_be_page_view(request)


def is_shop_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a page of the shop is shown, to whomever."""
    return request.method == "GET" and response.status_code == 200 and _is_html(response) and _is_shop(request)


def _is_html(response: HttpResponseBase) -> bool:
    return bool(response.headers.get("Content-Type", "").startswith("text/html"))


def _is_shop(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or _NOT_THE_SHOP.isdisjoint(match.app_names)


def _ignored_paths() -> tuple[str, ...]:
    roots = (settings.STATIC_URL, settings.MEDIA_URL)
    return (*(root for root in roots if root and root != "/"), *conf.get("IGNORED_PATHS"))
