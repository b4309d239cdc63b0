"""Events of cart, wish list, checkout and coupons. Pure data."""

from __future__ import annotations

from functools import partial

from ..event_properties import CART, CHECKOUT, COUPON, ORDER_IF_KNOWN, PRODUCT, SHARE, WISHLIST
from ..event_type import EventType, Property

__all__ = ["CART_EVENTS"]

_VALUE = ("value", "products")
_CHECKOUT_VALUE = ("revenue", "value", "total", "products")
_WISH = (*WISHLIST, *PRODUCT)
_cart = partial(EventType, topic="cart", is_public=True)
_of_product = partial(_cart, value_from=("value", "price"))


CART_EVENTS = (
    _of_product(
        "product_added",
        "A product was put into the cart.",
        (*CART, *PRODUCT),
        lines="product_added",
        is_immediate=True,
        aliases=("add_to_cart", "added_product"),
    ),
    _of_product(
        "product_removed",
        "A product was taken out of the cart.",
        (*CART, *PRODUCT),
        lines="product_removed",
        is_immediate=True,
        aliases=("remove_from_cart", "removed_product"),
    ),
    _of_product(
        "cart_updated", "The quantity of a product in the cart was changed.", (*CART, *PRODUCT), is_immediate=True
    ),
    _cart("cart_viewed", "The cart was looked at.", (*CART, *CHECKOUT), value_from=_VALUE, aliases=("view_cart",)),
    _cart("cart_shared", "The cart was shared.", (*CART, *SHARE, CHECKOUT[-1])),
    _of_product(
        "wishlist_product_added",
        "A product was put on a wish list.",
        _WISH,
        lines="wishlist_product_added",
        aliases=("product_added_to_wishlist", "add_to_wishlist"),
    ),
    _of_product(
        "wishlist_product_removed",
        "A product was taken off a wish list.",
        _WISH,
        aliases=("product_removed_from_wishlist",),
    ),
    _of_product(
        "wishlist_product_added_to_cart",
        "A product went from a wish list into the cart.",
        (*CART, *_WISH),
        is_immediate=True,
    ),
    _cart(
        "checkout_started",
        "A checkout began.",
        (*CART, *ORDER_IF_KNOWN),
        value_from=_CHECKOUT_VALUE,
        is_immediate=True,
        aliases=("begin_checkout",),
    ),
    _cart("checkout_step_viewed", "A step of the checkout was seen.", CHECKOUT, value_from=_VALUE),
    _cart(
        "checkout_step_completed",
        "A step of the checkout was done.",
        CHECKOUT,
        value_from=_VALUE,
        aliases=("checkout_progress", "add_shipping_info"),
    ),
    _cart(
        "payment_info_entered",
        "The way of payment was given.",
        (*CHECKOUT, ORDER_IF_KNOWN[0]),
        value_from=_VALUE,
        aliases=("add_payment_info",),
    ),
    _cart("coupon_entered", "A coupon's code was typed in.", COUPON, value_from=("discount",)),
    _cart("coupon_applied", "A coupon was accepted.", COUPON, value_from=("discount",), is_immediate=True),
    _cart(
        "coupon_denied",
        "A coupon was refused.",
        (*COUPON, Property("reason", "text", "why", label="reason")),
        value_from=("discount",),
    ),
    _cart("coupon_removed", "A coupon was taken back.", COUPON, value_from=("discount",), is_immediate=True),
)
