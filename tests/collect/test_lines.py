"""The products inside an event: an order's lines, and several products in one GA4 event."""

from __future__ import annotations

import pytest

from django_microseg.collect.models import Event
from tests.collect.making import event, order, reasons, send, stored

pytestmark = pytest.mark.django_db

LINES = [
    {"product_id": "S", "category": "Shoes", "brand": "Ida", "price": 40, "quantity": 2, "coupon": "FEET"},
    {"product_id": "H", "category": "Hats", "price": "9.99", "name": "Top Hat", "attributes": ["felt"]},
    {"product_id": "G", "quantity": 3},
]


def test_each_line_of_an_order_is_a_purchase_of_its_own():
    report = send(order("A", 85, coupon="Spring", products=LINES))
    assert (report.stored, report.derived) == (1, 3)
    fields = ("position", "name", "product_key", "category", "brand", "coupon", "quantity", "value_minor")
    assert stored(*fields) == [
        (0, "order_completed", "", "", "", "spring", 6, 8500),
        (1, "product_purchased", "S", "shoes", "ida", "feet", 2, 8000),
        (2, "product_purchased", "H", "hats", "", "spring", None, 999),
        (3, "product_purchased", "G", "", "", "spring", 3, None),
    ]


def test_lines_share_their_orders_key_person_time_and_context():
    item = order("A", products=LINES)
    send(item)
    shared = ("profile_id", "source", "message_hash", "occurred_at", "order_key", "local_hour", "local_date", "basis")
    assert len(set(stored(*shared))) == 1
    assert set(stored("order_key")) == {"A"}


def test_what_a_line_says_beyond_its_columns_is_kept_with_it_and_not_twice():
    send(order("A", products=LINES, affiliation="Till 3"))
    parent, _, hat, _ = Event.objects.order_by("position")
    assert hat.properties == {
        "category": "Hats",
        "name": "Top Hat",
        "price": "9.99",
        "attributes": ["felt"],
    }
    assert (hat.labels, parent.labels) == ("|attribute=felt|", "|affiliation=till 3|")
    assert parent.properties == {"revenue": 100, "affiliation": "Till 3"}


def test_a_repeated_order_adds_no_lines():
    item = order("A", products=LINES)
    assert send(item, item).derived == 3
    assert send(item).derived == 0
    assert Event.objects.count() == 4


def test_the_value_is_revenue_else_the_next_best():
    amounts = [
        {"revenue": 1, "subtotal": 2, "value": 3, "total": 4},
        {"subtotal": 2, "value": 3, "total": 4},
        {"value": 3, "total": 4},
        {"total": 4},
        {},
    ]
    send(
        *(order(f"O{number}", products=LINES[:2], **{"revenue": None, **given}) for number, given in enumerate(amounts))
    )
    values = dict(stored("order_key", "value_minor", name="order_completed"))
    assert values == {"O0": 100, "O1": 200, "O2": 300, "O3": 400, "O4": 8999}


def test_without_an_amount_or_every_price_the_value_is_unknown():
    send(order("A", None, products=LINES), order("B", None))
    assert stored("value_minor", name="order_completed") == [None, None]


def test_a_bad_line_quarantines_the_whole_order():
    report = send(order("A", products=[*LINES, {"product_id": "X", "price": -1}]))
    assert (report.stored, report.derived, reasons()) == (0, 0, ["bad_money"])
    assert report.refusals[0].detail.startswith("products[3].price is negative")


def test_two_thousand_lines_are_the_most():
    assert send(order("A", products=[{}] * 2000)).derived == 2000
    assert send(order("B", products=[{}] * 2001)).refusals[0].reason == "too_large"


def test_other_lists_of_products_stay_with_their_event():
    send(event("cart_viewed", {"cart_id": 7, "products": LINES[:2]}))
    row = Event.objects.get()
    assert (row.quantity, row.value_minor, row.properties["products"]) == (3, 8999, LINES[:2])


def test_goods_by_the_metre_are_paid_by_the_metre():
    send(order("A", None, products=[{"product_id": "cloth", "price": 10, "quantity": 1.5}]))
    assert stored("quantity", "value_minor") == [(2, 1500), (2, 1500)]


def test_one_product_of_ga4_is_the_events_own():
    items = [{"item_id": "S", "item_name": "Shoe", "item_category": "Shoes", "item_category2": "Trail", "price": 40}]
    send(event("view_item", {"currency": "EUR", "value": 40, "items": items}))
    row = Event.objects.get()
    assert (row.name, row.product_key, row.category, row.value_minor) == ("product_viewed", "S", "shoes", 4000)
    assert (row.labels, row.properties["name"]) == ("|subcategory=trail|", "Shoe")
    assert "products" not in row.properties


def test_several_products_of_ga4_are_several_events():
    items = [
        {"item_id": "S", "price": 40, "quantity": 2},
        {"item_id": "H", "price": 5},
        {"item_name": "Only a Name"},
    ]
    report = send(event("add_to_cart", {"currency": "EUR", "value": 85, "items": items}))
    assert (report.stored, report.derived) == (1, 2)
    assert stored("name", "position", "product_key", "quantity", "value_minor") == [
        ("product_added", 0, "S", 2, 8000),
        ("product_added", 1, "H", None, 500),
        ("product_added", 2, "Only a Name", None, None),
    ]


def test_each_of_several_products_needs_an_id():
    report = send(event("add_to_cart", {"items": [{"item_id": "S"}, {"price": 5}]}))
    assert report.refusals[0].reason == "missing_property"


def test_a_purchase_of_ga4_is_an_order():
    given = {
        "transaction_id": "T-1",
        "value": 45,
        "tax": 5,
        "shipping": 3,
        "currency": "EUR",
        "coupon": "X",
        "items": [{"item_id": "S", "item_brand": "Ida", "price": 45, "index": 0}],
    }
    send(event("purchase", given))
    assert stored("name", "order_key", "product_key", "brand", "coupon", "value_minor") == [
        ("order_completed", "T-1", "", "", "x", 4500),
        ("product_purchased", "T-1", "S", "ida", "x", 4500),
    ]


def test_the_best_name_of_a_property_counts_and_the_others_are_kept():
    send(event("product_viewed", {"sku": "SKU", "item_id": None, "id": "ID", "product_id": "P", "item_name": "N"}))
    row = Event.objects.get()
    assert row.product_key == "P"
    assert row.properties == {"sku": "SKU", "id": "ID", "name": "N"}


def test_categories_spread_over_parameters_are_gathered():
    send(
        event("product_viewed", {"product_id": 1, "item_category3": "c", "item_category2": "b", "subcategories": ["a"]})
    )
    assert stored("labels") == ["|subcategory=a|subcategory=b|subcategory=c|"]
