"""The catalogue: what it holds, under which names, and what rules may ask of it."""

from __future__ import annotations

import pytest

from django_microseg.collect.catalogue import (
    EVENTS,
    GROUPS,
    STANDARD,
    aggregate_fields,
    canonical_name,
    event_names,
    filter_fields,
    find_problems,
)
from django_microseg.collect.draft import ROW
from django_microseg.collect.event_type import COLUMN_KINDS, KINDS
from django_microseg.collect.lengths import COLUMN_LENGTHS
from django_microseg.collect.models import Event
from django_microseg.profile.traits.columns import COLUMNS

CONTEXT = {
    "channel": "text",
    "campaign": "text",
    "device": "text",
    "country": "text",
    "region": "text",
    "language": "text",
    "visit": "key",
    "source": "key",
    "local_hour": "number",
    "local_weekday": "number",
}


def test_columns_and_their_kinds_are_those_of_the_evaluators():
    assert {name: column.kind for name, column in COLUMNS.items()} == COLUMN_KINDS


def test_lengths_are_those_of_the_table():
    lengths = {field.name: field.max_length for field in Event._meta.fields if field.name in COLUMN_LENGTHS}
    assert lengths == COLUMN_LENGTHS


def test_a_row_has_every_column_of_the_table_but_the_id():
    assert {field.column for field in Event._meta.fields} == {"id", *ROW}


def test_every_event_of_the_catalogue_is_sound():
    assert list(find_problems([])) == []
    assert all(prop.kind in KINDS for event in EVENTS.values() for prop in event.properties)
    assert all(event.summary.endswith(".") for event in EVENTS.values())


def test_no_two_events_share_a_name():
    names = [alias for event in EVENTS.values() for alias in (event.name, *event.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("event", EVENTS.values(), ids=str)
def test_measures_and_values_name_properties_of_their_kind(event):
    kinds = {prop.name: prop.kind for prop in event.properties}
    assert event.measure is None or kinds[event.measure] == "number"
    assert {kinds[name] for name in event.value_from} <= {"money", "products"}


def test_a_product_view_may_be_filtered_by_product_context_and_labels():
    kinds = {name: field.kind for name, field in filter_fields("product_viewed").items()}
    labels = dict.fromkeys(("attribute", "subcategory", "list", "variant"), "label")
    product = {"category": "text", "brand": "text", "coupon": "text", "product": "key", "quantity": "number"}
    assert kinds == {**CONTEXT, **product, "value": "money", **labels}


def test_a_measure_goes_by_its_own_name():
    assert filter_fields("product_dwelled")["dwell_seconds"].kind == "measure"
    assert "dwell_seconds" in aggregate_fields("product_dwelled")
    assert "dwell_seconds" not in filter_fields("product_viewed")


def test_a_group_offers_what_one_of_its_events_has_but_no_measure_of_one_alone():
    assert filter_fields("cart_changed").keys() == filter_fields("product_added").keys()
    anything = filter_fields("any")
    assert {"product", "order", "value", "path", "attribute"} <= anything.keys()
    assert {"dwell_seconds", "score", "rating"}.isdisjoint(anything)


def test_labels_and_hours_cannot_be_aggregated():
    assert set(aggregate_fields("session_started")) == set(CONTEXT) - {"local_hour", "local_weekday"}
    assert "attribute" not in aggregate_fields("product_viewed")


def test_names_in_rules_are_events_groups_or_any():
    assert event_names("any") is None
    assert event_names("cart_changed") == {"product_added", "product_removed", "cart_updated"}
    assert event_names("order_completed") == {"order_completed"}
    with pytest.raises(LookupError):
        event_names("Order Completed")


def test_groups_hold_known_events():
    assert GROUPS["any"] == EVENTS.keys()
    assert all(names <= EVENTS.keys() for names in GROUPS.values())


@pytest.mark.parametrize(
    "raw", ["Order Completed", "order completed", " ORDER-COMPLETED ", "purchase", "order_completed"]
)
def test_an_order_is_known_under_all_its_names(raw):
    assert canonical_name(raw) == "order_completed"


@pytest.mark.parametrize("raw", ["", " ", "order", "order_completed2", "💥", "__class__", "a" * 5000])
def test_other_names_are_unknown(raw):
    assert canonical_name(raw) is None


def test_browsers_may_send_what_they_see_and_servers_the_rest():
    public = {name for name, event in EVENTS.items() if event.is_public}
    assert {"page_viewed", "product_viewed", "product_added", "coupon_applied"} <= public
    assert {"order_completed", "order_refunded", "order_cancelled", "product_purchased", "logged_in"}.isdisjoint(public)
    assert {"email_opened", "loyalty_points_earned", "consent_changed"}.isdisjoint(public)


def test_what_a_shopper_must_feel_at_once_is_immediate():
    immediate = {name for name, event in EVENTS.items() if event.is_immediate}
    assert {"product_added", "product_removed", "cart_updated", "order_completed", "logged_in"} <= immediate
    assert {"consent_changed", "coupon_applied", "checkout_started"} <= immediate
    assert {"page_viewed", "product_viewed", "email_opened"}.isdisjoint(immediate)


def test_the_functions_answer_for_the_standard_events():
    assert STANDARD.events == EVENTS
