"""Properties that many events share, declared once. Pure data.

Names are Segment's; aliases are GA4's (``item_id``, ``transaction_id`` …) and a few older ones.
"""

from __future__ import annotations

from .event_type import Property

__all__ = [
    "CAMPAIGN",
    "CART",
    "CHECKOUT",
    "COUPON",
    "EMAIL",
    "EXPERIMENT",
    "ORDER",
    "ORDER_IF_KNOWN",
    "PAGE",
    "PRODUCT",
    "PRODUCT_LIST",
    "PROMOTION",
    "PUSH",
    "SHARE",
    "WISHLIST",
]

_CURRENCY = Property("currency", "currency", "the shop's currency when missing")
_PRODUCTS = Property("products", "products", "each with the properties of a product", aliases=("items",))
_COUPON = Property("coupon", "text", "code of the coupon", column="coupon", aliases=("coupon_id", "coupon_code"))
_CATEGORY = Property("category", "text", "category", column="category", aliases=("item_category",))
_LIST = Property("list_id", "text", "the list it stood in", label="list", aliases=("item_list_id",))

PRODUCT = (
    Property(
        "product_id", "key", "the shop's id of the product", column="product",
        aliases=("item_id", "id", "sku", "item_name"), is_required=True,
    ),
    Property("name", "text", "name of the product", aliases=("item_name",)),
    _CATEGORY,
    Property(
        "subcategories", "texts", "further categories", label="subcategory",
        aliases=("item_category2", "item_category3", "item_category4", "item_category5"),
    ),
    Property("brand", "text", "brand", column="brand", aliases=("item_brand",)),
    Property("variant", "text", "size, colour …", label="variant", aliases=("item_variant",)),
    Property(
        "attributes", "texts", "what it is like: vegan, waterproof, eco-friendly …",
        label="attribute", aliases=("attribute", "tags"),
    ),
    Property("price", "money", "price of one piece"),
    Property("value", "money", "price of all pieces; price times quantity when missing"),
    Property("quantity", "count", "pieces; one when missing", column="quantity"),
    _CURRENCY,
    _COUPON,
    _LIST,
    Property("position", "number", "place in the list", aliases=("index",)),
    Property("url", "url", "address of its page"),
    Property("image_url", "url", "address of its picture"),
    _PRODUCTS,
)  # fmt: skip

PRODUCT_LIST = (
    _LIST,
    Property("list_name", "text", "name of the list", aliases=("item_list_name",)),
    _CATEGORY,
    _PRODUCTS,
)

CART = (Property("cart_id", "text", "id of the cart"),)

WISHLIST = (
    Property("wishlist_id", "text", "id of the wish list"),
    Property("wishlist_name", "text", "name of the wish list", label="wishlist"),
)

_METHODS = (
    Property("shipping_method", "text", "way of delivery", label="shipping", aliases=("shipping_tier",)),
    Property("payment_method", "text", "way of payment", label="payment", aliases=("payment_type",)),
)

_AMOUNTS = (
    Property("revenue", "money", "goods after discount, without shipping and tax"),
    Property("subtotal", "money", "the same, where revenue is missing"),
    Property("value", "money", "the same under GA4's name"),
    Property("total", "money", "with shipping and tax; used where the others are missing"),
    Property("shipping", "money", "shipping"),
    Property("tax", "money", "tax"),
    Property("discount", "money", "discount"),
    _CURRENCY,
)

CHECKOUT = (
    Property("checkout_id", "text", "id of the checkout"),
    Property("step", "number", "number of the step"),
    Property("value", "money", "worth of the goods"),
    *_METHODS,
    _CURRENCY,
    _COUPON,
    _PRODUCTS,
)


def _order(*, is_required: bool) -> Property:
    return Property(
        "order_id", "key", "the shop's id of the order", column="order",
        aliases=("transaction_id",), is_required=is_required,
    )  # fmt: skip


def _order_properties(*, is_required: bool) -> tuple[Property, ...]:
    return (
        _order(is_required=is_required),
        Property("checkout_id", "text", "id of the checkout"),
        Property("affiliation", "text", "shop, outlet or till", label="affiliation"),
        *_AMOUNTS,
        *_METHODS,
        Property("quantity", "count", "pieces; the lines' sum when missing", column="quantity"),
        _COUPON,
        _PRODUCTS,
    )


ORDER = _order_properties(is_required=True)
#: The same for what may come without naming its order.
ORDER_IF_KNOWN = _order_properties(is_required=False)

COUPON = (
    _order(is_required=False),
    *CART,
    Property(
        "coupon", "text", "code of the coupon", column="coupon",
        aliases=("coupon_id", "coupon_code"), is_required=True,
    ),
    Property("coupon_name", "text", "name of the coupon"),
    Property("discount", "money", "what it takes off"),
    _CURRENCY,
)  # fmt: skip

CAMPAIGN = (
    Property("campaign_name", "text", "name of the campaign", column="campaign", aliases=("campaign",)),
    Property("campaign_id", "text", "id of the campaign", label="campaign_id"),
)

EMAIL = (
    Property("email_id", "text", "id of the mailing", label="email"),
    Property("email_subject", "text", "subject line"),
    *CAMPAIGN,
    Property("link_id", "text", "id of the link", label="link"),
    Property("link_url", "url", "address of the link"),
    Property("list_id", "text", "id of the mailing list", label="list"),
    Property("list_name", "text", "name of the mailing list"),
)

PUSH = (
    Property("push_id", "text", "id of the message", label="push"),
    Property("title", "text", "title of the message"),
    *CAMPAIGN,
    Property("link_url", "url", "address of the link"),
)

PROMOTION = (
    Property("promotion_id", "text", "id of the promotion", label="promotion"),
    Property("name", "text", "name of the promotion", aliases=("promotion_name",)),
    Property("creative", "text", "name of the picture", label="creative", aliases=("creative_name",)),
    Property("position", "text", "where it stood", label="position", aliases=("creative_slot",)),
    _PRODUCTS,
)

SHARE = (
    Property("share_via", "text", "by what it was shared", label="via", aliases=("method",)),
    Property("share_message", "prose", "the words it was shared with"),
    Property("recipient", "text", "to whom"),
)

PAGE = (
    Property("path", "text", "path of the page", label="path"),
    Property(
        "page", "text", "kind of page: home, category, product …", label="page",
        aliases=("page_type", "name"),
    ),
    Property("category", "text", "category of the page", column="category"),
    Property("title", "text", "title", aliases=("page_title",)),
    Property("url", "url", "address", aliases=("page_location",)),
    Property("referrer", "url", "address of the page before", aliases=("page_referrer",)),
    Property("search", "url", "query part of the address"),
)  # fmt: skip

EXPERIMENT = (
    Property("experiment_id", "text", "id of the experiment", label="experiment"),
    Property("experiment_name", "text", "name of the experiment"),
    Property("variation_id", "text", "id of the variation", label="variation"),
    Property("variation_name", "text", "name of the variation"),
)
