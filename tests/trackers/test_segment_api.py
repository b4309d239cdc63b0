"""Segment's HTTP API: what clients send comes in once, each message on its own, and they understand the answer."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from django_microseg.collect.models import Event, EventKey, QuarantinedEvent, WriteKey
from django_microseg.collect.write_keys import revoke_key, rotate_key
from django_microseg.profile.find import find_person
from django_microseg.profile.models import Fact, Profile

pytestmark = pytest.mark.django_db

VIEW = {
    "type": "track",
    "event": "Product Viewed",
    "userId": "ada",
    "messageId": "m-1",
    "properties": {"product_id": "p"},
}
ORDER = {
    "type": "track", "event": "Order Completed", "userId": "ada", "messageId": "o-1",
    "properties": {"order_id": "A-1", "revenue": 25, "products": [{"product_id": "p1", "price": 25}]},
}  # fmt: skip


def test_batch_is_stored_once_and_reported(said, server_key):
    assert said(server_key, VIEW, ORDER) == {
        "success": True, "received": 2, "stored": 2, "quarantined": 0, "duplicates": 0, "machines": 0, "refused": [],
        "left_out": {},
    }  # fmt: skip
    again = said(server_key, VIEW, ORDER)
    assert (again["stored"], again["duplicates"]) == (0, 2)
    stored = Event.objects.order_by("pk").values_list("name", "source", "basis")
    assert sorted(stored) == [
        ("order_completed", "client:backend", "contract"),
        ("product_purchased", "client:backend", "contract"),
        ("product_viewed", "client:backend", "consent"),
    ]


@pytest.mark.parametrize("call", ["track", "t", "track/", "t/"])
def test_single_messages_have_addresses_with_and_without_slash(sends, server_key, call):
    response = sends(server_key, {key: value for key, value in VIEW.items() if key != "type"}, call)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert Event.objects.get().name == "product_viewed"


@pytest.mark.parametrize("call", ["batch", "b", "import", "batch/", "b/"])
def test_batches_have_addresses_with_and_without_slash(sends, server_key, call):
    assert sends(server_key, {"batch": [VIEW]}, call).status_code == 200
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json;charset=UTF-8"]
)
def test_content_type_says_nothing(sends, server_key, content_type):
    assert sends(server_key, {"batch": [VIEW]}, content_type=content_type).status_code == 200
    assert Event.objects.count() == 1


def test_gzip_is_unpacked(sends, server_key):
    body = gzip.compress(json.dumps({"batch": [VIEW]}).encode())
    assert sends(server_key, body, **{"content-encoding": "gzip"}).json()["stored"] == 1


def test_gzip_that_swells_up_is_refused(sends, server_key):
    body = gzip.compress(b"[" + b" " * 30_000_000 + b"]")
    response = sends(server_key, body, **{"content-encoding": "gzip"})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b'{"batch": []}', mtime=0)[:-6]], ids=["no-gzip", "cut-short"]
)
def test_broken_gzip_is_refused(sends, server_key, body):
    response = sends(server_key, body, **{"content-encoding": "gzip"})
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_body_over_a_megabyte_is_refused_and_one_below_is_not(sends, server_key):
    small = {**VIEW, "context": {"padding": "x" * 30_000}}
    batch = [{**small, "messageId": f"m-{number}"} for number in range(33)]
    assert sends(server_key, {"batch": batch}).json()["stored"] == 33
    assert sends(server_key, {"batch": [*batch, *batch]}).status_code == 413


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b'{"batch": 5}', b"{}", b'{"batch": [' + b"[" * 50_000]
)
def test_what_is_no_batch_is_refused(sends, server_key, body):
    response = sends(server_key, body)
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_broken_message_spoils_no_other(sends, server_key):
    good = json.dumps(VIEW)
    bad = [
        '{"type":"track","event":"\\ud800"}',
        '{"type":"track","event":"Product Viewed","userId":"u","properties":{"x":1e999}}',
        "5",
    ]
    answer = sends(server_key, f'{{"batch": [{bad[0]}, {good}, {bad[1]}, {bad[2]}]}}'.encode()).json()
    assert (answer["received"], answer["stored"], answer["quarantined"]) == (4, 1, 3)
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [
        (0, "nul_or_surrogate"), (2, "bad_number"), (3, "bad_type"),
    ]  # fmt: skip


def test_message_over_32_kb_is_refused_alone(said, server_key):
    large = {**VIEW, "messageId": "m-2", "properties": {"product_id": "p", **{f"k{n}": "x" * 1000 for n in range(33)}}}
    answer = said(server_key, large, VIEW)
    assert (answer["stored"], [each["code"] for each in answer["refused"]]) == (1, ["too_large"])


def test_refused_message_is_in_quarantine_with_its_reason(said, server_key):
    said(server_key, {"type": "track", "event": "Nothing Known", "userId": "ada", "messageId": "m-9"})
    row = QuarantinedEvent.objects.get()
    assert (row.reason, row.source, row.name, row.customer_key) == (
        "unknown_event",
        "client:backend",
        "Nothing Known",
        "ada",
    )


def test_validating_judges_and_stores_nothing(sends, server_key):
    bad = {"type": "track", "event": "Order Completed", "userId": "ada"}
    answer = sends(server_key, {"batch": [VIEW, bad]}, "batch?validate=1").json()
    assert (answer["stored"], answer["valid"]) == (0, 1)
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [(1, "missing_property")]
    assert not Event.objects.exists()
    assert not QuarantinedEvent.objects.exists()
    assert not EventKey.objects.exists()


# -- keys


@pytest.mark.parametrize("key", ["", "msk_nobody", "ü"])
def test_unknown_key_is_refused(sends, server_key, key):
    response = sends(key, {"batch": [VIEW]})
    assert (response.status_code, response.json()["code"]) == (401, "unknown_key")
    assert not Event.objects.exists()


def test_key_may_stand_in_the_body_the_message_or_a_header(sends, server_key):
    assert sends("", {"batch": [VIEW], "writeKey": server_key}).status_code == 200
    assert sends("", {"batch": [{**VIEW, "writeKey": server_key}]}).status_code == 200
    assert sends("", {**VIEW, "writeKey": server_key}, "t").status_code == 200
    assert sends("", {"batch": [VIEW]}, **{"x-write-key": server_key}).status_code == 200


def test_rotated_key_works_for_a_week_beside_the_new_one(said, sends, server_key):
    row = WriteKey.objects.get()
    new = rotate_key(row, now=timezone.now())
    assert said(server_key, VIEW)["stored"] == 1
    assert said(new, VIEW)["duplicates"] == 1  # the same source, so a message that is sent again is still known
    WriteKey.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    assert sends(server_key, {"batch": [VIEW]}).status_code == 401


def test_revoked_key_is_refused(sends, server_key):
    revoke_key(WriteKey.objects.get(), now=timezone.now())
    assert sends(server_key, {"batch": [VIEW]}).status_code == 401


def test_only_the_hash_of_a_key_is_kept(server_key):
    row = WriteKey.objects.get()
    assert server_key not in " ".join(str(getattr(row, field.name)) for field in row._meta.concrete_fields)


def test_last_use_is_kept(said, server_key):
    said(server_key, VIEW)
    used = WriteKey.objects.get().last_used_at
    assert used is not None
    assert timezone.now() - used < timedelta(minutes=1)


# -- whose it is


def test_server_identifies_a_visitor_whose_past_becomes_the_customers(said, server_key):
    said(server_key, {**VIEW, "userId": None, "anonymousId": "anon-1"})
    said(server_key, {"type": "identify", "userId": "ada", "anonymousId": "anon-1", "messageId": "i-1",
                      "traits": {"gender": "female", "email": "ada@example.com"}})  # fmt: skip
    ada = find_person("ada")
    assert ada is not None
    assert sorted(Event.objects.filter(profile=ada).values_list("name", flat=True)) == [
        "customer_identified",
        "product_viewed",
    ]
    assert list(Fact.objects.values_list("profile", "name", "text", "source")) == [
        (ada.pk, "gender", "female", "client:backend")
    ]


def test_saying_it_again_declares_nothing_twice(said, server_key):
    message = {"type": "identify", "userId": "ada", "messageId": "i-1", "traits": {"gender": "female", "shoeSize": 38},
               "timestamp": timezone.now().isoformat()}  # fmt: skip
    assert said(server_key, message)["left_out"] == {"shoeSize": 1}
    said(server_key, message)
    assert Fact.objects.count() == 1


def test_alias_of_a_server_joins_both(said, server_key):
    said(server_key, {**VIEW, "userId": None, "anonymousId": "anon-1"})
    said(server_key, {"type": "alias", "userId": "ada", "previousId": "anon-1", "messageId": "a-1"})
    assert find_person("ada") == find_person("ext:anon-1")


def test_visitor_of_one_customer_never_becomes_another(said, server_key):
    for name in ("ada", "bea"):
        answer = said(server_key, {"type": "identify", "userId": name, "anonymousId": "anon-1", "messageId": name})
    assert answer["left_out"] == {"another customer's anonymousId": 1}
    assert find_person("ext:anon-1") == find_person("ada") != find_person("bea")


def test_group_is_an_event_that_rules_can_ask_for(said, server_key):
    said(server_key, {"type": "group", "userId": "ada", "groupId": "acme", "messageId": "g-1"})
    assert Event.objects.get().labels == "|account=acme|"


def test_browser_key_stores_public_events_of_an_anonymous_visitor_alone(said, browser_key):
    answer = said(browser_key, {**VIEW, "anonymousId": "anon-1"}, {**ORDER, "anonymousId": "anon-1"})
    assert (answer["stored"], [each["code"] for each in answer["refused"]]) == (1, ["not_public"])
    assert answer["left_out"] == {"userId": 2}
    assert find_person("ada") is None
    assert Event.objects.get().source == "browser:page"


def test_browser_key_never_merges_into_a_customer(said, server_key, browser_key):
    """1,000 attempts: every kind of message, with ids of a customer, of their visitor, and of our own cookies."""
    said(server_key, {"type": "identify", "userId": "ada", "anonymousId": "AAAAAAAAAAAAAAAAAAAAAA", "messageId": "i-1"})
    ada = find_person("ada")
    ids = ("ada", "AAAAAAAAAAAAAAAAAAAAAA", "ext:AAAAAAAAAAAAAAAAAAAAAA", "anon-1")
    kinds = ("identify", "alias", "group", "track", "page")
    attempts = [
        {"type": kinds[n % 5], "event": "Product Viewed", "userId": ids[n // 5 % 4], "anonymousId": ids[n // 20 % 4],
         "previousId": ids[n // 80 % 4], "groupId": "g", "traits": {"tier": "gold", "userId": "ada"},
         "messageId": f"x-{n}", "properties": {"product_id": "p", "userId": "ada", "customer_key": "ada"}}
        for n in range(1000)
    ]  # fmt: skip
    answers = [said(browser_key, *attempts[start : start + 250]) for start in range(0, 1000, 250)]
    assert sum(answer["received"] for answer in answers) == 1000
    assert Event.objects.filter(profile=ada).count() == 1
    assert Profile.objects.filter(customer_key__isnull=False).count() == 1
    assert Profile.objects.filter(merged_into__isnull=False).count() == 0
    assert not Fact.objects.exists()


def test_machine_of_a_page_is_not_counted(sends, browser_key):
    answer = sends(browser_key, {"batch": [{**VIEW, "anonymousId": "a"}]}, **{"user-agent": "Googlebot/2.1"}).json()
    assert (answer["received"], answer["machines"], answer["stored"]) == (1, 1, 0)
    assert not Event.objects.exists()


# -- as clients understand it


def test_preflight_lets_a_page_of_any_origin_send(db):
    headers = {"origin": "https://other.example", "access-control-request-method": "POST",
               "access-control-request-headers": "anonymousid,authorization,content-type,sentat"}  # fmt: skip
    response = Client().options("/microseg/v1/p", headers=headers)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")
    assert response["Access-Control-Allow-Headers"] == "anonymousid,authorization,content-type,sentat"


def test_answer_can_be_read_from_any_origin_and_sets_no_cookie(sends, browser_key):
    response = sends(browser_key, {"batch": []})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


def test_database_that_fails_is_asked_again_later(sends, server_key, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("django_microseg.collect.ingest.ingest", fail)
    response = sends(server_key, {"batch": [VIEW]})
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_get_is_refused():
    response = Client().get("/microseg/v1/batch")
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")


def test_csrf_is_not_asked_for(server_key):
    body = json.dumps({"batch": [VIEW], "writeKey": server_key})
    assert Client(enforce_csrf_checks=True).post("/microseg/v1/b", body, content_type="text/plain").status_code == 200


@pytest.mark.usefixtures("in_one_minute")
def test_key_sends_no_more_than_the_limit_and_is_told_when_to_go_on(sends, server_key, settings):
    settings.MICROSEG = {**settings.MICROSEG, "WRITE_KEY_LIMIT": 3}
    assert sends(server_key, {"batch": [VIEW] * 3}).status_code == 200
    response = sends(server_key, {"batch": [VIEW]})
    assert (response.status_code, response["Retry-After"]) == (429, "50")
