from __future__ import annotations

import json
from typing import Any

import pytest

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import Event, EventKey, QuarantinedEvent
from django_microseg.privacy import registry
from django_microseg.privacy.erase import erase, erase_customer
from django_microseg.privacy.registry import CacheEntry, tables
from django_microseg.profile.errors import MergeUndoRefused, PersonErased
from django_microseg.profile.merge import merge_at_login, unmerge
from django_microseg.profile.models import Merge, Profile, Tombstone
from django_microseg.profile.resolve import resolve
from django_microseg.segment.models import Segment
from tests.privacy.lives import NOW, everything, hits, live, quarantined, view

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_cache")]

JANE = {"customer_key": "jane-7711", "visitor_keys": ["jane-phone-8f2c", "jane-desk-11aa"], "email": "jane@x.com"}
JOHN = {"customer_key": "john-42", "visitor_keys": ["john-phone-77de"], "email": "john@x.com"}
ERASED = {"now": NOW, "words": ["jane@x.com"]}


@pytest.fixture
def neighbour() -> Profile:
    return live(**JOHN)


def words_of(profile: Profile) -> tuple[str, ...]:
    sources = Profile.objects.filter(merged_into=profile).values_list("key", flat=True)
    keys = [str(profile.key), *(str(key) for key in sources)]
    return ("jane-7711", "jane-phone-8f2c", "jane-desk-11aa", "jane@x.com", *keys)


def test_nothing_of_the_person_is_left_anywhere_and_the_neighbour_is_untouched(
    neighbour: Profile,
) -> None:
    before = everything()
    jane = live(**JANE)
    words = words_of(jane)
    assert len({each.split(":")[0] for each in hits(*words)}) > 10
    erase_customer("jane-7711", **ERASED)
    assert hits(*words) == []
    assert everything() == before
    assert neighbour.customer_key == "john-42"


def test_counts_name_every_table_and_cache(neighbour: Profile) -> None:
    live(**JANE)
    counts = erase_customer("jane-7711", **ERASED)
    assert {name: rows for name, rows in counts.items() if rows} == {
        "django_microseg_event": 3,
        "django_microseg_quarantinedevent": 4,
        "django_microseg_merge": 2,
        "django_microseg_fact": 1,
        "django_microseg_upload": 1,
        "django_microseg_comparedvalue": 1,
        "django_microseg_membership": 1,
        "django_microseg_membershipchange": 1,
        "django_microseg_redemption": 1,
        "django_microseg_identity": 4,
        "django_microseg_consentrecord": 2,
        "django_microseg_profile": 2,
        "cache:shared cache": 2,
    }
    assert set(counts) >= {entry.table for entry in tables()}


def test_second_run_finds_nothing_and_changes_nothing(neighbour: Profile) -> None:
    live(**JANE)
    erase_customer("jane-7711", **ERASED)
    before = everything(but=())
    again = erase_customer("jane-7711", **ERASED)
    assert set(again.values()) == {0}
    assert everything(but=()) == before


def test_visitor_who_is_no_customer_can_be_erased() -> None:
    key = PersonKey("shy-visitor-1", "")
    visitor = resolve([key], now=NOW)[key]
    view(visitor, "shy-visitor-1", {})
    erase(visitor, now=NOW)
    assert hits("shy-visitor-1", str(visitor.key)) == []


def test_merged_profile_leads_to_the_whole_person() -> None:
    jane = live(**JANE)
    words = words_of(jane)
    old = Profile.objects.get(merged_into=jane)
    erase(old, **ERASED)
    assert hits(*words) == []


def test_customer_without_a_profile_is_removed_from_quarantine() -> None:
    quarantined(customer_key="jane-7711")
    kept = quarantined(customer_key="john-42")
    assert erase_customer("jane-7711", now=NOW)["django_microseg_quarantinedevent"] == 1
    assert list(QuarantinedEvent.objects.all()) == [kept]


def test_segment_sizes_remain() -> None:
    live(**JANE)
    erase_customer("jane-7711", **ERASED)
    assert Segment.objects.get().size == 2


