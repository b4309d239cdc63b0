"""Retention: what has been kept long enough goes on the second, what is a second younger stays, and events stay."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model

from django_microseg.collect.hooks import PersonKey
from django_microseg.collect.models import Event, EventKey, ImportMark, QuarantinedEvent
from django_microseg.decide.offers.models import Offer, Redemption, RedemptionKey
from django_microseg.management.commands import microseg_purge
from django_microseg.privacy.consent import PURPOSES
from django_microseg.privacy.ledger import record_choice
from django_microseg.privacy.models import ConsentRecord
from django_microseg.privacy.retention import count_expired, purge_daily, purge_expired
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Identity, PopulationFact, Profile, Tombstone
from django_microseg.profile.resolve import resolve
from django_microseg.segment.heartbeat import PURGE, last_seen
from django_microseg.segment.models import MembershipChange, RefreshRun, RefreshShard, Segment
from django_microseg.segment.uploads.models import Upload
from tests.privacy.lives import NOW, quarantined, view

pytestmark = pytest.mark.django_db

DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def a_quarantined_event(at: dt.datetime) -> Model:
    row = quarantined()
    QuarantinedEvent.objects.filter(pk=row.pk).update(received_at=at)
    return row


def an_ended_consent(at: dt.datetime) -> Model:
    return ConsentRecord.objects.create(visitor_key="gone", text_version="1", given_at=at - DAY, ended_at=at)


def a_change(at: dt.datetime) -> Model:
    segment, _ = Segment.objects.get_or_create(slug="s", name="S")
    person = Profile.objects.create(created_at=at)
    return MembershipChange.objects.create(
        profile=person, segment=segment, is_entry=True, cause="event", changed_at=at, delivered_at=at
    )


def a_run(at: dt.datetime) -> Model:
    run = RefreshRun.objects.create(kind="full", state="done", started_at=at)
    RefreshShard.objects.create(run=run, low=1, high=2, reached=2)
    return run


def a_figure(at: dt.datetime) -> Model:
    figure = PopulationFact.objects.create(name=f"f{at}", numerator=1, denominator=1, computed_at=at, settled_at=at)
    PopulationFact.objects.create(
        name=figure.name, numerator=2, denominator=1, computed_at=NOW + 9999 * DAY, settled_at=NOW
    )
    return figure


def an_import(at: dt.datetime) -> Model:
    return ImportMark.objects.create(fingerprint=str(at)[:32], row=1, moved_at=at)


def an_upload(at: dt.datetime) -> Model:
    return Upload.objects.create(name="crm.csv", kind="customers", content=b"customer_id\n1\n", uploaded_at=at)


def a_redemption_key(at: dt.datetime) -> Model:
    """Of an offer that ended at that moment."""
    offer = Offer.objects.create(slug=f"o-{at:%Y%m%d%H%M%S}", percent_hundredths=1000, ends_at=at)
    redemption = Redemption.objects.create(
        offer=offer, order_key="A-1", amount_minor=100, currency="EUR", redeemed_at=at - DAY
    )
    return RedemptionKey.objects.create(redemption=redemption, scope=offer.slug, kind="email", digest=offer.slug)


KINDS = [
    ("quarantine", 30, a_quarantined_event),
    ("consents", 1095, an_ended_consent),
    ("changes", 730, a_change),
    ("runs", 7, a_run),
    ("figures", 90, a_figure),
    ("imports", 30, an_import),
    ("uploads", 30, an_upload),
    ("redemption_keys", 90, a_redemption_key),
]


@pytest.mark.parametrize(("kind", "days", "make"), KINDS)
def test_it_stays_a_second_before_its_time_and_goes_a_second_after(
    kind: str, days: int, make: Callable[[dt.datetime], Model]
) -> None:
    younger, older = make(NOW - days * DAY + SECOND), make(NOW - days * DAY - SECOND)
    assert count_expired(now=NOW)[kind] == 1
    assert purge_expired(now=NOW)[kind] == 1
    rows = type(older)._default_manager.filter(pk__in=[younger.pk, older.pk])
    assert list(rows.values_list("pk", flat=True)) == [younger.pk]
    assert purge_expired(now=NOW + 2 * SECOND)[kind] == 1


@pytest.mark.parametrize(("kind", "days", "make"), KINDS)
def test_shop_may_keep_it_for_ever(kind: str, days: int, make: Callable[[dt.datetime], Model], settings: Any) -> None:
    settings.MICROSEG = {"RETENTION_DAYS": {kind: None}}
    row = make(NOW - 9999 * DAY)
    assert kind not in purge_expired(now=NOW)
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_shops_own_number_of_days_counts_and_the_rest_stays_as_it_is(settings: Any) -> None:
    settings.MICROSEG = {"RETENTION_DAYS": {"quarantine": 3}}
    a_quarantined_event(NOW - 3 * DAY)
    a_run(NOW - 7 * DAY)
    purged = purge_expired(now=NOW)
    assert (purged["quarantine"], purged["runs"]) == (1, 1)


def test_days_are_24_hours_when_clocks_change() -> None:
    # London's clocks went forward on 29 March 2026.
    now = dt.datetime(2026, 3, 30, 12, tzinfo=dt.UTC)
    a_run(now - 7 * DAY)
    a_run(now - 7 * DAY + SECOND)
    assert purge_expired(now=now)["runs"] == 1


def test_undelivered_change_stays() -> None:
    MembershipChange.objects.filter(pk=a_change(NOW - 9999 * DAY).pk).update(delivered_at=None)
    assert purge_expired(now=NOW)["changes"] == 0


def test_newest_figure_stays_however_old_it_is() -> None:
    PopulationFact.objects.create(name="f", numerator=1, denominator=1, computed_at=NOW - 9999 * DAY, settled_at=NOW)
    assert purge_expired(now=NOW)["figures"] == 0


def test_consent_that_stands_stays() -> None:
    ConsentRecord.objects.create(visitor_key="here", text_version="1", given_at=NOW - 9999 * DAY)
    assert purge_expired(now=NOW)["consents"] == 0


def test_tombstone_goes_when_it_has_served_and_one_for_good_stays() -> None:
    for digest, expires_at in (("served", NOW), ("not yet", NOW + SECOND), ("for good", None)):
        Tombstone.objects.create(digest=digest, erased_at=NOW - DAY, expires_at=expires_at)
    assert purge_expired(now=NOW)["tombstones"] == 1
    assert set(Tombstone.objects.values_list("digest", flat=True)) == {"not yet", "for good"}


# -- who withdrew consent


def visitor(key: str, *, basis: str = "consent") -> Profile:
    """Somebody who consented a hundred days ago and looked at something."""
    person = PersonKey(key, "")
    with transaction.atomic():
        profile = resolve([person], now=NOW - 100 * DAY)[person]
        event = view(profile, key, {})
        Event.objects.filter(pk=event.pk).update(basis=basis)
    record_choice(key, PURPOSES, text_version="1", now=NOW - 100 * DAY)
    return profile


def withdraw(key: str, at: dt.datetime) -> None:
    record_choice(key, (), text_version="1", now=at)


def test_visitor_who_withdrew_goes_with_everything_a_month_later_and_the_twin_stays() -> None:
    for key in ("left", "later", "stays"):
        visitor(key)
    withdraw("left", NOW - 30 * DAY)
    withdraw("later", NOW - 30 * DAY + SECOND)
    assert count_expired(now=NOW)["withdrawn"] == 1
    assert purge_expired(now=NOW)["withdrawn"] == 1
    assert set(Identity.objects.values_list("value", flat=True)) == {"later", "stays"}
    assert set(Event.objects.values_list("visitor_key", flat=True)) == {"later", "stays"}
    assert set(ConsentRecord.objects.values_list("visitor_key", flat=True)) == {"later", "stays"}


def test_visitor_who_consented_again_stays() -> None:
    visitor("back")
    withdraw("back", NOW - 60 * DAY)
    record_choice("back", PURPOSES, text_version="1", now=NOW - 59 * DAY)
    assert purge_expired(now=NOW)["withdrawn"] == 0


def test_customer_stays_for_orders_stand_on_a_contract() -> None:
    visitor("known")
    merge_at_login("known", "ann", now=NOW - 90 * DAY)
    withdraw("known", NOW - 60 * DAY)
    assert purge_expired(now=NOW)["withdrawn"] == 0


def test_guest_who_ordered_stays() -> None:
    visitor("guest", basis="contract")
    withdraw("guest", NOW - 60 * DAY)
    assert purge_expired(now=NOW)["withdrawn"] == 0


def test_visitor_who_still_consents_on_another_browser_stays() -> None:
    profile = visitor("phone")
    withdraw("phone", NOW - 60 * DAY)
    Identity.objects.create(kind="visitor", value="laptop", profile=profile, first_seen_at=NOW)
    assert purge_expired(now=NOW)["withdrawn"] == 0


def test_visitor_whom_we_know_by_e_mail_stays() -> None:
    profile = visitor("phone")
    withdraw("phone", NOW - 60 * DAY)
    Identity.objects.create(kind="email", value="hash", profile=profile, first_seen_at=NOW)
    assert purge_expired(now=NOW)["withdrawn"] == 0


def test_old_events_and_their_keys_stay() -> None:
    visitor("stays")
    Event.objects.update(occurred_at=NOW - 9999 * DAY, received_at=NOW - 9999 * DAY)
    EventKey.objects.update(received_at=NOW - 9999 * DAY)
    purge_expired(now=NOW)
    assert (Event.objects.count(), EventKey.objects.count()) == (1, 1)


# -- a little at a time


def test_more_than_a_batch_goes_and_a_stop_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_microseg.privacy.retention._BATCH", 2)
    for _ in range(5):
        a_run(NOW - 30 * DAY)
    asked: list[int] = []

    def stop_soon() -> bool:
        asked.append(1)
        return RefreshRun.objects.count() <= 3

    assert purge_expired(now=NOW, should_stop=stop_soon)["runs"] == 2
    assert last_seen(PURGE) is None
    assert purge_expired(now=NOW)["runs"] == 3
    assert last_seen(PURGE) == NOW


def test_once_a_day_is_enough() -> None:
    purged = [purge_daily(now=NOW + hours * dt.timedelta(hours=1)) for hours in (0, 23, 24)]
    assert [bool(each) for each in purged] == [True, False, True]


# -- the command


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("microseg_purge", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microseg_purge.timezone, "now", lambda: NOW)


@pytest.mark.usefixtures("_now")
def test_command_says_how_much_of_each_kind_it_removed() -> None:
    a_run(NOW - 7 * DAY)
    lines = [line.split() for line in run().splitlines()]
    assert lines[0] == ["kind", "removed"]
    assert ["runs", "1"] in lines
    assert ["changes", "0"] in lines
    assert not RefreshRun.objects.exists()


@pytest.mark.usefixtures("_now")
def test_dry_run_counts_and_removes_nothing() -> None:
    a_run(NOW - 7 * DAY)
    visitor("left")
    withdraw("left", NOW - 60 * DAY)
    counts = json.loads(run("--dry-run", "--json"))
    assert counts == {
        "quarantine": 0, "withdrawn": 1, "consents": 0, "changes": 0, "runs": 1, "figures": 0, "imports": 0,
        "uploads": 0,         "redemption_keys": 0, "tombstones": 0,
    }  # fmt: skip
    assert (RefreshRun.objects.count(), Profile.objects.count()) == (1, 1)
    assert run("--dry-run").splitlines()[-1] == "Dry run: nothing was removed."


def test_key_of_an_offer_without_an_end_stays() -> None:
    key = a_redemption_key(NOW - 9999 * DAY)
    Offer.objects.update(ends_at=None)
    assert purge_expired(now=NOW)["redemption_keys"] == 0
    assert RedemptionKey.objects.get() == key
