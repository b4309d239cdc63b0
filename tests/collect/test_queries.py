"""How many statements an event costs. Savepoints and transactions are not among them.

`django_assert_num_queries` records every statement that goes through a cursor, savepoints too, so
they are taken out by their first word. PostgreSQL's COPY, by which a batch is written, counts as an INSERT.
"""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_microseg.collect.order_voids import _BY_ORDER, _CHANGE, _LOOK_UP
from tests.collect.making import HOUR, cancellation, event, order, refund, send

pytestmark = pytest.mark.django_db

_TRANSACTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def verbs(*events, **options):
    """The first word of each statement that sending takes."""
    with CaptureQueriesContext(connection) as caught:
        send(*events, **options)
    words = [query["sql"].lstrip().split(" ", 1)[0] for query in caught.captured_queries]
    words = ["INSERT" if word.rstrip(":").isdigit() or word == "COPY" else word for word in words]
    return [word for word in words if word not in _TRANSACTION]


@pytest.fixture(autouse=True)
def _known():
    """The people and an order are there already."""
    send(event(), order("A", at=9 * HOUR), order("B", at=9 * HOUR))


def test_an_event_of_somebody_known_takes_three_statements():
    assert verbs(event()) == ["INSERT", "SELECT", "INSERT"]  # key, person, event


def test_with_its_transaction_it_takes_four_more_or_two(django_assert_num_queries):
    # Begin and end of the batch (a savepoint here, as the test is in a transaction), and on
    # PostgreSQL begin and end of the savepoint in which people are locked.
    around = 4 if connection.vendor == "postgresql" else 2
    with django_assert_num_queries(3 + around):
        send(event())


def test_a_duplicate_takes_one_statement():
    item = event()
    send(item)
    assert verbs(item) == ["INSERT"]


def test_a_broken_event_takes_three_statements():
    assert verbs(event("nonsense")) == ["INSERT", "SELECT", "INSERT"]  # key, was it of somebody erased, quarantine


def test_an_order_with_its_lines_takes_one_look_up_more():
    item = order("C", products=[{"product_id": number} for number in range(20)])
    assert verbs(item) == ["INSERT", "SELECT", "SELECT", "INSERT"]


def test_a_partial_refund_takes_the_same():
    assert verbs(refund("A", 5)) == ["INSERT", "SELECT", "SELECT", "INSERT"]


def test_what_voids_a_stored_order_takes_one_update_more():
    assert verbs(cancellation("A"), cancellation("B")) == ["INSERT", "SELECT", "SELECT", "INSERT", "UPDATE"]


def test_a_foreign_currency_takes_one_look_up_of_rates():
    item = event("product_viewed", {"product_id": 1, "price": 5, "currency": "USD"})
    assert verbs(item) == ["INSERT", "SELECT", "SELECT", "INSERT"]


def test_ninety_events_take_no_more_statements_than_one():
    assert verbs(*(event() for _ in range(90))) == ["INSERT", "SELECT", "INSERT"]


def test_orders_are_looked_up_and_voided_by_their_index():
    sqlite = connection.vendor == "sqlite"
    look_up = _LOOK_UP[connection.vendor] + _BY_ORDER[connection.vendor], ['["A"]' if sqlite else ["A"]]
    change = [1, "A", "server", "00" * 16, 5]
    void = _CHANGE[connection.vendor], [json.dumps([change])] if sqlite else [[value] for value in change]
    for statement, parameters in (look_up, void):
        with connection.cursor() as cursor:
            if not sqlite:
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, parameters)
            assert "microseg_event_order" in str(cursor.fetchall())
