"""System checks of Celery: unsafe settings are named one by one, safe ones and none at all are left in peace."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from django_microseg.checks.celery_settings import check_celery
from django_microseg.segment.heartbeat import BEAT, SWEEP, WORKER, note_seen
from example_shop import env

MINUTE = dt.timedelta(minutes=1)
SAFE = {
    "BROKER_URL": "redis://localhost/0",
    "BROKER_TRANSPORT_OPTIONS": env.BROKER_OPTIONS,
    "TASK_PUBLISH_RETRY": False,
    "BEAT_SCHEDULE": {"due": {"task": "django_microseg.refresh_due", "schedule": 60}},
}
WITHOUT_TIMEOUTS = {"visibility_timeout": 600}


@pytest.fixture
def celery(settings: Any) -> Callable[..., list[str]]:
    """The ids found with the safe settings and some others."""

    def check(**changed: Any) -> list[str]:
        for name, value in {**SAFE, **changed}.items():
            setattr(settings, f"CELERY_{name}", value)
        return [str(each.id).rpartition(".")[2] for each in check_celery(None)]

    return check


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"BROKER_URL": ""}, []),
        ({"BROKER_TRANSPORT_OPTIONS": {**env.BROKER_OPTIONS, "visibility_timeout": 120}}, ["W120"]),
        ({"BROKER_TRANSPORT_OPTIONS": {**env.BROKER_OPTIONS, "visibility_timeout": 121}}, []),
        ({"TASK_TIME_LIMIT": 600}, ["W120"]),
        ({"TASK_TIME_LIMIT": 599}, []),
        ({"BROKER_TRANSPORT_OPTIONS": WITHOUT_TIMEOUTS}, ["W121"]),
        ({"BROKER_TRANSPORT_OPTIONS": {**WITHOUT_TIMEOUTS, "socket_timeout": 1}}, ["W121"]),
        ({"BROKER_URL": "amqp://localhost", "BROKER_TRANSPORT_OPTIONS": {}}, []),
        ({"TASK_PUBLISH_RETRY": True}, ["I122"]),
        ({"RESULT_BACKEND": "redis://localhost/1"}, ["W123"]),
        ({"RESULT_BACKEND": "redis://localhost/1", "REDIS_SOCKET_TIMEOUT": 1}, []),
        ({"RESULT_BACKEND": "redis://localhost/1", "REDIS_SOCKET_TIMEOUT": None}, ["W123"]),
        ({"RESULT_BACKEND": "django-db"}, []),
        ({"TASK_ALWAYS_EAGER": True}, ["W124"]),
        ({"BEAT_SCHEDULE": {}}, ["I125"]),
    ],
)
def test_celery_settings(celery: Callable[..., list[str]], changed: dict[str, Any], found: list[str]) -> None:
    assert celery(**changed) == found


def test_shop_without_celery_is_left_in_peace() -> None:
    assert check_celery(None) == []


def test_lines_to_copy_are_safe_and_those_of_the_example_shop(celery: Callable[..., list[str]]) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "celery.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    lines: dict[str, Any] = {"REDIS_URL": "redis://localhost/0"}
    exec(block, lines)
    named = {name.removeprefix("CELERY_"): value for name, value in lines.items() if name.startswith("CELERY_")}
    assert celery(**named) == []
    assert named["BROKER_TRANSPORT_OPTIONS"] == env.BROKER_OPTIONS


# -- signs of life


def found_in_the_tables() -> list[tuple[str, str]]:
    messages = run_checks(tags=["database"], databases=["default"])
    return [(str(each.id).rpartition(".")[2], each.msg) for each in messages]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ({}, ["W085"]),
        ({BEAT: 0}, ["W084"]),
        ({BEAT: 1, WORKER: 4}, []),
        ({BEAT: 1, WORKER: 6}, ["W084"]),
        ({BEAT: 6, WORKER: 6}, ["W085"]),
        ({BEAT: 6, WORKER: 6, SWEEP: 59}, []),
        ({BEAT: 6, WORKER: 6, SWEEP: 61}, ["W085"]),
        ({SWEEP: 1}, []),
    ],
)
def test_who_is_silent_is_named(celery: Callable[..., list[str]], minutes: dict[str, int], found: list[str]) -> None:
    celery()
    for name, ago in minutes.items():
        note_seen(name, now=timezone.now() - ago * MINUTE)
    assert [short for short, _ in found_in_the_tables()] == found


@pytest.mark.django_db
def test_shop_that_never_used_celery_hears_nothing_of_it() -> None:
    assert found_in_the_tables() == []


@pytest.mark.django_db
def test_worker_that_was_there_once_is_missed_though_settings_name_no_broker() -> None:
    note_seen(BEAT, now=timezone.now())
    note_seen(WORKER, now=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    ((short, text),) = found_in_the_tables()
    assert short == "W084"
    assert text.startswith("No worker of Celery has left a sign of life since 2026-03-01 12:00 UTC")
