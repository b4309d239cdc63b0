"""The choice cookie on requests and responses: `consent` with Django's and the shop's settings.

Comes in: a request. Goes out: the visitor's `Consent`, and the cookie on a response. This cookie
is the only one of ours that exists without consent, for without it we would ask on every page.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from .. import conf
from .consent import Consent, dump, parse

__all__ = ["read_consent", "set_choice_cookie"]

_DAY_SECONDS = 86_400


def read_consent(request: HttpRequest) -> Consent:
    """What the visitor of a request allows, by the choice cookie and the browser's own objections."""
    return parse(
        request.COOKIES.get(conf.get("CONSENT_COOKIE_NAME")),
        request.headers,
        text_version=conf.get("CONSENT_TEXT_VERSION"),
    )


def set_choice_cookie(response: HttpResponseBase, purposes: Collection[str], *, is_secure: bool) -> None:
    """Remember a choice, refusal included. Scripts may read it: the shop's banner may need to."""
    response.set_cookie(
        conf.get("CONSENT_COOKIE_NAME"),
        dump(purposes, text_version=conf.get("CONSENT_TEXT_VERSION")),
        max_age=conf.get("COOKIE_AGE_DAYS") * _DAY_SECONDS,
        secure=is_secure or settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
