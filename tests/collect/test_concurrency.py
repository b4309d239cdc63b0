"""Two writers at once: the same messages are stored once, and nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event, EventKey
from tests.collect.making import HOUR, NOW, cancellation, event, order, stored

WRITERS = 4


def _at_once(*batches, source="server"):
    """Send each batch from a thread of its own; the sum of the reports."""
    gate = threading.Barrier(len(batches))

    def send(batch):
        gate.wait()
        try:
            return ingest(batch, source=source, received_at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(batches)) as pool:
        reports = list(pool.map(send, batches))
    return sum(reports[1:], reports[0])


@pytest.mark.django_db(transaction=True)
def test_four_writers_with_the_same_messages_store_each_once():
    items = [event(visitor_key=f"v-{number % 7}") for number in range(300)]
    report = _at_once(items, items[::-1], items[100:] + items[:100], items)
    assert (report.received, report.stored, report.duplicates) == (1200, 300, 900)
    assert (Event.objects.count(), EventKey.objects.count()) == (300, 300)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_an_order_and_its_cancellation_that_meet_void_the_order(turn):
    keys = [f"O{turn}-{number}" for number in range(20)]
    _at_once([order(key) for key in keys], [cancellation(key) for key in reversed(keys)])
    assert stored("voided_at", name="order_completed") == [NOW - HOUR] * 20
