"""The visitor id and the signed first-party cookie that carries it.

The id is 128 random bits. The cookie is signed with its own salt, so that nobody can make up or
alter one and no other signed value of the shop passes for one; keys of `SECRET_KEY_FALLBACKS` are
honoured. Whatever is tampered with, unsigned or of another version is no cookie: None.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase

from .. import conf
from ..collect.arrival import Arrival
from ..collect.visit import Visit

__all__ = [
    "VisitorCookie",
    "clear_visitor_cookie",
    "new_visitor_key",
    "parse_visitor_cookie",
    "set_visitor_cookie",
]

_SALT = "django_microseg.visitor"
_VERSION = 1
_RANDOM_BYTES = 16
_LONGEST = 1500
_LONGEST_TEXT = 100
_KEY = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_MS = 1000
_DAY_SECONDS = 86_400
_NOWHERE = Arrival()


def new_visitor_key() -> str:
    """128 random bits as 22 characters that stand in a cookie as they are."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


@dataclass(frozen=True, slots=True)
class VisitorCookie:
    """What a browser carries. Times are seconds since 1970.

    ``sequence`` is the profile revision that this browser has caused, so that a worker sees that
    its cached snapshot is behind.
    """

    visitor_key: str
    sequence: int = 0
    visit_started_at: int = 0
    last_active_at: int = 0
    visit_key: str = ""
    visit_number: int = 0
    visit_views: int = 0
    arrival: Arrival = _NOWHERE

    @classmethod
    def parse(cls, value: str | None) -> VisitorCookie | None:
        """The cookie behind a value of the browser, or None if we did not sign exactly this."""
        return parse_visitor_cookie(value)

    def dump(self) -> str:
        """The signed value to set."""
        parts = [
            _VERSION,
            self.visitor_key,
            self.sequence,
            self.visit_started_at,
            self.last_active_at,
            self.visit_key,
            self.visit_number,
            self.visit_views,
            self.arrival.channel[:_LONGEST_TEXT],
            self.arrival.campaign[:_LONGEST_TEXT],
            self.arrival.referrer[:_LONGEST_TEXT],
        ]
        return signing.Signer(salt=_SALT).sign_object(parts)

    @property
    def visit(self) -> Visit | None:
        """The visit that the browser was last on; None for a new visitor."""
        if not self.visit_number:
            return None
        return Visit(
            self.visit_key,
            self.visit_started_at * _MS,
            self.last_active_at * _MS,
            number=self.visit_number,
            views=self.visit_views,
            arrival=self.arrival,
        )

    def with_visit(self, visit: Visit) -> VisitorCookie:
        """The same visitor on a visit."""
        return replace(
            self,
            visit_started_at=visit.started_at // _MS,
            last_active_at=visit.last_at // _MS,
            visit_key=visit.key,
            visit_number=visit.number,
            visit_views=visit.views,
            arrival=visit.arrival,
        )


def parse_visitor_cookie(value: str | None) -> VisitorCookie | None:
    """The cookie behind a value of the browser, or None if we did not sign exactly this."""
    if not value or len(value) > _LONGEST:
        return None
    try:
        parts = signing.Signer(salt=_SALT).unsign_object(value)
    except (signing.BadSignature, ValueError):
        return None
    return _from_parts(parts)


def _from_parts(parts: object) -> VisitorCookie | None:
    match parts:
        case [1, str(key), int(seq), int(start), int(last), str(visit), int(number), int(views),
              str(channel), str(campaign), str(referrer)] if _KEY.fullmatch(key):  # fmt: skip
            arrival = Arrival(channel, campaign, referrer)
            return VisitorCookie(key, seq, start, last, visit, number, views, arrival)
        case _:
            return None


def set_visitor_cookie(response: HttpResponseBase, cookie: VisitorCookie, *, is_secure: bool) -> None:
    """Put the cookie on a response. Scripts cannot read it, and other sites' forms do not send it."""
    response.set_cookie(
        conf.get("COOKIE_NAME"),
        cookie.dump(),
        max_age=conf.get("COOKIE_AGE_DAYS") * _DAY_SECONDS,
        secure=is_secure or settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_visitor_cookie(response: HttpResponseBase) -> None:
    """Make the browser forget it."""
    response.delete_cookie(conf.get("COOKIE_NAME"), samesite="Lax")
