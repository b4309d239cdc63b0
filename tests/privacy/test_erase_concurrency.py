"""Writers who are still busy with somebody while that person is erased bring nothing of them back."""

from __future__ import annotations

import time
from functools import partial
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from django_microseg.collect.models import Event
from django_microseg.privacy.consent import PURPOSES
from django_microseg.privacy.erase import erase_customer
from django_microseg.privacy.ledger import record_choice
from django_microseg.privacy.models import ConsentRecord
from django_microseg.profile.errors import PersonErased
from django_microseg.profile.facts import Declaration, set_facts
from django_microseg.profile.merge import merge_at_login
from django_microseg.profile.models import Profile, Tombstone
from tests.effort import cases
from tests.privacy.lives import NOW, everything, hits
from tests.profile.people import person, track
from tests.profile.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_cache")]

ROUNDS = cases(quick=5, ci=20) if connection.vendor == "postgresql" else 2


def write(visitor_key: str, customer_key: str, until: list[bool]) -> None:
    """Goes on for a while after the erasure, as a browser would that knows nothing of it."""
    for _ in range(20):
        track(visitor_key, customer_key)
    while not until:
        track(visitor_key, customer_key)
    for _ in range(5):
        track(visitor_key, customer_key)


def log_in(until: list[bool]) -> None:
    while not until:
        try:
            merge_at_login("jane-phone-8f2c", "jane-7711", now=NOW)
        except PersonErased:
            return


def declare(profile: Profile, until: list[bool]) -> None:
    while not until:
        set_facts([Declaration(profile.pk, "tier", "gold", "crm")], now=NOW)
        record_choice("jane-phone-8f2c", PURPOSES, text_version="1", now=NOW)
        record_choice("jane-phone-8f2c", PURPOSES[:1], text_version="1", now=NOW)


def test_writers_under_way_bring_nobody_back() -> None:
    neighbour = person("john-phone-77de", "john-42")
    errors: list[BaseException] = []
    for _ in range(ROUNDS):
        until: list[bool] = []
        jane = person("jane-phone-8f2c")
        merge_at_login("jane-phone-8f2c", "jane-7711", now=NOW)

        def forget(until: list[bool] = until) -> None:
            time.sleep(0.02)
            erase_customer("jane-7711", now=NOW)
            until.append(True)

        errors += at_once(
            partial(write, "jane-phone-8f2c", "", until),
            partial(write, "jane-phone-8f2c", "jane-7711", until),
            partial(write, "", "jane-7711", until),
            partial(write, "john-phone-77de", "john-42", until),
            partial(log_in, until),
            partial(declare, jane, until),
            forget,
        )
        assert errors == []
        assert hits("jane-phone-8f2c", "jane-7711", str(jane.key)) == []
        assert {row.profile_id for row in Event.objects.all()} == {neighbour.pk}
        Tombstone.objects.all().delete()
    assert len(everything()["django_microseg.Profile"]) == 1


@pytest.mark.postgres
def test_consent_that_is_given_during_an_erasure_leaves_no_row() -> None:
    person("jane-phone-8f2c", "jane-7711")
    consent = Thread(target=_consent)
    with transaction.atomic():
        erase_customer("jane-7711", now=NOW)
        consent.start()
        time.sleep(0.3)
    consent.join()
    assert ConsentRecord.objects.count() == 0


def _consent() -> None:
    try:
        record_choice("jane-phone-8f2c", PURPOSES, text_version="1", now=NOW)
    finally:
        connections.close_all()
