"""The page of a headless storefront, as the body of a request describes it.

In comes ``{"url": …, "path": …, "referrer": …}``, already checked for shape; out goes the `Page`
that slots are decided for. What is left out is unknown; of an address all that cannot be read is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest

from django_microseg.collect.address import split_address
from django_microseg.collect.bots import is_prefetch
from django_microseg.collect.page import UNKNOWN_PAGE, Page

__all__ = ["page_from"]


def page_from(given: Mapping[str, Any] | None, request: HttpRequest) -> Page:
    """The page, if one is described. Its own host is that of its address, or else of who asks."""
    if not given:
        return UNKNOWN_PAGE
    path, url = split_address(given.get("path", "")), split_address(given.get("url", ""))
    asking = split_address(request.headers.get("Origin", "")).netloc
    return Page(
        path=path.path or url.path,
        query=dict(parse_qsl(url.query or path.query, keep_blank_values=True)),
        referrer=given.get("referrer", ""),
        host=url.netloc or asking or request.headers.get("Host", ""),
        is_view=not is_prefetch(request.headers),
    )
