"""Schedules: made once, never put over what staff changed, removed on request; and the same as plain settings."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from typing import Any

import pytest
from celery.schedules import crontab
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import modify_settings

from django_microseg import schedule
from django_microseg.management.commands import microseg_schedule
from django_microseg.schedule import CeleryMissing, beat_schedule
from tests.commands.console import refusal, say

NAMES = [
    "django_microseg.consume_waiting",
    "django_microseg.heartbeat",
    "django_microseg.purge_expired",
    "django_microseg.refresh_all",
    "django_microseg.refresh_due",
    "django_microseg.renew_context",
]


@pytest.fixture
def beat(transactional_db: None) -> Iterator[Any]:
    """django-celery-beat as a shop has it, with its tables. What it adds to the admin goes with it."""
    registered = dict(admin.site._registry)
    with modify_settings(INSTALLED_APPS={"append": "django_celery_beat"}):
        tables: list[type[models.Model]] = list(apps.get_app_config("django_celery_beat").get_models())
        with connection.schema_editor() as editor:
            for table in tables:
                editor.create_model(table)
        yield apps.get_model("django_celery_beat", "PeriodicTask")
        with connection.schema_editor() as editor:
            for table in reversed(tables):
                editor.delete_model(table)
    admin.site._registry = registered


def rows(beat: Any) -> list[tuple[Any, ...]]:
    return list(beat.objects.order_by("task").values_list("task", "enabled", "expire_seconds"))


def whats(*arguments: str) -> list[str]:
    """The last column of what the command says."""
    return [line.split("  ")[-1].strip() for line in say("microseg_schedule", *arguments).splitlines()[1:]]


def test_tasks_are_made_with_their_times_in_the_shops_zone(beat: Any) -> None:
    assert whats() == ["made"] * len(NAMES)
    assert rows(beat) == [
        (name, True, seconds) for name, seconds in zip(NAMES, (50, 50, 21600, 21600, 50, 50), strict=True)
    ]
    due = beat.objects.get(task="django_microseg.refresh_due")
    assert (due.interval.every, due.interval.period, due.crontab) == (1, "minutes", None)
    nightly = beat.objects.get(task="django_microseg.refresh_all")
    assert (nightly.crontab.hour, nightly.crontab.minute) == ("3", "10")
    assert nightly.crontab.timezone == zoneinfo.ZoneInfo("Europe/London")


def test_a_second_time_changes_nothing(beat: Any) -> None:
    whats()
    before = list(beat.objects.order_by("pk").values_list())
    assert whats() == ["kept as it is"] * len(NAMES)
    assert list(beat.objects.order_by("pk").values_list()) == before


def test_what_staff_changed_stays_so(beat: Any) -> None:
    whats()
    nightly = beat.objects.get(task="django_microseg.refresh_all")
    nightly.name, nightly.enabled = "Everybody, but not now", False
    nightly.save()
    beat.objects.filter(task="django_microseg.heartbeat").delete()
    assert sorted(whats()) == ["kept as it is"] * (len(NAMES) - 1) + ["made"]
    nightly.refresh_from_db()
    assert (nightly.name, nightly.enabled) == ("Everybody, but not now", False)
    assert beat.objects.count() == len(NAMES)


def test_intervals_of_which_there_are_two_do_not_confuse_it(beat: Any) -> None:
    interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    for _ in range(2):
        interval.objects.create(every=1, period="minutes")
    assert whats() == ["made"] * len(NAMES)
    assert interval.objects.count() == 2


def test_they_are_removed_and_those_of_the_shop_stay(beat: Any) -> None:
    whats()
    due = beat.objects.get(task="django_microseg.refresh_due")
    beat.objects.create(name="own", task="shop.send_mail", interval=due.interval)
    assert whats("--remove") == ["removed"] * len(NAMES)
    assert list(beat.objects.values_list("task", flat=True)) == ["shop.send_mail"]
    assert whats("--remove") == ["not there"] * len(NAMES)


def test_dry_run_says_what_would_be_done_and_does_nothing(beat: Any) -> None:
    assert whats("--dry-run") == ["would be made"] * len(NAMES) + ["", "Dry run: nothing was changed."]
    assert rows(beat) == []
    whats()
    assert whats("--remove", "--dry-run")[: len(NAMES)] == ["would be removed"] * len(NAMES)
    assert len(rows(beat)) == len(NAMES)


def test_without_the_app_it_says_what_to_add() -> None:
    code, sentence = refusal("microseg_schedule")
    assert code == 2
    assert sentence.startswith("'django_celery_beat' is not in INSTALLED_APPS. Add it and run manage.py migrate. Or")


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microseg_schedule, "find_spec", lambda name: None)
    code, sentence = refusal("microseg_schedule")
    assert code == 2
    assert 'pip install "django-microseg[celery]"' in sentence
    assert "beat_schedule()" in sentence


def test_plain_schedule_is_the_same_list() -> None:
    plain = beat_schedule()
    assert sorted(entry["task"] for entry in plain.values()) == NAMES
    by_task = {entry["task"]: (entry["schedule"], entry["options"]["expires"]) for entry in plain.values()}
    assert by_task["django_microseg.refresh_due"] == (60.0, 50)
    assert by_task["django_microseg.refresh_all"] == (crontab(hour=3, minute=10), 21600)


def test_plain_schedule_without_celery_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "crontab", None)
    with pytest.raises(CeleryMissing, match="Celery is not installed"):
        beat_schedule()
