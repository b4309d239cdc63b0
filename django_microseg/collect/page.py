"""The page that somebody looks at: its address, and the page before it.

In comes a request for a page, out goes a `Page` of plain values. A headless storefront makes its
pages elsewhere and says itself what they are; then the request to us is not the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .arrival import Arrival, read_arrival
from .page_view import may_be_page_view

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["UNKNOWN_PAGE", "Page", "page_of"]


@dataclass(frozen=True, slots=True)
class Page:
    """``host`` is the shop's own. ``is_view``: whether somebody is being shown this page now."""

    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    referrer: str = ""
    host: str = ""
    is_view: bool = False
    is_known: bool = True

    @property
    def arrival(self) -> Arrival:
        """How somebody came to this page; an unknown one says nothing, not even "directly"."""
        return read_arrival(self.query, self.referrer, self.host) if self.is_known else Arrival()


UNKNOWN_PAGE = Page(is_known=False)


def page_of(request: HttpRequest) -> Page:
    """The page that a request asks for."""
    headers = request.headers
    return Page(
        path=request.path,
        query=request.GET,
        referrer=headers.get("Referer", ""),
        host=headers.get("Host", ""),
        is_view=may_be_page_view(request),
    )
