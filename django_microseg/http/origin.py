"""Which pages may send requests that change something, and read answers from another origin.

Pure: header values in, a yes or no or headers out. A browser always says where a request comes
from when it changes something, in ``Sec-Fetch-Site`` or in ``Origin``, and no page can make it say
otherwise; a request that says neither comes from no page, so nobody rides on a visitor's cookie.
"""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["cors_headers", "may_send", "preflight_headers"]

ALLOWED_HEADERS = "Content-Type, If-None-Match, X-Microseg-Visitor, X-Microseg-Consent"
EXPOSED_HEADERS = "ETag, Retry-After, X-Microseg-Visitor, X-Microseg-Consent"
PREFLIGHT_SECONDS = 600


def may_send(*, origin: str | None, fetch_site: str | None, own: str, allowed: Collection[str]) -> bool:
    """Whether a page of this origin may change something. ``own`` is the origin that was asked."""
    if fetch_site in ("same-origin", "none"):
        return True
    if origin is None:
        return fetch_site is None
    return origin in allowed or (fetch_site is None and origin == own)


def cors_headers(origin: str | None, allowed: Collection[str]) -> dict[str, str]:
    """What lets the scripts of a page read the answer; nothing for an origin that is not allowed."""
    if origin is None or origin not in allowed:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": EXPOSED_HEADERS,
    }


def preflight_headers(methods: Collection[str]) -> dict[str, str]:
    """What a browser is told that asks before it sends."""
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": ALLOWED_HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
