"""Start-up and pages need none of the heavy packages, and no extra at all; a missing one is named, not tripped over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.worker.conftest import database_url

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "sklearn", "scipy", "numpy", "duckdb", "pyarrow")
EXTRAS = (
    "celery", "kombu", "django_celery_beat", "redis", "rest_framework", "django_filters", "drf_spectacular", "rich",
    "pyarrow", "duckdb", "sqlglot", "pandas", "sklearn", "scipy", "holidays", "maxminddb", "vaderSentiment",
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
from django_microseg.profile.visitor_id import VisitorCookie
client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
client.cookies["microseg_consent"] = dump(PURPOSES, text_version="1")
for _ in range(2):
    assert client.get("/", HTTP_HOST="localhost").status_code == 200
assert client.cookies["microseg"].value
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


def test_start_up_loads_nothing_heavy_and_no_celery() -> None:
    loaded = in_a_fresh_process(START + LOADED)
    assert "django_microseg" in loaded
    assert set(loaded) & {*HEAVY, "celery", "rest_framework"} == set()


@pytest.mark.django_db(transaction=True)
def test_personalised_page_loads_nothing_heavy() -> None:
    loaded = in_a_fresh_process(START + PAGE + LOADED, DATABASE_URL=database_url())
    assert set(loaded) & set(HEAVY) == set()


@pytest.mark.django_db(transaction=True)
def test_page_is_served_with_no_extra_installed() -> None:
    in_a_fresh_process(START + PAGE + LOADED, blocked=EXTRAS, DATABASE_URL=database_url())


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
    assert {"microseg_schedule", "microseg_purge", "microseg_sweep", "microseg_import"} <= set(loaded)