def test_event_of_another_customer_on_a_shared_browser_stays_without_the_id(
    neighbour: Profile,
) -> None:
    live(**JANE)
    shared = view(neighbour, "jane-phone-8f2c", {})
    erase_customer("jane-7711", **ERASED)
    shared.refresh_from_db()
    assert (shared.profile, shared.visitor_key) == (neighbour, "")


def test_visitor_whose_merge_was_undone_is_somebody_else() -> None:
    live(**JANE)
    merge = Merge.objects.get(visitor_keys=["jane-desk-11aa"])
    stranger = unmerge(merge, now=NOW)
    erase_customer("jane-7711", **ERASED)
    assert list(Profile.objects.all()) == [stranger]
    assert list(Event.objects.values_list("visitor_key", flat=True)) == ["jane-desk-11aa"]


def test_merge_with_an_erased_person_cannot_be_undone() -> None:
    live(**JANE)
    merge = Merge.objects.latest("pk")
    erase_customer("jane-7711", **ERASED)
    with pytest.raises(MergeUndoRefused, match="one of the two people was erased"):
        unmerge(merge, now=NOW)


def test_old_cookie_and_late_message_bring_nobody_back() -> None:
    live(**JANE)
    erase_customer("jane-7711", **ERASED)
    keys = [PersonKey("jane-phone-8f2c", ""), PersonKey("", "jane-7711"), PersonKey("jane-desk-11aa", "john-42")]
    assert resolve(keys, now=NOW) == {}
    with pytest.raises(PersonErased):
        merge_at_login("jane-phone-8f2c", "jane-7711", now=NOW)
    assert Profile.objects.count() == 0


def test_keys_of_messages_stay_so_that_a_repeated_import_adds_nothing() -> None:
    live(**JANE)
    erase_customer("jane-7711", **ERASED)
    assert (Event.objects.count(), EventKey.objects.count()) == (0, 3)


def test_tombstones_are_left_for_each_id() -> None:
    live(**JANE)
    erase_customer("jane-7711", **ERASED)
    assert Tombstone.objects.count() == 3


def test_cache_that_does_not_answer_keeps_everything_for_another_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live(**JANE)
    before = everything()

    def fail(subject: Any) -> int:
        raise ConnectionError("the cache is down")

    broken = CacheEntry("broken", find=lambda subject: {}, erase=fail)
    monkeypatch.setitem(registry._caches, "broken", broken)
    with pytest.raises(ConnectionError):
        erase_customer("jane-7711", **ERASED)
    assert everything() == before


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps({"customer_key": "42"}),
        json.dumps({"user": {"id": 1}, "userId": 42}),
        '{"user_id": 42, "broken',
        "customer-id=42&price=1",
        json.dumps({"body": json.dumps({"userId": "42"})}),
    ],
)
def test_quarantined_text_that_names_a_numeric_customer_goes(payload: str) -> None:
    quarantined(payload)
    erase_customer("42", now=NOW)
    assert QuarantinedEvent.objects.count() == 0


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps({"price": 42, "userId": "7"}),
        json.dumps({"user_id": 421}),
        json.dumps({"userId": "1-42"}),
        json.dumps({"product_id": "42"}),
        "42",
    ],
)
def test_quarantined_text_in_which_the_number_means_something_else_stays(payload: str) -> None:
    quarantined(payload)
    erase_customer("42", now=NOW)
    assert QuarantinedEvent.objects.count() == 1


def test_refused_event_of_an_erased_person_leaves_nothing_of_them() -> None:
    live(**JANE)
    visitor_key = JANE["visitor_keys"][0]
    erase_customer("jane-7711", **ERASED)
    late = IncomingEvent(
        name="no_such_event", message_id="late-1", visitor_key=visitor_key, properties={"note": "jane"}
    )
    report = ingest([late], source="server", received_at=NOW)
    assert report.quarantined == 1
    row = QuarantinedEvent.objects.get(name="no_such_event")
    assert (row.reason, row.visitor_key, row.payload) == ("erased_person", "", "")


def test_refused_event_of_somebody_else_is_kept_whole() -> None:
    report = ingest(
        [IncomingEvent(name="no_such_event", message_id="late-2", visitor_key="somebody-else")],
        source="server",
        received_at=NOW,
    )
    assert report.quarantined == 1
    assert QuarantinedEvent.objects.get(name="no_such_event").visitor_key == "somebody-else"
