"""The one place where the shop tells the personalisation app what happened.

Takes the request and the shop's own objects, gives nothing back.
`track` never raises, so a view may call these without care. Ordinary page views are recorded by the app's middleware,
not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from django_microseg.api import track

from .models import CURRENCY, Cart, CartLine, Category, Order, Product, Review
from .prices import Totals

__all__ = [
    "cart_viewed",
    "checkout_started",
    "coupon_applied",
    "customer_identified",
    "order_cancelled",
    "order_completed",
    "order_refunded",
    "product_added",
    "product_list_viewed",
    "product_removed",
    "product_reviewed",
    "product_viewed",
    "products_searched",
    "recommendation_clicked",
]

# A list of products in one event is cut here; nobody looks at more at once.
_MOST_IN_A_LIST = 24


def _product(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.slug,
        "sku": product.sku,
        "name": product.name,
        "category": product.category.slug,
        "brand": product.brand.name,
        "price": product.price,
        "attributes": list(product.attributes),
    }


def _cart_lines(lines: Sequence[CartLine]) -> list[dict[str, Any]]:
    return [_product(line.product) | {"quantity": line.quantity} for line in lines]


def _order(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.number,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "shipping": order.delivery,
        "total": order.total,
        "revenue": order.revenue,
        "coupon": order.coupon or None,
        "currency": order.currency,
        "products": [
            {
                "product_id": line.product_slug,
                "name": line.name,
                "category": line.category,
                "brand": line.brand,
                "price": line.price,
                "quantity": line.quantity,
            }
            for line in order.lines.all()
        ],
    }


def product_list_viewed(request: HttpRequest, category: Category, products: Sequence[Product]) -> None:
    shown = [
        _product(product) | {"position": place} for place, product in enumerate(products[:_MOST_IN_A_LIST], start=1)
    ]
    track(request, "product_list_viewed", list_id=category.slug, category=category.slug, products=shown)


def products_searched(request: HttpRequest, query: str) -> None:
    track(request, "products_searched", query=query)


def product_viewed(request: HttpRequest, product: Product) -> None:
    track(request, "product_viewed", **_product(product), currency=product.currency)


def recommendation_clicked(request: HttpRequest, product: Product) -> None:
    track(request, "recommendation_clicked", **_product(product), currency=product.currency, placement="goes-well-with")


def product_added(request: HttpRequest, cart: Cart, product: Product, quantity: int) -> None:
    track(
        request,
        "product_added",
        cart_id=str(cart.pk),
        **_product(product),
        currency=product.currency,
        quantity=quantity,
    )


def product_removed(request: HttpRequest, cart: Cart, product: Product, quantity: int) -> None:
    track(
        request,
        "product_removed",
        cart_id=str(cart.pk),
        **_product(product),
        currency=product.currency,
        quantity=quantity,
    )


def cart_viewed(request: HttpRequest, cart: Cart, lines: Sequence[CartLine]) -> None:
    track(request, "cart_viewed", cart_id=str(cart.pk), products=_cart_lines(lines))


def checkout_started(request: HttpRequest, lines: Sequence[CartLine], totals: Totals, code: str) -> None:
    track(
        request,
        "checkout_started",
        value=totals.total,
        revenue=totals.revenue,
        shipping=totals.delivery,
        discount=totals.discount,
        coupon=code or None,
        currency=lines[0].product.currency,
        products=_cart_lines(lines),
    )


def coupon_applied(request: HttpRequest, cart: Cart, code: str, label: str, totals: Totals) -> None:
    track(
        request,
        "coupon_applied",
        cart_id=str(cart.pk),
        coupon=code,
        coupon_name=label,
        discount=totals.discount,
        currency=CURRENCY,
    )


def order_completed(request: HttpRequest, order: Order) -> None:
    track(request, "order_completed", **_order(order))


def order_cancelled(request: HttpRequest, order: Order) -> None:
    track(request, "order_cancelled", **_order(order))


def order_refunded(request: HttpRequest, order: Order) -> None:
    track(request, "order_refunded", **_order(order))


def product_reviewed(request: HttpRequest, review: Review) -> None:
    track(
        request,
        "product_reviewed",
        product_id=review.product.slug,
        review_id=str(review.pk),
        rating=review.rating,
        review_body=review.text,
    )


def customer_identified(request: HttpRequest) -> None:
    """Somebody opened an account.

    What they tell about themselves stays with the shop; it is read from there, not sent as an event.
    """
    track(request, "customer_identified", method="registration")
