"""With a stream, endpoints let good events wait and say so; what is immediate or brings traits does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError

from django_microseg.collect import ingest
from django_microseg.collect.models import Event
from django_microseg.collect.sinks.consumer import Consumer
from django_microseg.collect.sinks.entry import load
from django_microseg.collect.sinks.stream import FIELD, Stream
from django_microseg.profile.models import Fact
from tests.trackers.test_beacon import VIEW as SEEN
from tests.trackers.test_beacon import code_of, post
from tests.trackers.test_segment_api import ORDER, VIEW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


def names_waiting(stream: Stream) -> list[str]:
    return [load(fields[FIELD]).item.name for _, fields in stream.client.xrange(stream.name)]


def names_stored() -> list[str]:
    return sorted(Event.objects.values_list("name", flat=True))


ADDED = {"name": "product_added", "id": "m-2", "properties": {"product_id": "boot-1"}}
IDENTIFY = {"type": "identify", "userId": "bob", "messageId": "i-1", "traits": {"gender": "male"}}


def test_beacon_lets_views_wait_stores_the_cart_and_names_faults(event_stream: Stream, page_of_shop: Any) -> None:
    answer = post(page_of_shop, SEEN, ADDED, {"name": "no such event", "id": "m-3"}).json()
    assert {name: answer[name] for name in ("received", "stored", "quarantined", "duplicates", "waiting")} == {
        "received": 3, "stored": 1, "quarantined": 1, "duplicates": 0, "waiting": 1,
    }  # fmt: skip
    assert [each["index"] for each in answer["refused"]] == [2]
    assert (names_waiting(event_stream), names_stored()) == (["product_viewed"], ["product_added"])


def test_what_waited_is_stored_once_however_often_a_page_sent_it(event_stream: Stream, page_of_shop: Any) -> None:
    for _ in range(3):
        assert post(page_of_shop, SEEN).json()["waiting"] == 1
    report = Consumer(event_stream).step()
    assert (report.stored, report.duplicates, names_stored()) == (1, 2, ["product_viewed"])


def test_tracking_client_hears_what_waits_and_its_orders_and_traits_do_not(
    event_stream: Stream, said: Any, server_key: str
) -> None:
    answer = said(server_key, VIEW, ORDER, IDENTIFY)
    assert (answer["received"], answer["stored"], answer["waiting"], answer["refused"]) == (3, 2, 1, [])
    assert names_waiting(event_stream) == ["Product Viewed"]
    assert names_stored() == ["customer_identified", "order_completed", "product_purchased"]
    assert Fact.objects.get().name == "gender"


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(ingest, "ingest", fail)


def test_while_the_database_is_down_the_line_takes_views_and_carts_are_asked_for_again(
    event_stream: Stream, page_of_shop: Any, no_database: None
) -> None:
    assert post(page_of_shop, SEEN).json()["waiting"] == 1
    response = post(page_of_shop, ADDED)
    assert (*code_of(response), response["Retry-After"]) == (503, "unavailable", "5")
