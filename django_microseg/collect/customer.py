"""Which customer a request belongs to, as far as the shop has already found out.

In comes a request, out goes the customer's key. Asking costs no query and never touches the
session: a user that nobody has loaded in this request stays unknown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from django_microseg.shop.customer import customer_key_of

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["loaded_customer_key", "loaded_user"]


def loaded_user(request: HttpRequest) -> Any:
    """The user of a request, anonymous perhaps, if the shop has loaded them in this request; None otherwise."""
    found = request.__dict__
    user = found.get("user")
    if user is None or isinstance(user, SimpleLazyObject):
        user = found.get("_cached_user") or found.get("_acached_user")
    return user


def loaded_customer_key(request: HttpRequest) -> str:
    """The key of the logged-in customer, if the shop has loaded the user in this request."""
    return customer_key_of(loaded_user(request))
