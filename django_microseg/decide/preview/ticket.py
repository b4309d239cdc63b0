"""The signed cookie of a preview: for which member of staff, as which segments, for an hour.

It is signed with a salt of its own and carries its time, so nobody can make up, alter or prolong
one. Segments stand in it by number, sorted and as differences, so that hundreds fit into a cookie.
Whatever is forged, expired or of another version is no ticket: None. A ticket alone opens nothing;
`holder` asks who is logged in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase

from django_microseg import conf

__all__ = ["LIFE_SECONDS", "Ticket", "TicketTooLong", "clear_ticket", "cookie_name", "set_ticket"]

LIFE_SECONDS = 3600
_SALT = "django_microseg.preview"
_VERSION = 1
#: Browsers keep cookies of 4,096 bytes, name and attributes included.
_LONGEST = 3800


class TicketTooLong(ValueError):
    """A browser would not keep a cookie with so many segments."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} segments do not fit into a browser's cookie, so the preview was not started. Choose fewer."
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """``user_key`` is the primary key of the member of staff, as text."""

    user_key: str
    segment_ids: tuple[int, ...]

    @classmethod
    def of(cls, user_key: object, segment_ids: Iterable[int]) -> Ticket:
        return cls(str(user_key), tuple(sorted(set(segment_ids))))

    def dump(self) -> str:
        """The signed value to set. Raises `TicketTooLong`."""
        steps = [after - before for before, after in pairwise((0, *self.segment_ids))]
        value = signing.dumps([_VERSION, self.user_key, steps], salt=_SALT, compress=True)
        if len(value) > _LONGEST:
            raise TicketTooLong(len(self.segment_ids))
        return value

    @classmethod
    def parse(cls, value: str | None) -> Ticket | None:
        """The ticket behind a value of the browser, or None if we did not sign exactly this within the hour."""
        if not value or len(value) > _LONGEST:
            return None
        try:
            parts = signing.loads(value, salt=_SALT, max_age=LIFE_SECONDS)
        except (signing.BadSignature, ValueError):
            return None
        match parts:
            case [1, str(user_key), [*steps]] if all(isinstance(step, int) for step in steps):
                return cls(user_key, tuple(accumulate(steps)))
            case _:
                return None


def cookie_name() -> str:
    return f"{conf.get('COOKIE_NAME')}_preview"


def set_ticket(response: HttpResponseBase, ticket: Ticket, *, is_secure: bool) -> None:
    """Put a ticket on a response. Raises `TicketTooLong`."""
    response.set_cookie(
        cookie_name(),
        ticket.dump(),
        max_age=LIFE_SECONDS,
        secure=is_secure or settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_ticket(response: HttpResponseBase) -> None:
    """Make the browser forget it."""
    response.delete_cookie(cookie_name(), samesite="Lax")
