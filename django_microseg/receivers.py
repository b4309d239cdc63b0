"""Door: what a login and a logout mean for the visitor. Connected by `apps` when Django starts.

A login joins the visitor's profile with the customer's; a logout gives the browser a new visitor
id, so that the next person at this device is somebody else. Only for visitors who have consented.
Whatever fails here, the login and the logout go on.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.utils import timezone

from .decide.guard import Guard
from .decide.visitor import Visitor
from .profile.errors import DifferentCustomers, PersonErased
from .profile.merge import merge_at_login
from .profile.visitor_id import new_visitor_key
from .shop.customer import customer_key_of

__all__ = ["connect", "join_customer", "part_from_customer"]

_JOINING = Guard("join the visitor with the customer at login", breaker=None)
_PARTING = Guard("give the browser a new visitor id at logout", breaker=None)


def connect() -> None:
    """Listen to Django's logins and logouts."""
    user_logged_in.connect(_logged_in, dispatch_uid="django_microseg.logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="django_microseg.logged_out")


def _logged_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    visitor = getattr(request, "visitor", None)
    if isinstance(visitor, Visitor):
        visitor.has_logged_in = True
        _JOINING.run(
            lambda: join_customer(visitor, user, now=timezone.now()),
            None,
            about=f"user {user.pk}",
        )


def _logged_out(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    visitor = getattr(request, "visitor", None)
    if user is not None and isinstance(visitor, Visitor):
        _PARTING.run(lambda: part_from_customer(visitor), None, about=f"user {user.pk}")


def join_customer(visitor: Visitor, user: Any, *, now: dt.datetime) -> None:
    """Join the visitor with the customer; on another customer's browser, under a new visitor id."""
    customer_key = customer_key_of(user)
    if not visitor.key or not customer_key or visitor.preview is not None:
        return
    try:
        _merge(visitor, customer_key, now)
    except (DifferentCustomers, PersonErased):
        part_from_customer(visitor)
        with suppress(PersonErased):  # the customer asked to be forgotten a moment ago
            _merge(visitor, customer_key, now)


def part_from_customer(visitor: Visitor) -> None:
    """Give the browser a new id. What it was allowed before, it still is, and goes on record."""
    if visitor.key:
        visitor.rename(new_visitor_key())


def _merge(visitor: Visitor, customer_key: str, now: dt.datetime) -> None:
    # A savepoint of our own: the shop's login may run in a transaction, which must stay whole.
    with transaction.atomic():
        merge_at_login(visitor.key, customer_key, now=now)
    visitor.reload()
