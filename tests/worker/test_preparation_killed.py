"""Whoever puts a rule in force is killed midway: a sweep brings it into force, and everybody comes in once."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
from django.utils import timezone

from django_microseg.segment.models import Membership, MembershipChange, Preparation, Segment
from tests.segment.shop import redefine
from tests.worker.conftest import ROOT, environment, kill, wait_until
from tests.worker.crowd import PEOPLE, everything_held, gather

pytestmark = pytest.mark.django_db(transaction=True)

PUT_IN_FORCE = """
import django; django.setup()
from django.utils import timezone
from django_microseg.segment import refresh
from django_microseg.segment.models import Segment
from django_microseg.segment.publish import activate
refresh.BATCH = 20
activate([Segment.objects.get(slug="big")], now=timezone.now())
"""
RULE = 'count("order_completed") >= 1'


def prepared() -> int:
    return Membership.objects.filter(definition__state="preparing").count()


def kill_midway() -> None:
    """On a busy machine it may be done before we look: then it begins anew."""
    for _ in range(5):
        redefine("big", RULE, timezone.now())
        process = subprocess.Popen(
            [sys.executable, "-c", PUT_IN_FORCE], cwd=ROOT, env=environment(), start_new_session=True
        )
        wait_until(lambda process=process: prepared() or process.poll() is not None, "it had begun")
        with everything_held():
            if 0 < prepared() < PEOPLE:
                kill(process)
                return
        assert process.wait(60) == 0
    pytest.fail("it was quicker than the test, five times")


def test_sweep_goes_on_five_minutes_after_the_last_sign() -> None:
    gather()
    kill_midway()
    segment, before = Segment.objects.get(slug="big"), prepared()
    sweep = [sys.executable, "manage.py", "microseg_sweep", "-v0"]
    subprocess.run(sweep, cwd=ROOT, env=environment(), check=True, timeout=60)
    assert Preparation.objects.exists()  # somebody may still be at work
    Preparation.objects.update(worked_at=timezone.now() - dt.timedelta(minutes=5))
    subprocess.run(sweep, cwd=ROOT, env=environment(), check=True, timeout=60)
    segment.refresh_from_db()
    assert segment.live_version is not None
    assert (before < PEOPLE, segment.live_version.number > 1, Preparation.objects.count()) == (True, True, 0)
    assert Membership.objects.filter(definition=segment.live_version).count() == PEOPLE
    changes = MembershipChange.objects.filter(segment=segment)
    assert (changes.filter(is_entry=False).count(), changes.count()) == (0, PEOPLE)
    assert changes.values("profile").distinct().count() == PEOPLE
