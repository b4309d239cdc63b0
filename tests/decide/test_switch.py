"""The kill switch as a service: what it writes, and that saying it twice does no harm."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from django_microseg.decide.models import Experience
from django_microseg.decide.publish import save_experience
from django_microseg.decide.switch import Stop, current_stop, start, stop
from django_microseg.segment.models import Publication
from django_microseg.segment.publication import publish_population, publish_ruleset

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=1)


def test_shop_that_never_published_can_be_stopped():
    assert stop(by="ada", note="wrong prices", now=NOON) == Stop(NOON, "ada", "wrong prices")
    assert (current_stop(), Publication.objects.get().version) == (Stop(NOON, "ada", "wrong prices"), 1)


def test_second_stop_renews_the_note_and_keeps_since_when():
    stop(by="ada", now=NOON)
    assert stop(by="bea", note="still", now=LATER) == Stop(NOON, "bea", "still")


def test_start_leaves_no_trace_and_says_whether_there_was_a_stop():
    stop(by="ada", note="wrong prices", now=NOON)
    assert (start(now=LATER), start(now=LATER)) == (True, False)
    row = Publication.objects.get()
    assert (current_stop(), row.stopped_by, row.stopped_at, row.stop_note, row.version) == (None, "", None, "", 2)


def test_what_is_too_long_is_cut_rather_than_refused():
    assert stop(by="b" * 200, note="n" * 300, now=NOON) == Stop(NOON, "b" * 150, "n" * 200)


def test_publishing_anything_else_does_not_start_it():
    stop(by="ada", now=NOON)
    save_experience(Experience(slug="one", name="One", slot="s", state="live", content_html="x"), now=timezone.now())
    publish_ruleset(LATER)
    publish_population({"average_order_value": (1, 1)}, now=LATER)
    assert current_stop() == Stop(NOON, "ada", "")


def test_what_is_live_stays_published_for_the_day_it_starts_again():
    save_experience(Experience(slug="one", name="One", slot="s", state="live", content_html="x"), now=NOON)
    stop(by="ada", now=NOON)
    start(now=LATER)
    assert [each["slug"] for each in Publication.objects.get().experiences] == ["one"]
