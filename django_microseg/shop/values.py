"""What crosses the seam to the host shop: frozen values of products, categories, carts and orders.

Keys are texts, so that slugs, UUIDs and ids of remote systems all fit. Money is a Decimal with its
ISO 4217 code. No model of the host leaves the adapter; what the host does not say is None or empty.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["CartInfo", "CategoryInfo", "LineInfo", "LoyaltyInfo", "Money", "OrderInfo", "ProductInfo"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of its currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ProductInfo:
    """A product; variants are folded into their parent. ``stock`` None: the shop does not count it."""

    key: str
    title: str
    url: str = ""
    category_keys: tuple[str, ...] = ()
    brand: str = ""
    price: Money | None = None
    is_available: bool = True
    stock: int | None = None
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class LoyaltyInfo:
    """Where a customer stands in the shop's loyalty programme. ``tier`` empty, ``points`` None: unknown."""

    tier: str = ""
    points: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    key: str
    title: str
    url: str = ""
    parent_key: str = ""


@dataclass(frozen=True, slots=True)
class LineInfo:
    """A line of a cart or an order. Title, address and picture are those of the product."""

    product_key: str
    quantity: int
    unit_price: Money | None = None
    title: str = ""
    url: str = ""
    image_url: str = ""
    is_available: bool = True


@dataclass(frozen=True, slots=True)
class CartInfo:
    """A cart that is not empty. ``subtotal`` is before discounts and delivery."""

    key: str
    lines: tuple[LineInfo, ...]
    subtotal: Money | None = None
    customer_key: str = ""
    updated_at: dt.datetime | None = None

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderInfo:
    """An order. ``counts`` is False for one that was cancelled or refunded in full."""

    key: str
    placed_at: dt.datetime
    counts: bool = True
    customer_key: str = ""
    email: str = ""
    lines: tuple[LineInfo, ...] = ()
    total: Money | None = None
    coupon: str = ""
