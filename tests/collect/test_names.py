"""Names of other systems: Segment's specification and GA4's events, as listed in facts/collect.md."""

from __future__ import annotations

import pytest

from django_microseg.collect.catalogue import EVENTS, canonical_name

SEGMENT = {
    "Products Searched": "products_searched",
    "Product List Viewed": "product_list_viewed",
    "Product List Filtered": "product_list_filtered",
    "Promotion Viewed": "promotion_viewed",
    "Promotion Clicked": "promotion_clicked",
    "Product Clicked": "product_clicked",
    "Product Viewed": "product_viewed",
    "Product Added": "product_added",
    "Product Removed": "product_removed",
    "Cart Viewed": "cart_viewed",
    "Checkout Started": "checkout_started",
    "Checkout Step Viewed": "checkout_step_viewed",
    "Checkout Step Completed": "checkout_step_completed",
    "Payment Info Entered": "payment_info_entered",
    "Order Updated": "order_updated",
    "Order Completed": "order_completed",
    "Order Refunded": "order_refunded",
    "Order Cancelled": "order_cancelled",
    "Coupon Entered": "coupon_entered",
    "Coupon Applied": "coupon_applied",
    "Coupon Denied": "coupon_denied",
    "Coupon Removed": "coupon_removed",
    "Product Added to Wishlist": "wishlist_product_added",
    "Product Removed from Wishlist": "wishlist_product_removed",
    "Wishlist Product Added to Cart": "wishlist_product_added_to_cart",
    "Product Shared": "product_shared",
    "Cart Shared": "cart_shared",
    "Product Reviewed": "product_reviewed",
    "Email Delivered": "email_delivered",
    "Email Opened": "email_opened",
    "Email Bounced": "email_bounced",
    "Email Marked as Spam": "email_marked_as_spam",
    "Email Link Clicked": "email_link_clicked",
    "Unsubscribed": "email_unsubscribed",
    "Experiment Viewed": "experiment_viewed",
    "page": "page_viewed",
    "identify": "customer_identified",
    "alias": "customer_merged",
    "Viewed Product Category": "product_list_viewed",
    "Viewed Promotion": "promotion_viewed",
    "Clicked Promotion": "promotion_clicked",
    "Clicked Product": "product_clicked",
    "Viewed Product": "product_viewed",
    "Added Product": "product_added",
    "Removed Product": "product_removed",
    "Completed Order": "order_completed",
}
GA4 = {
    "page_view": "page_viewed",
    "search": "products_searched",
    "view_search_results": "products_searched",
    "view_item_list": "product_list_viewed",
    "view_promotion": "promotion_viewed",
    "select_promotion": "promotion_clicked",
    "select_item": "product_clicked",
    "view_item": "product_viewed",
    "add_to_cart": "product_added",
    "remove_from_cart": "product_removed",
    "view_cart": "cart_viewed",
    "begin_checkout": "checkout_started",
    "checkout_progress": "checkout_step_completed",
    "add_shipping_info": "checkout_step_completed",
    "add_payment_info": "payment_info_entered",
    "purchase": "order_completed",
    "refund": "order_refunded",
    "add_to_wishlist": "wishlist_product_added",
    "share": "product_shared",
    "login": "customer_identified",
    "sign_up": "customer_identified",
}
PRODUCT = {"product_id", "category", "name", "brand", "variant", "price", "quantity", "coupon", "position", "url"}


@pytest.mark.parametrize(("raw", "ours"), [*SEGMENT.items(), *GA4.items()])
def test_a_foreign_name_is_known(raw, ours):
    assert canonical_name(raw) == ours


def test_every_product_event_takes_segments_product():
    takers = ("product_clicked", "product_viewed", "product_added", "product_removed", "wishlist_product_added")
    for name in takers:
        assert {prop.name for prop in EVENTS[name].properties} >= PRODUCT
