"""Judging one event: what is kept of a good one, where, and why a bad one is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

import pytest
from django.utils.safestring import mark_safe

from django_microseg.collect.ids import PLACEHOLDERS, is_placeholder
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.reasons import REASONS, Rejected
from django_microseg.collect.validate import hash_of, judge
from tests.collect.making import NOON, event, terms

SHOE = {
    "product_id": "SH-1",
    "name": "Trail Runner",
    "category": "Footwear",
    "brand": "Åse & Söner",
    "price": "79.90",
    "quantity": 2,
    "attributes": ["Eco-Friendly", "vegan"],
    "colour_code": 7,
}


def draft(name="product_viewed", properties=None, **values):
    return judge(event(name, SHOE if properties is None else properties, **values), terms()).draft


def reason(item, **values):
    with pytest.raises(Rejected) as refused:
        judge(item, terms(**values))
    assert refused.value.detail.endswith((".", "send it."))
    return refused.value.reason


def test_properties_go_to_their_columns_folded():
    row = draft()
    assert (row.product_key, row.category, row.brand, row.quantity) == ("SH-1", "footwear", "åse & söner", 2)
    assert (row.value_minor, row.currency, row.value_base_minor) == (15980, "EUR", 15980)
    assert row.labels == "|attribute=eco-friendly|attribute=vegan|"


def test_what_a_column_does_not_hold_exactly_is_kept_as_it_came():
    assert json.loads(draft().properties) == {
        "name": "Trail Runner",
        "category": "Footwear",
        "brand": "Åse & Söner",
        "price": "79.90",
        "attributes": ["Eco-Friendly", "vegan"],
        "colour_code": 7,
    }


def test_nothing_is_kept_twice_and_nothing_empty():
    given = {"product_id": "SH-1", "category": "footwear", "brand": None, "variant": "", "coupon": "  "}
    row = draft(properties=given)
    assert (row.properties, row.brand, row.labels, row.coupon) == ("{}", "", "", "")


def test_context_is_folded_and_the_time_is_local():
    row = draft(device=" Mobile ", channel="Social", country="DE", language="de-AT", timezone="Asia/Tokyo")
    assert (row.device, row.channel, row.country, row.language) == ("mobile", "social", "de", "de-at")
    assert (row.local_hour, row.local_weekday, row.local_date) == (20, 6, 20513)  # Sunday, 2026-03-01, 20:00


def test_a_country_that_is_no_code_is_not_cut_into_another_one():
    row = draft(country="Germany")
    assert row.country == ""
    assert json.loads(row.properties)["country"] == "Germany"


def test_texts_are_cut_to_their_columns_after_folding():
    row = draft(properties={"product_id": 1, "coupon": "ß" * 60, "brand": "B" * 300})
    assert row.coupon == "s" * 100
    assert row.brand == "b" * 200


def test_ids_may_be_numbers_and_have_no_spaces_around():
    row = draft(properties={"product_id": 42}, visitor_key="  v-1 ")
    assert (row.product_key, row.visitor_key) == ("42", "v-1")


def test_python_values_are_welcome():
    given = {"product_id": UUID(int=5), "price": Decimal("1.10"), "category": mark_safe("Shoes"), "tags": ("a", "b")}
    row = draft(properties=given)
    assert row.product_key == "00000000-0000-0000-0000-000000000005"
    assert (row.value_minor, row.category, row.labels) == (110, "shoes", "|attribute=a|attribute=b|")
    assert json.loads(row.properties) == {"price": "1.10", "category": "Shoes", "attributes": ["a", "b"]}


class Piece(int):
    """A number of a kind of its own."""


def test_types_of_their_own_are_kept_as_the_types_they_extend():
    inner = MappingProxyType({"pieces": Piece(3), "word": mark_safe("x")})
    assert json.loads(draft(properties={"product_id": 1, "more": inner}).properties) == {
        "more": {"pieces": 3, "word": "x"}
    }


def test_no_properties_are_none():
    assert judge(IncomingEvent("page_viewed", visitor_key="v", properties=None), terms()).draft.properties == "{}"


def test_a_measure_is_kept_in_thousandths():
    given = {"product_id": 1, "dwell_seconds": 40.2}
    assert draft("product_dwelled", given).measure == 40200
    assert draft("product_reviewed", {"product_id": 1, "rating": "4.5"}).measure == 4500
    assert draft("product_viewed", given).measure is None


def test_a_page_has_the_path_of_its_address():
    assert draft("page_viewed", {"url": "https://shop.example/Sale?x=1", "page": "Home"}).labels == (
        "|page=home|path=/sale|"
    )
    assert draft("page_viewed", {"path": "/a|b", "url": "https://shop.example/c"}).labels == "|path=/a b|"
    assert draft("page_viewed", {"url": "http://[broken"}).labels == ""


def test_a_search_may_be_an_object_but_only_text_is_a_label():
    assert draft("products_searched", {"query": "Red Shoe"}).labels == "|query=red shoe|"
    assert draft("products_searched", {"query": {"text": "x"}}).labels == ""


def test_the_message_hash_is_blake2b_of_the_clients_id():
    # python -c "import hashlib; print(hashlib.blake2b(b'order-1', digest_size=16).hexdigest())"
    assert draft(message_id="order-1").message_hash == hash_of("order-1") == UUID("56eea00bbcad2f0a2ca2cc13492405d7")


def test_without_an_id_equal_events_are_one_and_others_are_not():
    def key(properties, **values):
        return draft(properties=properties, message_id="", **values).message_hash

    assert key(SHOE) == key(dict(reversed(SHOE.items())))
    assert key(SHOE) != key({**SHOE, "price": "79.91"})
    assert key(SHOE) != key(SHOE, visitor_key="visitor-2")
    assert key(SHOE) != key(SHOE, device="mobile")


@pytest.mark.parametrize("filler", ["null", "undefined", "", None])
def test_a_filler_is_no_message_id(filler):
    assert draft(message_id=filler).message_hash == draft(message_id="").message_hash


@pytest.mark.parametrize("filler", [*PLACEHOLDERS, " NULL ", "00000000-0000-0000-0000-000000000000", "000"])
def test_a_filler_is_nobody(filler):
    assert is_placeholder(filler)
    assert reason(event(visitor_key=filler, customer_key=filler)) == "no_person"


@pytest.mark.parametrize("real", ["v-1", "anon-7", "nullius", "100", "0a0"])
def test_real_ids_are_no_fillers(real):
    assert not is_placeholder(real)


def test_times_are_never_after_their_arrival_and_default_to_it():
    assert draft(occurred_at=None).occurred_at == NOON
    assert draft(occurred_at="2031-01-01T00:00:00Z").occurred_at == NOON
    assert draft(occurred_at="2026-03-01T10:59:59.999Z").occurred_at == NOON - 3_600_001


BAD = {
    "unknown": (event("product_seen"), "unknown_event"),
    "name is a number": (event(5), "bad_type"),
    "name is None": (event(None), "bad_type"),
    "long name": (event("x" * 201), "too_large"),
    "derived": (event("product_purchased", {"product_id": 1}), "derived_only"),
    "properties are a list": (event(properties=[1]), "bad_type"),
    "properties are text": (event(properties="x"), "bad_type"),
    "no product": (event("product_viewed", {"name": "Trail Runner"}), "missing_property"),
    "product is a filler": (event("product_viewed", {"product_id": "null"}), "missing_property"),
    "no order id": (event("order_completed", {"revenue": 1}), "missing_property"),
    "no measure": (event("page_dwelled", {"path": "/"}), "missing_property"),
    "no coupon": (event("coupon_applied", {"discount": 1}), "missing_property"),
    "no tier": (event("loyalty_tier_changed", {"tier": " "}), "missing_property"),
    "category is a list": (event("product_viewed", {"product_id": 1, "category": ["a"]}), "bad_type"),
    "brand is a flag": (event("product_viewed", {"product_id": 1, "brand": True}), "bad_type"),
    "long product id": (event("product_viewed", {"product_id": "x" * 101}), "bad_id"),
    "price is text": (event("product_viewed", {"product_id": 1, "price": "cheap"}), "bad_money"),
    "price is a flag": (event("product_viewed", {"product_id": 1, "price": True}), "bad_money"),
    "negative price": (event("product_viewed", {"product_id": 1, "price": -0.01}), "bad_money"),
    "huge price": (event("product_viewed", {"product_id": 1, "price": 1e16}), "bad_money"),
    "huge value": (event("product_viewed", {"product_id": 1, "price": 1e15}), "bad_money"),
    "no currency": (event("product_viewed", {"product_id": 1, "currency": "Euro"}), "bad_money"),
    "negative quantity": (event("product_added", {"product_id": 1, "quantity": -1}), "bad_number"),
    "quantity is text": (event("product_added", {"product_id": 1, "quantity": "many"}), "bad_number"),
    "quantity is a flag": (event("product_added", {"product_id": 1, "quantity": False}), "bad_number"),
    "huge quantity": (event("product_added", {"product_id": 1, "quantity": 1e13}), "bad_number"),
    "negative time": (event("page_dwelled", {"dwell_seconds": -3}), "bad_number"),
    "score is text": (event("nps_answered", {"score": "nine"}), "bad_number"),
    "products are text": (event("cart_viewed", {"products": "shoe"}), "bad_type"),
    "products are texts": (event("cart_viewed", {"products": ["shoe"]}), "bad_type"),
    "many texts": (event("product_viewed", {"product_id": 1, "attributes": ["a"] * 51}), "too_large"),
    "nobody": (event(visitor_key=""), "no_person"),
    "visitor is a list": (event(visitor_key=["v"]), "bad_id"),
    "visitor is a flag": (event(visitor_key=True), "bad_id"),
    "long visitor": (event(visitor_key="v" * 65), "bad_id"),
    "long customer": (event(customer_key="c" * 101), "bad_id"),
    "long visit": (event(visit_key="v" * 65), "bad_id"),
    "long message id": (event(message_id="m" * 101), "bad_id"),
    "message id is a list": (event(message_id=[1]), "bad_id"),
    "device is a number": (event(device=5), "bad_type"),
    "NUL in device": (event(device="a\x00"), "nul_or_surrogate"),
    "time is text": (event(occurred_at="yesterday"), "bad_time"),
    "time is a number": (event(occurred_at=1_700_000_000), "bad_time"),
    "year 0": (event(occurred_at="0000-01-01T00:00:00Z"), "bad_time"),
    "a clock never set": (event(occurred_at="1970-01-01T00:00:00Z"), "bad_time"),
}


@pytest.mark.parametrize(("item", "why"), BAD.values(), ids=BAD)
def test_a_bad_event_is_refused_with_its_reason(item, why):
    assert reason(item) == why


@pytest.mark.parametrize("name", ["order_completed", "order_refunded", "order_cancelled", "logged_in", "email_opened"])
def test_a_browser_cannot_send_what_only_the_shop_knows(name):
    assert reason(event(name, {"order_id": "A"}), source="browser", is_public=True) == "not_public"


def test_a_browser_can_send_what_it_sees():
    assert judge(event("product_viewed", SHOE), terms(source="browser", is_public=True)).draft.name == "product_viewed"


def test_scores_of_surveys_may_be_negative_and_points_may_not():
    assert draft("survey_answered", {"score": -5}).measure == -5000
    assert reason(event("loyalty_points_earned", {"points": -5})) == "bad_number"


def test_a_review_may_be_long_and_other_texts_may_not():
    assert draft("product_reviewed", {"product_id": 1, "review_body": "a" * 8000}).product_key == "1"
    assert reason(event("product_reviewed", {"product_id": 1, "review_body": "a" * 8001})) == "too_large"
    assert reason(event("product_reviewed", {"product_id": 1, "review_id": "a" * 1025})) == "too_large"


def test_an_order_may_be_larger_than_other_events():
    products = [{"product_id": f"P{number}", "note": "x" * 100} for number in range(500)]
    assert reason(event("cart_viewed", {"products": products})) == "too_large"
    assert len(judge(event("order_completed", {"order_id": "A", "products": products}), terms()).lines) == 500


def test_every_reason_says_what_it_means():
    assert {why for _, why in BAD.values()} <= REASONS.keys()
    assert all(text.endswith((".", "how.")) for text in REASONS.values())
