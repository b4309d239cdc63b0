"""The choice cookie on requests and responses: `consent` with Django's and the shop's settings.

Comes in: a request. Goes out: the visitor's `Consent`, and the cookie on a response. This cookie
is the only one of ours that exists without consent, for without it we would ask on every page.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from .. import conf
from .consent import PURPOSES, Consent, dump, heed, is_opted_out, parse

__all__ = [
    "consent_in",
    "consent_to",
    "is_asked_elsewhere",
    "is_refused_by_browser",
    "read_consent",
    "set_choice_cookie",
]

_DAY_SECONDS = 86_400


def read_consent(request: HttpRequest) -> Consent:
    """What this visitor has allowed, less what their browser objects to."""
    reader = conf.get("CONSENT_READER")
    if reader is None:
        return consent_in(request.COOKIES.get(conf.get("CONSENT_COOKIE_NAME")), request)
    allowed = import_string(reader)(request)
    return consent_in(None, request) if allowed is None else consent_to(set(allowed) & set(PURPOSES), request)


def consent_in(value: str | None, request: HttpRequest) -> Consent:
    """The same for a choice that came in another way than in our cookie."""
    return parse(
        value,
        request.headers,
        text_version=conf.get("CONSENT_TEXT_VERSION"),
        opt_out_refuses_all=conf.get("OPT_OUT_REFUSES_ALL"),
    )


def consent_to(purposes: Collection[str], request: HttpRequest) -> Consent:
    """What an answer that allows these purposes comes to in this browser."""
    return heed(purposes, request.headers, opt_out_refuses_all=conf.get("OPT_OUT_REFUSES_ALL"))


def is_asked_elsewhere() -> bool:
    """Whether another tool asks for consent, so that an answer given to us would be heard by nobody."""
    return conf.get("CONSENT_READER") is not None


def is_refused_by_browser(request: HttpRequest) -> bool:
    """Whether the browser's own objection stands above any answer that is posted."""
    return conf.get("OPT_OUT_REFUSES_ALL") and is_opted_out(request.headers)


def set_choice_cookie(response: HttpResponseBase, purposes: Collection[str], *, is_secure: bool) -> None:
    """Remember a choice, refusal included. Scripts may read it: the shop's banner may need to."""
    response.set_cookie(
        conf.get("CONSENT_COOKIE_NAME"),
        dump(purposes, text_version=conf.get("CONSENT_TEXT_VERSION")),
        max_age=conf.get("COOKIE_AGE_DAYS") * _DAY_SECONDS,
        secure=is_secure or settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
