"""The bazaar, by an adapter written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from django_microseg.shop.adapter import ShopAdapter
from django_microseg.shop.customer import session_of, user_of
from django_microseg.shop.values import CartInfo, CategoryInfo, LineInfo, Money, OrderInfo, ProductInfo

from .models import Good, Item, Purchase, Shelf

__all__ = ["BazaarShop"]

_LINES = "item_set__variant__good__variants"


class BazaarShop(ShopAdapter):
    def products(self, keys: Collection[str]) -> Mapping[str, ProductInfo]:
        goods = Good.objects.filter(pk__in=_uuids(keys), is_hidden=False)
        found = goods.select_related("maker").prefetch_related("shelves", "variants")
        return {str(good.pk): _product(good) for good in found}

    def orders(
        self,
        *,
        keys: Collection[str] | None = None,
        customer_key: str = "",
        email: str = "",
        since: dt.datetime | None = None,
    ) -> Iterator[OrderInfo]:
        placed = Purchase.objects.filter(placed__isnull=False)
        if keys is not None:
            placed = placed.filter(pk__in=[int(key) for key in keys if _is_number(key)])
        if since is not None:
            placed = placed.filter(placed__gte=since)
        if customer_key or email:
            placed = placed.filter(_of(customer_key, email))
        for purchase in placed.select_related("client").prefetch_related(_LINES).order_by("placed", "pk"):
            yield _order(purchase)

    def key_of(self, thing: Any) -> str:
        return thing if isinstance(thing, str) else str(thing.pk)

    def categories(self) -> tuple[CategoryInfo, ...]:
        shelves = Shelf.objects.order_by("pk")
        return tuple(CategoryInfo(str(each.pk), each.label, "", str(each.above_id or "")) for each in shelves)

    def cart(self, request: HttpRequest) -> CartInfo | None:
        user, session = user_of(request), session_of(request)
        if user is not None:
            baskets = Purchase.objects.filter(client__user=user)
        elif session is not None and session.session_key:
            baskets = Purchase.objects.filter(client=None, session=session.session_key)
        else:
            return None
        open_ones = baskets.filter(placed=None).select_related("client").prefetch_related(_LINES)
        basket = open_ones.order_by("-touched").first()
        lines = () if basket is None else tuple(_line(item) for item in basket.item_set.all() if item.variant)
        if basket is None or not lines:
            return None
        number = basket.client.number if basket.client else ""
        return CartInfo(str(basket.pk), lines, _money(basket.cents()), number, basket.touched)


def _product(good: Good) -> ProductInfo:
    return ProductInfo(
        key=str(good.pk),
        title=good.label,
        category_keys=tuple(str(shelf.pk) for shelf in good.shelves.all()),
        brand=good.maker.label if good.maker else "",
        price=None if good.cents is None else _money(good.cents),
        is_available=good.left > 0,
        stock=good.left,
        image_url=good.photo.url if good.photo else "",
    )


def _line(item: Item) -> LineInfo:
    good = item.variant.good if item.variant else None
    return LineInfo(
        product_key=str(good.pk) if good else "",
        quantity=int(item.count),
        unit_price=_money(item.cents),
        title=good.label if good else "",
        is_available=good.left > 0 if good else False,
    )


def _order(purchase: Purchase) -> OrderInfo:
    return OrderInfo(
        key=str(purchase.pk),
        placed_at=purchase.placed,
        counts=not purchase.is_void,
        customer_key=purchase.client.number if purchase.client else "",
        email=purchase.mail,
        lines=tuple(_line(item) for item in purchase.item_set.all()),
        total=_money(purchase.cents()),
    )


def _of(number: str, email: str) -> Q:
    wanted = Q(client__number=number) if number else Q(pk__in=())
    return wanted | Q(mail__iexact=email) if email and "\x00" not in email else wanted


def _money(cents: int) -> Money:
    return Money(Decimal(cents) / 100, "EUR")


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 18


def _uuids(keys: Collection[str]) -> list[UUID]:
    return [UUID(key) for key in keys if key.count("-") == 4]
