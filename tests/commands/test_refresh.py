"""The command `microseg_refresh`: sizes by slug, a clock of its own, and no past written as today's."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import OperationalError

from django_microseg.profile.models import PopulationFact, Profile
from django_microseg.segment.models import Membership, MembershipChange, RefreshRun, Segment, SegmentSize
from django_microseg.segment.sweep import sweep
from tests.commands.console import refusal, say, say_json
from tests.commands.shop import NOW, fill, order, segment

pytestmark = pytest.mark.django_db

RECENT = 'count("order_completed", days=30) >= 1'
BIG = 'avg("order_completed", "value") > 1 * shop("average_order_value")'


@pytest.fixture
def shop() -> None:
    """Orders of 10, 20, 30 (anna), 90 (bert) and 5 (cleo): the average is 31, only bert's is above it."""
    fill()
    segment("recent", RECENT)
    segment("big", BIG)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("by", ["fold", "scan"])
def test_sizes_as_json(by: str) -> None:
    assert say_json("microseg_refresh", "--now", "2026-03-01T12:00:00+00:00", "--by", by) == {
        "now": "2026-03-01T12:00:00+00:00",
        "by": by,
        "profiles": 3,
        "segments": {"big": 1, "recent": 2},
    }


@pytest.mark.usefixtures("shop")
def test_a_table_for_people() -> None:
    lines = say("microseg_refresh", "--now", "2026-03-01T12:00").splitlines()
    assert [line.split() for line in lines[-4:-2]] == [["big", "Big", "1", "33.3%"], ["recent", "Recent", "2", "66.7%"]]
    assert lines[-1] == "3 profiles."


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("by", ["fold", "scan"])
def test_the_shops_own_figures_come_first(by: str) -> None:
    fill(order("cleo", 3, 1000))
    say("microseg_refresh", "--now", "2026-03-01T12:00", "--by", by)
    assert list(PopulationFact.objects.order_by("pk").values_list("numerator", "denominator")) == [
        (15500, 5),
        (115500, 6),
    ]
    assert list(Membership.objects.filter(segment__slug="big").values_list("profile__customer_key", flat=True)) == [
        "cleo"
    ]


@pytest.mark.usefixtures("shop")
def test_sizes_and_their_time_are_noted_on_the_segments() -> None:
    say("microseg_refresh", "--now", "2026-03-20T12:00:00Z")
    recent = Segment.objects.get(slug="recent")
    assert (recent.size, recent.size_at) == (2, dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC))


@pytest.mark.usefixtures("shop")
def test_a_time_without_a_zone_is_the_shops() -> None:
    assert say_json("microseg_refresh", "--now", "2026-07-01T12:00:00")["now"] == "2026-07-01T12:00:00+01:00"


@pytest.mark.usefixtures("shop")
def test_a_moment_before_the_last_event_is_refused_with_2() -> None:
    code, sentence = refusal("microseg_refresh", "--now", "2026-02-01T00:00")
    assert code == 2
    assert sentence.startswith("There are events after 2026-02-01 00:00, up to 2026-02-28 12:00:")


def _everything() -> list[Any]:
    tables = (Membership, MembershipChange, PopulationFact, RefreshRun, Segment, Profile)
    return [sorted(table.objects.values_list(), key=repr) for table in tables]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("by", ["fold", "scan"])
def test_a_dry_run_looks_into_the_past_and_writes_nothing(by: str) -> None:
    before = _everything()
    # On 15 December only bert's and anna's first order lie behind or ahead: anna ordered on the 11th, bert on 21 Nov.
    assert say_json("microseg_refresh", "--now", "2025-12-15T00:00", "--by", by, "--dry-run") == {
        "now": "2025-12-15T00:00:00+00:00",
        "by": by,
        "profiles": 3,
        "segments": {"big": 1, "recent": 2},
    }
    assert _everything() == before


@pytest.mark.usefixtures("shop")
def test_runs_are_recorded() -> None:
    RefreshRun.objects.all().delete()
    say("microseg_refresh", "--now", "2026-03-01T12:00")
    assert list(RefreshRun.objects.order_by("pk").values_list("kind", "state", "profiles")) == [
        ("full", "done", 3),
        ("population", "done", 0),
    ]


@pytest.mark.usefixtures("shop")
def test_a_refresh_that_fails_says_why_and_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**options: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr("django_microseg.segment.shards.refresh_span", fail)
    code, sentence = refusal("microseg_refresh", "--now", "2026-03-01T12:00")
    assert (code, sentence) == (2, "The full refresh stopped after 0 profiles: OperationalError: disk full.")
    assert RefreshRun.objects.get(kind="full").state == "cancelled"


def test_without_segments_it_says_how_to_get_some() -> None:
    heard = io.StringIO()
    assert say("microseg_refresh", "--dry-run", stderr=heard).endswith("0 profiles. Dry run: nothing was written.\n")
    assert "microseg_presets" in heard.getvalue()


@pytest.mark.parametrize("by", ["fold", "scan"])
def test_a_refresh_as_of_the_past_leaves_nobody_there(by: str) -> None:
    fill()
    segment("recent", RECENT)
    later = NOW + dt.timedelta(days=60)
    say("microseg_refresh", "--now", later.isoformat())
    assert say_json("microseg_refresh", "--now", NOW.isoformat(), "--by", by)["segments"] == {"recent": 2}
    sweep(later)
    assert not Membership.objects.exists()


def test_a_time_that_is_none_is_refused_with_2() -> None:
    assert refusal("microseg_refresh", "--now", "tomorrow")[0] == 2


@pytest.mark.usefixtures("shop")
def test_past_days_are_written_for_the_charts() -> None:
    say("microseg_refresh", "--now", "2026-03-01T12:00", "--past-days", "2")
    rows = SegmentSize.objects.filter(is_recomputed=True).order_by("segment__slug", "day")
    assert list(rows.values_list("segment__slug", "size")) == [("big", 1), ("big", 1), ("recent", 1), ("recent", 2)]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("wrong", [["--past-days", "0"], ["--past-days", "2", "--dry-run"]])
def test_past_days_that_make_no_sense_are_refused(wrong: list[str]) -> None:
    message = "--past-days takes a number above 0, and writes: leave --dry-run out."
    assert refusal("microseg_refresh", *wrong) == (2, message)
    assert not SegmentSize.objects.filter(is_recomputed=True).exists()
