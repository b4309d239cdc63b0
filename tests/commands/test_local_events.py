"""`microseg_local_events`: an iCalendar file becomes rows for rules, again and again the same."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.utils import timezone

from django_microseg.collect.surroundings.models import LocalEvent
from tests.commands.console import refusal, say

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)


def _day(offset: int) -> str:
    return (TODAY + dt.timedelta(days=offset)).strftime("%Y%m%d")


def _calendar(path: Path, *events: str) -> Path:
    file = path / "fairs.ics"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", f"DTSTAMP:{_day(0)}T000000Z", *event.split("|"), "END:VEVENT"]
    file.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]))
    return file


FAIR = f"UID:fair|SUMMARY:Summer Fair|DTSTART;VALUE=DATE:{_day(10)}|DTEND;VALUE=DATE:{_day(12)}"
MATCH = f"UID:match|SUMMARY:Home match|DTSTART:{_day(3)}T180000Z|DURATION:PT2H"
OVER = f"UID:over|SUMMARY:Long ago|DTSTART:{_day(-9)}T180000Z|DTEND:{_day(-9)}T190000Z"
NAMELESS = f"UID:x|DTSTART:{_day(3)}T180000Z|DTEND:{_day(3)}T190000Z"


def test_events_are_kept_for_their_place_in_its_zone(tmp_path: Path) -> None:
    said = say("microseg_local_events", _calendar(tmp_path, FAIR, MATCH), "--place", "DE-BY", "--zone", "Asia/Tokyo")
    assert "2 new events, 0 changed." in said
    match, fair = LocalEvent.objects.order_by("starts_at")
    assert (match.name, match.country, match.region) == ("Home match", "DE", "BY")
    assert match.ends_at - match.starts_at == dt.timedelta(hours=2)
    # Whole days are those of the zone: midnight in Tokyo is 15:00 UTC of the day before.
    assert fair.starts_at == dt.datetime.combine(TODAY + dt.timedelta(days=9), dt.time(15), tzinfo=dt.UTC)
    assert fair.ends_at - fair.starts_at == dt.timedelta(days=2)


def test_same_file_again_changes_nothing_and_a_newer_one_what_it_says(tmp_path: Path) -> None:
    file = _calendar(tmp_path, FAIR, MATCH)
    say("microseg_local_events", file)
    before = list(LocalEvent.objects.order_by("pk").values())
    assert "0 new events, 0 changed." in say("microseg_local_events", file)
    assert list(LocalEvent.objects.order_by("pk").values()) == before
    said = say("microseg_local_events", _calendar(tmp_path, FAIR.replace("Summer", "Autumn")))
    assert "0 new events, 1 changed." in said
    assert set(LocalEvent.objects.values_list("name", flat=True)) == {"Autumn Fair", "Home match"}


def test_event_that_comes_again_is_kept_each_time_of_the_next_400_days(tmp_path: Path) -> None:
    market = f"UID:market|SUMMARY:Market|DTSTART:{_day(2)}T080000Z|DTEND:{_day(2)}T120000Z|RRULE:FREQ=WEEKLY"
    say("microseg_local_events", _calendar(tmp_path, market))
    assert LocalEvent.objects.count() == 57  # on days 2, 9, ..., 394
    assert set(LocalEvent.objects.values_list("name", flat=True)) == {"Market"}


def test_what_is_over_is_left_out_in_silence_and_what_has_no_name_with_a_word(tmp_path: Path) -> None:
    complaints = io.StringIO()
    said = say("microseg_local_events", _calendar(tmp_path, OVER, NAMELESS), stderr=complaints)
    assert "0 new events" in said
    assert "1 have no name" in complaints.getvalue()
    assert LocalEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["missing.ics"], "cannot be read"),
        (["text.ics"], "no calendar that can be read"),
        (["good.ics", "--place", "Germany"], "is no place"),
        (["good.ics", "--zone", "Mars/Olympus"], "is no time zone"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.ics").write_text("hello")
    _calendar(tmp_path, FAIR).rename(tmp_path / "good.ics")
    assert complaint in refusal("microseg_local_events", *arguments)[1]
    assert LocalEvent.objects.count() == 0
