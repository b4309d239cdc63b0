"""Without a broker, `manage.py microseg_sweep --loop` does what workers and beat do."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from django.utils import timezone

from django_microseg.collect.models import QuarantinedEvent
from django_microseg.profile.models import Profile
from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.heartbeat import SWEEP, find_silence, last_seen
from tests.segment.shop import NOW
from tests.worker.conftest import ROOT, environment, wait_until
from tests.worker.crowd import PEOPLE, assert_all_is_right, gather


@pytest.mark.django_db(transaction=True)
def test_loop_answers_who_is_dirty_ends_full_refreshes_purges_and_stops_when_told() -> None:
    gather()
    Profile.objects.filter(customer_key__lt="crowd-0100").update(dirty_since=timezone.now())
    run = start_full_refresh(now=timezone.now())
    QuarantinedEvent.objects.create(source="shop", reason="x", detail="", payload="", received_at=NOW)
    loop = subprocess.Popen(
        [sys.executable, "manage.py", "microseg_sweep", "--loop", "--every", "0.2"],
        cwd=ROOT, env=environment(), stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        wait_until(lambda: again(run).state == "done", "the full refresh was done")
        wait_until(lambda: not QuarantinedEvent.objects.exists(), "what had expired was gone")
        loop.send_signal(signal.SIGTERM)
        said, _ = loop.communicate(timeout=30)
    finally:
        loop.kill()
    assert loop.returncode == 0
    assert b"profiles refreshed" in said
    assert again(run).profiles == PEOPLE
    assert_all_is_right()
    assert last_seen(SWEEP) is not None
    assert find_silence(uses_celery=True, now=timezone.now()) is None


def again(run):
    run.refresh_from_db()
    return run
