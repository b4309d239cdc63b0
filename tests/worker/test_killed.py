"""Workers die, brokers forget, beats come in twos: the memberships are right in the end, and each run ends once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone

from django_microseg.segment.full_run import start_full_refresh
from django_microseg.segment.heartbeat import BEAT, WORKER, last_seen
from django_microseg.segment.models import RefreshRun
from django_microseg.segment.sweep import sweep
from tests.worker.conftest import ROOT, Broker, environment, kill, wait_until
from tests.worker.crowd import PEOPLE, assert_all_is_right, everything_held, gather, pass_time, progress

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


def is_over() -> bool:
    return not RefreshRun.objects.filter(kind="full", state="running").exists()


@contextmanager
def midway(begin: Callable[[], object]) -> Iterator[None]:
    """A full run that is neither at its beginning nor at its end, and stands still within the block.

    On a busy machine a worker may be done before we look: then it begins anew.
    """
    for _ in range(5):
        begin()
        wait_until(progress, "the worker had begun")
        with everything_held():
            if progress() < PEOPLE:
                yield
                return
        wait_until(is_over, "the run was over")
        RefreshRun.objects.all().delete()
    pytest.fail("the worker was quicker than the test, five times")


def by_a_new_worker(broker: Broker) -> None:
    """With what beat sends each minute."""
    broker.worker()
    broker.send("django_microseg.refresh_due")


def by_the_sweep_alone(broker: Broker) -> None:
    broker.forget()
    subprocess.run(
        [sys.executable, "manage.py", "microseg_sweep", "-v0"], cwd=ROOT, env=environment(), check=True, timeout=60
    )


@pytest.mark.parametrize("rescue", [by_a_new_worker, by_the_sweep_alone])
def test_worker_killed_midway_leaves_nothing_undone_and_nothing_done_twice(
    broker: Broker, rescue: Callable[[Broker], None]
) -> None:
    gather()
    worker = broker.worker()
    with midway(lambda: broker.send("django_microseg.refresh_all", by="fold")):
        kill(worker)
    pass_time(61)
    rescue(broker)
    wait_until(is_over, "the run was over")
    run = RefreshRun.objects.get(kind="full")
    assert (run.state, run.asked_by, run.profiles) == ("done", "celery", PEOPLE)
    assert_all_is_right()


def test_broker_that_forgets_midway_costs_nothing(broker: Broker) -> None:
    gather()
    broker.worker()

    def begin() -> None:
        broker.send("django_microseg.refresh_all", run_id=start_full_refresh(now=timezone.now()).pk)

    with midway(begin):
        assert broker.forget()
    sweep(timezone.now())
    wait_until(is_over, "the run was over")
    assert_all_is_right()
    seen = last_seen(WORKER)
    broker.send("django_microseg.heartbeat")
    wait_until(lambda: last_seen(WORKER) != seen, "the worker took a task again")


def test_two_beats_at_once_do_nothing_twice(broker: Broker) -> None:
    gather()
    broker.worker()
    for _ in range(2):
        broker.beat()
    wait_until(lambda: RefreshRun.objects.filter(kind="full", state="done").exists(), "a run was done")
    wait_until(lambda: last_seen(BEAT) and last_seen(WORKER), "beat and worker had left their signs")
    for process in broker.running:
        kill(process)
    pass_time(61)
    sweep(timezone.now())
    assert_all_is_right()
