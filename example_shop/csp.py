"""A strict Content-Security-Policy on every page of the example shop.

Nothing inline, nothing from elsewhere: what the shop, Django's admin and the personalisation app show must come from
files of this site. From Django 6.0 on, `django.middleware.csp` does the same; 5.2 has nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

__all__ = ["HEADER", "POLICY", "ContentSecurityPolicyMiddleware"]

HEADER = "Content-Security-Policy"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Django's admin draws some of its signs from data addresses
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",  # a page that is shown within another one, as previews are, says where its links lead from
    )
)


class ContentSecurityPolicyMiddleware:
    """Sets the policy where a view has not set one of its own. Who may frame a page is X-Frame-Options' business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, POLICY)
        return response
