"""Whether somebody has ordered before: what the shop knows, else what was stored of their orders.

Only orders that stand count; one that was cancelled or paid back in full is as if it had never been.
"""

from __future__ import annotations

from django.db import connections, router

from django_microseg.collect.models import Event
from django_microseg.collect.patience import read_row
from django_microseg.collect.voids import ORDER
from django_microseg.profile.models import Identity
from django_microseg.shop.current import current_shop

__all__ = ["has_ordered", "seems_to_have_ordered"]

_STANDING = (
    f'SELECT 1 FROM "{Event._meta.db_table}" '  # noqa: S608 - our own table
    "WHERE profile_id = %s AND name = %s AND voided_at IS NULL LIMIT 1"
)


def has_ordered(*, customer_key: str = "", email: str = "", profile_id: int | None = None, but: str = "") -> bool:
    """Whether an order of theirs stands, other than ``but``, the one that is just being placed."""
    if customer_key or email:
        known = _known_to_shop(customer_key, email, but)
        if known is not None:
            return known
    return _has_stored_order(customer_key, profile_id, but)


def seems_to_have_ordered(*, customer_key: str, profile_id: int | None) -> bool:
    """The same for a page, as far as one query tells."""
    known = current_shop().has_ordered(customer_key=customer_key) if customer_key else None
    if known is not None or profile_id is None:
        return bool(known)
    connection = connections[router.db_for_read(Event)]
    return read_row(connection, _STANDING, [profile_id, ORDER]) is not None


def _known_to_shop(customer_key: str, email: str, but: str) -> bool | None:
    shop = current_shop()
    known = shop.has_ordered(customer_key=customer_key, email=email)
    if known and but:
        orders = shop.orders(customer_key=customer_key, email=email)
        return any(order.counts and order.key != but for order in orders)
    return known


def _has_stored_order(customer_key: str, profile_id: int | None, but: str) -> bool:
    profiles = set() if profile_id is None else {profile_id}
    if customer_key:
        named = Identity.objects.filter(kind=Identity.Kind.CUSTOMER, value=customer_key)
        profiles |= set(named.values_list("profile_id", flat=True))
    if not profiles:
        return False
    standing = Event.objects.filter(profile__in=profiles, name=ORDER, voided_at=None)
    return standing.exclude(order_key=but).exists() if but else standing.exists()
