"""From Segment's messages to events of ours: names, times, people, and what is not believed."""

from __future__ import annotations

import datetime as dt

import pytest

from django_microseg.profile.fact_catalogue import fact_types
from django_microseg.trackers.clock import happened_at
from django_microseg.trackers.ids import visitor_of
from django_microseg.trackers.segment_calls import Call, Sender, read_call
from django_microseg.trackers.traits import facts_of

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SERVER = Sender(is_trusted=True, received_at=NOW)
BROWSER = Sender(is_trusted=False, received_at=NOW)


def read(sender: Sender = SERVER, kind: str | None = None, **message: object) -> Call:
    return read_call({"messageId": "m-1", **message}, kind, sender)


def test_track_keeps_its_name_people_and_properties():
    event = read(type="track", event="Order Completed", userId=42, properties={"order_id": "A"}).event
    assert (event.name, event.customer_key, event.message_id) == ("Order Completed", 42, "m-1")
    assert event.properties == {"order_id": "A"}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("page", "page_viewed"), ("p", "page_viewed"), ("screen", "page_viewed"), ("s", "page_viewed"),
        ("identify", "customer_identified"), ("i", "customer_identified"), ("group", "account_joined"),
        ("g", "account_joined"), ("alias", "customer_merged"), ("a", "customer_merged"),
    ],
)  # fmt: skip
def test_each_kind_has_its_event_also_by_one_letter(kind, name):
    assert read(type=kind, userId="u").event.name == name


def test_kind_of_the_address_counts_where_the_message_names_none():
    assert read(kind="page", userId="u").event.name == "page_viewed"
    assert read(kind="track", type="identify", userId="u").event.name == "customer_identified"


def test_message_of_no_known_kind_is_a_fault():
    fault = read(type="dance", userId="u").event.fault
    assert fault is not None
    assert fault.reason == "unknown_event"


@pytest.mark.parametrize("message", [None, 3, "x", [1], True])
def test_what_is_no_object_is_a_fault(message):
    fault = read_call(message, "track", SERVER).event.fault
    assert fault is not None
    assert fault.reason == "bad_type"


def test_page_is_filled_from_its_context():
    context = {
        "page": {"path": "/boots", "title": "Boots", "referrer": "https://www.google.com/", "url": "http://s/boots"}
    }
    event = read(
        type="page", name="Home", category="Shop", userId="u", context=context, properties={"title": "Own"}
    ).event
    assert event.properties == {
        "path": "/boots", "title": "Own", "referrer": "https://www.google.com/", "url": "http://s/boots",
        "name": "Home", "category": "Shop",
    }  # fmt: skip
    assert event.channel == "search"


def test_context_of_the_batch_stands_behind_that_of_the_message():
    sender = Sender(is_trusted=True, received_at=NOW, context={"locale": "de-AT", "timezone": "Europe/Vienna"})
    event = read(sender, type="track", event="x", userId="u", context={"timezone": "Europe/Rome"}).event
    assert (event.language, event.timezone) == ("de", "Europe/Rome")


def test_campaign_device_and_place_come_from_the_context():
    context = {
        "campaign": {"name": "May", "source": "news", "medium": "email"},
        "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
        "location": {"country": "DE", "region": "Berlin"},
    }
    event = read(type="track", event="x", userId="u", context=context).event
    assert (event.campaign, event.channel, event.device) == ("may", "email", "mobile")
    assert (event.country, event.region) == ("DE", "Berlin")


def test_server_without_a_page_says_nothing_of_how_somebody_came():
    assert read(type="track", event="x", userId="u").event.channel == ""


