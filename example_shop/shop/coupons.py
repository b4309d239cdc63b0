"""The coupons that the shop prints.

A coupon is a code, a percentage and who may use it; anything else is refused with a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from .models import Order

__all__ = ["COUPONS", "Coupon", "coupon_for", "has_ordered_before", "refusal_of"]


@dataclass(frozen=True, slots=True)
class Coupon:
    code: str
    discount_percent: int
    name: str
    is_for_first_order: bool = False


COUPONS: dict[str, Coupon] = {
    coupon.code: coupon
    for coupon in (
        Coupon("WELCOME10", 10, "10 % off a first order", is_for_first_order=True),
        Coupon("THANKS5", 5, "5 % off the next order"),
    )
}


def coupon_for(code: str) -> Coupon | None:
    return COUPONS.get(code.strip().upper())


def has_ordered_before(user: User | AnonymousUser, email: str) -> bool:
    """Whether an order of this account or this e-mail address still stands."""
    who = Q(pk__in=())
    if user.is_authenticated:
        who |= Q(user_id=user.pk)
    if email:
        who |= Q(email__iexact=email.strip())
    return Order.objects.filter(who, status=Order.Status.PLACED).exists()


def refusal_of(coupon: Coupon, user: User | AnonymousUser, email: str) -> str:
    """Why this person may not use the coupon; empty if they may."""
    if coupon.is_for_first_order and has_ordered_before(user, email):
        return f"{coupon.code} is for a first order, and you have ordered before. Thank you for coming back."
    return ""
