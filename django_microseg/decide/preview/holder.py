"""Who may preview the shop, and whether a ticket is in the hands of whom it was given to.

Comes in: the request, with the user that the shop's own middleware put there. Asking for the user
reads the session, so it is asked only where a ticket or a mark of staff has come along.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from .ticket import Ticket

__all__ = ["PERMISSION", "is_held_by", "may_preview"]

PERMISSION = "django_microseg.preview_shop"


def may_preview(user: Any) -> bool:
    """Whether a user is an active member of staff with the permission; nobody else ever."""
    is_staff = user is not None and user.is_active and getattr(user, "is_staff", False)
    return bool(is_staff) and bool(user.has_perm(PERMISSION))


def is_held_by(ticket: Ticket, request: HttpRequest) -> bool:
    """Whether the logged-in user is the one the ticket names, and still permitted."""
    user = getattr(request, "user", None)
    return user is not None and str(user.pk) == ticket.user_key and may_preview(user)