def test_machine_is_told_by_its_agent():
    bot = {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    assert read(type="track", event="x", userId="u", context=bot).is_machine
    assert not read(type="track", event="x", userId="u", context={"userAgent": "Mozilla/5.0"}).is_machine


def test_identify_of_a_server_joins_the_visitor_and_declares():
    call = read(type="identify", userId="ada", anonymousId="anon-1", traits={"gender": "female"})
    assert (call.joins, call.event.customer_key, call.traits) == ("ext:anon-1", "ada", {"gender": "female"})
    assert call.event.properties == {}


def test_alias_of_a_server_joins_the_previous_id():
    assert read(type="alias", userId="ada", previousId="anon-1").joins == "ext:anon-1"


@pytest.mark.parametrize("kind", ["identify", "alias", "group", "track", "page"])
def test_browser_never_says_which_customer_somebody_is(kind):
    call = read(
        BROWSER, type=kind, event="x", userId="ada", anonymousId="anon-1", previousId="p", traits={"gender": "x"}
    )
    assert (call.joins, call.event.customer_key, call.traits) == ("", "", {})
    assert call.event.visitor_key == "ext:anon-1"
    assert set(call.left_out) == {"userId", "previousId", "traits"}


OURS = "AAAAAAAAAAAAAAAAAAAAAA"


def test_visitor_ids_of_outside_are_a_space_of_their_own():
    assert visitor_of("anon-1", is_trusted=True) == "ext:anon-1"
    assert visitor_of(7, is_trusted=False) == "ext:7"
    assert visitor_of(OURS, is_trusted=True) == OURS
    assert visitor_of(OURS, is_trusted=False) == f"ext:{OURS}"


@pytest.mark.parametrize("filler", [None, "", "null", " undefined ", "00000000-0000-0000-0000-000000000000", 0])
def test_fillers_name_nobody(filler):
    assert visitor_of(filler, is_trusted=True) == ""


def test_long_ids_become_short_ones_and_stay_apart():
    one, other = visitor_of("x" * 300, is_trusted=False), visitor_of("x" * 299, is_trusted=False)
    assert len(one) == len(other) == 36
    assert one != other


def test_wrong_clock_is_corrected_by_when_it_sent():
    ahead = NOW + 365 * 24 * HOUR
    assert happened_at((ahead - HOUR).isoformat(), ahead.isoformat(), NOW) == NOW - HOUR
    assert happened_at("1970-01-01T00:00:00Z", "1970-01-01T02:00:00Z", NOW) == NOW - 2 * HOUR


def test_right_clock_is_believed_to_the_millisecond():
    sent = NOW - dt.timedelta(milliseconds=700)
    assert happened_at("2026-03-01T11:00:00.123Z", sent.isoformat(), NOW) == dt.datetime(
        2026, 3, 1, 11, 0, 0, 123_000, tzinfo=dt.UTC
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, None), ("", None), ("yesterday", "yesterday"), ([1], [1]),
        (1_772_362_800_000, NOW - HOUR),  # milliseconds, as scripts write them
        ("2026-03-01T11:00:00", dt.datetime(2026, 3, 1, 11)),  # the shop's own time
    ],
)  # fmt: skip
def test_time_without_a_sending_time_stays_what_it_is(said, expected):
    assert happened_at(said, None, NOW) == expected


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 10**30, float("nan"), True])
def test_impossible_times_raise_nothing(said):
    happened_at(said, "2026-03-01T12:00:00Z", NOW)
    happened_at("2026-03-01T12:00:00Z", said, NOW)


def test_id_is_made_of_what_is_said_where_the_client_gives_none():
    message = {"type": "track", "event": "x", "userId": "u", "timestamp": "2026-03-01T11:00:00Z"}
    first, again = read_call(message, None, SERVER), read_call({**message, "sentAt": "later"}, None, SERVER)
    other = read_call({**message, "timestamp": "2026-03-01T11:00:01Z"}, None, SERVER)
    assert first.event.message_id == again.event.message_id != other.event.message_id
    timeless = {"type": "track", "event": "x", "userId": "u"}
    assert read_call(timeless, None, SERVER).event.message_id != read_call(timeless, None, SERVER).event.message_id


def test_traits_that_are_facts_are_declared_and_others_named():
    traits = {
        "birthday": "1990-02-28T00:00:00Z", "createdAt": "2024-01-02", "loyaltyPoints": 120, "newsletter": True,
        "address": {"country": "DE", "city": "Berlin", "street": "Hauptstr. 1"}, "email": "a@example.com", "age": 36,
        "gender": None, "tier": ["gold"],
    }  # fmt: skip
    declared = facts_of(traits, fact_types({}))
    assert declared.facts == {
        "birthday": "1990-02-28", "customer_since": "2024-01-02", "loyalty_points": 120, "newsletter": "yes",
        "country": "DE", "city": "Berlin",
    }  # fmt: skip
    assert declared.left_out == ("email", "age", "tier")


def test_country_by_its_name_is_not_taken_for_a_code():
    assert facts_of({"country": "Germany"}, fact_types({})).left_out == ("country",)
