"""Data health: what came in and what did not, counted by day and event, and read by who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from django_microseg.collect import counts
from django_microseg.collect.counts import COUNTS
from django_microseg.collect.incoming import IncomingEvent
from django_microseg.collect.ingest import ingest
from django_microseg.collect.models import IntakeCount
from django_microseg.privacy.consent import PURPOSES
from django_microseg.privacy.ledger import record_choice
from tests.admin.reading import read
from tests.doors.agents import GOOGLEBOT
from tests.doors.browsers import undecided

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock_stands_still")]

PAGE = "/admin/django_microseg/intakecount/"


def come(*names: str, minutes_ago: float = 0, prefix: str = "m", **properties: object) -> None:
    at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    events = [  # the clock stands still, so what is sent again is the same
        IncomingEvent(name, f"{prefix}-{number}", at, customer_key="17", properties=properties)
        for number, name in enumerate(names)
    ]
    ingest(events, source="shop", received_at=timezone.now())


def counted() -> dict[str, tuple[int, int, int, int]]:
    COUNTS.write()
    rows = IntakeCount.objects.values_list("name", "stored", "refused", "repeated", "late")
    return {name: tuple(figures) for name, *figures in rows}


def test_everything_received_is_counted_once():
    come("logged_in", "logged_out", "nonsense")
    come("logged_in", minutes_ago=90, prefix="late")
    come("logged_in", "logged_out", "nonsense")
    assert counted() == {"logged_in": (2, 0, 1, 1), "logged_out": (1, 0, 1, 0), "": (0, 1, 1, 0)}
    come("logged_in", prefix="more")
    assert counted()["logged_in"] == (3, 0, 1, 1)


def test_page_says_it_in_words(owner):
    come("logged_in", "logged_in", "nonsense")
    come("product_viewed", product_id="p1", shoe_size=43, prefix="v")
    record_choice("visitor-1", PURPOSES, text_version="1", now=timezone.now())
    record_choice("visitor-2", ["measurement"], text_version="1", now=timezone.now())
    record_choice("visitor-2", [], text_version="1", now=timezone.now())
    words = read(owner.get(PAGE).text).words
    assert "4 events came in: 75.0 % were stored, 25.0 % refused, 0.0 % had been sent before." in words
    assert "unknown_event 1 No event of this name is known" in words
    assert "2 visitors said yes. By purpose: measurement 100.0 %, personalisation 50.0 %, advertising 50.0 %." in words
    assert "1 took it back." in words
    assert "product_viewed shoe_size 1" in words


def test_machines_are_counted_and_nothing_else_of_them(owner, client):
    undecided(agent=GOOGLEBOT).get("/about/")
    undecided().get("/about/")
    COUNTS.write()
    assert [(row.source, row.machines, row.stored) for row in IntakeCount.objects.all()] == [("web", 1, 0)]
    come("logged_in")
    assert "A machine was shown 1 page." in owner.get(PAGE).text


def test_period_is_chosen_and_nonsense_is_the_shortest(owner):
    IntakeCount.objects.create(
        day=timezone.now().date() - dt.timedelta(days=20), source="shop", name="logged_in", stored=5
    )
    assert "Nothing came in during the last 7 days." in owner.get(PAGE, {"days": "-1"}).text
    assert "5 events came in" in owner.get(PAGE, {"days": "30"}).text


def test_page_needs_its_permission_and_no_inline_code(owner, staff):
    assert staff("view_segment").get(PAGE).status_code == 403
    assert staff("view_intakecount").get(PAGE).status_code == 200
    come("logged_in", "nonsense")
    assert read(owner.get(PAGE).text).refused == []
    assert "quarantinedevent" not in "".join(read(staff("view_intakecount").get(PAGE).text).addresses())


def test_page_takes_as_many_queries_for_many_events(owner, django_assert_max_num_queries):
    come("logged_in", "nonsense")
    with django_assert_max_num_queries(17):  # the first look writes what was counted
        owner.get(PAGE)
    come(*["logged_out", "page_viewed", "cart_viewed", "nonsense-2", "app_opened"] * 20, prefix="many")
    COUNTS.write()
    with django_assert_max_num_queries(12):
        owner.get(PAGE)


@pytest.mark.django_db(transaction=True)
def test_counts_are_written_now_and_then_and_never_within_a_transaction(monkeypatch, django_assert_num_queries):
    come("logged_in")
    assert not IntakeCount.objects.exists()
    monkeypatch.setattr(counts, "SECONDS", 0.0)
    come("logged_in", prefix="n")
    assert IntakeCount.objects.get().stored == 2
    with django_assert_num_queries(0):
        COUNTS.clear()


def test_counts_that_cannot_be_written_cost_nobody_anything(monkeypatch, caplog):
    def fail(rows: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(counts, "_add", fail)
    come("logged_in")
    COUNTS.write()
    assert "could not be written" in caplog.text


def test_old_days_are_forgotten():
    day = timezone.now().date() - dt.timedelta(days=500)
    IntakeCount.objects.create(day=day, source="shop", name="logged_in", stored=1)
    come("logged_in")
    assert counted() == {"logged_in": (1, 0, 0, 0)}
