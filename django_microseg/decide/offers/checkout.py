"""Discounts at the checkout: quoted, claimed by an order, and given back. The door's own services.

A claim is made inside the shop's transaction that writes the order, so both stand or fall together.
That a person uses an offer once is decided by a unique constraint there and then: of two orders at
the same moment the second waits for the first and then goes without. Whatever fails here, the order
survives and is simply not reduced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connections, router
from django.http import HttpRequest
from django.utils import timezone

from django_microseg.collect.patience import short_waits
from django_microseg.shop.current import current_shop
from django_microseg.shop.values import Money

from ..guard import Guard
from ..undisturbed import read_soon
from .discounts import Discount, Discounts
from .keys import FIRST_ORDER, keys_for
from .models import Offer, Redemption, RedemptionKey
from .quote import Asked, Quote, asked_of, nothing, quote, told
from .refusal import Refusal

__all__ = ["LOCK_MS", "claim", "discounts_of", "give_back", "release"]

#: How long an order waits for another one of the same person before it goes without a discount.
LOCK_MS = 2000
#: Of two offers that stack one may be lost to another order; then the other is tried alone.
_ATTEMPTS = 2
_MAX_KEY = 100

QUOTING = Guard("reckon a discount", breaker=None)
CLAIMING = Guard("claim a discount for an order", breaker=None)
RELEASING = Guard("give back what an order had redeemed", breaker=None)


class BadOrderKey(ValueError):
    """By this key no order could be found again."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"An order's key has 1 to {_MAX_KEY} characters, and this one has {len(key)}. Give the key by which "
            "your events and your ShopAdapter name the order, or the order itself."
        )


def discounts_of(
    request: HttpRequest, *, email: str = "", code: str = "", subtotal: Money | Decimal | None = None
) -> Discounts:
    """What the cart would get off."""

    def reckon() -> Discounts | None:
        asked = asked_of(request, email=email, code=code, subtotal=subtotal)
        return told(quote(asked), asked)

    found = QUOTING.run(lambda: read_soon(reckon, milliseconds=LOCK_MS), None)
    return nothing(code) if found is None else found


def claim(
    request: HttpRequest, *, order: Any, email: str = "", code: str = "", subtotal: Money | Decimal | None = None
) -> Discounts:
    """What the order gets off; from here on it is used. Asked again for the same order, the same answer."""

    def attempt() -> Discounts | None:
        order_key = _key_of(order)
        for _ in range(_ATTEMPTS):
            # Another order of the same person was first; what it left is looked at once more.
            with suppress(IntegrityError), short_waits(LOCK_MS):
                return _claimed_by(order_key) or _claim(
                    asked_of(request, email=email, code=code, subtotal=subtotal, but=order_key)
                )
        return nothing(code, Refusal.USED)

    claimed = CLAIMING.run(attempt, None)
    return nothing(code) if claimed is None else claimed


def release(order: Any) -> int:
    """Give back what an order had redeemed; returns how many offers. Again for the same order: none."""
    return RELEASING.run(lambda: give_back([_key_of(order)], now=timezone.now()), 0)


def give_back(order_keys: Collection[str], *, now: dt.datetime) -> int:
    """Mark what these orders had redeemed as returned, so that it may be redeemed again."""
    with short_waits(LOCK_MS):
        standing = Redemption.objects.filter(order_key__in=order_keys, returned_at=None)
        RedemptionKey.objects.filter(redemption__in=standing).delete()
        return standing.update(returned_at=now)


def _key_of(order: Any) -> str:
    key = current_shop().key_of(order)
    if not 0 < len(key) <= _MAX_KEY:
        raise BadOrderKey(key)
    return key


def _claimed_by(order_key: str) -> Discounts | None:
    """What the order has redeemed already, if anything."""
    rows = list(Redemption.objects.filter(order_key=order_key, returned_at=None).select_related("offer").order_by("pk"))
    if not rows:
        return None
    lines = tuple(
        Discount(row.offer.slug, row.offer.headline, Money(row.amount, row.currency), row.offer.code) for row in rows
    )
    return Discounts(rows[0].currency, lines)


def _claim(asked: Asked) -> Discounts:
    found = quote(asked)
    if found.shares and not asked.person.is_known:
        return nothing(asked.code, Refusal.NEEDS_EMAIL)
    if not _hold(offer.id for offer, _ in found.shares):
        return nothing(asked.code, Refusal.OVER)
    _write(found, asked, now=timezone.now())
    return told(found, asked)


def _hold(offer_ids: Iterable[int]) -> bool:
    """Keep these offers from being deleted before the order is committed: its foreign keys are judged
    only then, and would take the order with them. False if one of them is not live any more."""
    wanted = sorted(offer_ids)
    live = Offer.objects.filter(pk__in=wanted, state=Offer.State.LIVE)
    held = set(live.values_list("pk", flat=True)) if wanted else set()
    connection = connections[router.db_for_write(Offer)]
    if held and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT id FROM "{Offer._meta.db_table}" WHERE id = ANY(%s) FOR KEY SHARE', [wanted])  # noqa: S608
            held &= {pk for (pk,) in cursor.fetchall()}
    return held == set(wanted)


def _write(found: Quote, asked: Asked, *, now: dt.datetime) -> None:
    """In the order of digests, so that two orders that want the same keys do not wait in a circle."""
    keys: list[RedemptionKey] = []
    for offer, share in found.shares:
        redemption = Redemption.objects.create(
            offer_id=offer.id,
            order_key=asked.but,
            profile_id=asked.profile_id,
            amount_minor=share.amount_minor,
            currency=asked.goods.currency,
            redeemed_at=now,
        )
        scopes = [offer.slug, FIRST_ORDER] if offer.is_first_order else [offer.slug]
        keys += keys_for(redemption, asked.person, scopes)
    RedemptionKey.objects.bulk_create(sorted(keys, key=lambda key: (key.digest, key.scope)))
