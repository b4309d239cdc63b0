"""Start-up and pages need none of the heavy packages, and no extra at all; a missing one is named, not tripped over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from django_microseg.segment.models import Segment
from tests.worker.conftest import database_url

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "sklearn", "scipy", "numpy", "duckdb", "pyarrow")
EXTRAS = (
    "celery", "kombu", "django_celery_beat", "redis", "rest_framework", "django_filters", "drf_spectacular", "rich",
    "pyarrow", "duckdb", "sqlglot", "pandas", "sklearn", "scipy", "holidays", "maxminddb", "vaderSentiment",
    "icalendar", "recurring_ical_events", "anymail", "yaml",
)  # fmt: skip

START = """
import json, os, sys
for name in json.loads(os.environ["BLOCKED"]):
    sys.modules[name] = None
os.environ["DJANGO_SETTINGS_MODULE"] = "example_shop.settings"
import django
django.setup()
"""
PAGE = """
from django.test import Client
from django_microseg.privacy.consent import PURPOSES, dump
client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
client.cookies["microseg_consent"] = dump(PURPOSES, text_version="1")
first, second = (client.get("/", HTTP_HOST="localhost").content.decode() for _ in range(2))
assert "<b>for-viewers</b>" not in first
assert "<b>for-viewers</b>" in second
"""
LOADED = 'print(json.dumps(sorted(name for name in sys.modules if "." not in name and sys.modules[name])))'
CHECKS = """
from django.core.checks import run_checks
print(json.dumps([[each.id, str(each.hint)] for each in run_checks()]))
"""


def in_a_fresh_process(script: str, *, blocked: tuple[str, ...] = (), **variables: str) -> Any:
    """What a script prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": "", "BLOCKED": json.dumps(blocked), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def viewers(transactional_db: None, make_segment: Callable[..., Segment], make_experience: Callable[..., Any]) -> str:
    """Whoever has looked at a page before sees another hero; the address of the database where this stands."""
    make_segment("viewers", 'count("page_viewed") >= 1')
    make_experience("for-viewers", "viewers")
    return database_url()


def test_start_up_loads_nothing_heavy_and_no_celery() -> None:
    loaded = in_a_fresh_process(START + LOADED)
    assert "django_microseg" in loaded
    assert set(loaded) & {*HEAVY, "celery"} == set()  # the example shop itself installs djangorestframework


def test_personalised_page_loads_nothing_heavy(viewers: str) -> None:
    loaded = in_a_fresh_process(START + PAGE + LOADED, DATABASE_URL=viewers)
    assert set(loaded) & set(HEAVY) == set()


def test_page_is_personalised_with_no_extra_installed(viewers: str) -> None:
    in_a_fresh_process(START + PAGE + LOADED, blocked=EXTRAS, DATABASE_URL=viewers)


def test_shop_without_extras_starts_and_finds_nothing_wrong() -> None:
    assert in_a_fresh_process(START + CHECKS, blocked=EXTRAS) == []


def test_missing_celery_is_named_where_a_broker_is_set() -> None:
    found = in_a_fresh_process(START + CHECKS, blocked=("celery", "django_celery_beat"), REDIS_URL="redis://localhost")
    assert ["django_microseg.W011", 'Install it: pip install "django-microseg[celery]".'] in found


def test_every_command_can_be_loaded_without_extras() -> None:
    script = f"""{START}
from django.core.management import get_commands, load_command_class
ours = [name for name, app in get_commands().items() if app == "django_microseg"]
print(json.dumps([name for name in ours if load_command_class("django_microseg", name).help]))
"""
    loaded = in_a_fresh_process(script, blocked=EXTRAS)
    assert {"microseg_consume", "microseg_schedule", "microseg_sweep", "microseg_import"} <= set(loaded)
