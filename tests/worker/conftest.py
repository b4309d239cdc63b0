"""Workers and beats of the tests: real processes, a real broker, the test's own database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from celery import Celery
from django.db import connection

from django_microseg.segment import rulebook

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _fresh_rulebook() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()


def wait_until(is_so: Callable[[], Any], what: str) -> None:
    """Fails with a sentence instead of hanging."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, f"waited {PATIENCE_SECONDS:.0f} s in vain until {what}"
        time.sleep(0.02)


def wait_while_it_shrinks(count: Callable[[], int], what: str) -> None:
    """Until there is none: as long as it takes, as long as there are fewer and fewer."""
    fewest = count()
    while fewest:
        wait_until(lambda before=fewest: count() < before, f"fewer than {fewest} {what}")
        fewest = count()


def database_url() -> str:
    """The address of the test database, as the example shop's settings read it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def environment(redis_url: str = "") -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": redis_url}


@dataclass
class Broker:
    """A corner of the broker: what is sent into it, and what it forgets."""

    url: str
    prefix: str
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def send(self, name: str, **kwargs: Any) -> None:
        app = Celery("sender", broker=self.url, set_as_current=False)
        app.conf.broker_transport_options = {"global_keyprefix": self.prefix}
        with app.connection_for_write() as link:
            app.send_task(name, kwargs=kwargs, connection=link, ignore_result=True)

    def forget(self) -> int:
        """As FLUSHALL would, without a word to others on the same server; how many keys there were."""
        with redis.Redis.from_url(self.url) as client:
            keys = list(client.scan_iter(f"{self.prefix}*"))
            return client.delete(*keys) if keys else 0

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker that is ready."""
        log = self.folder / f"worker-{len(self.running)}.log"
        process = self._start(log, "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "-l", "INFO")
        wait_until(lambda: b" ready." in log.read_bytes() or process.poll() is not None, "the worker was ready")
        assert process.poll() is None, log.read_text()
        return process

    def beat(self) -> subprocess.Popen[bytes]:
        number = len(self.running)
        return self._start(
            self.folder / f"beat-{number}.log",
            *("beat", "--pidfile=", f"--schedule={self.folder / f'beat-{number}'}", "-l", "INFO"),
        )

    def _start(self, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.worker.app", *arguments],
                cwd=ROOT,
                env={**environment(self.url), "WORKER_TEST_PREFIX": self.prefix},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process


@pytest.fixture
def broker(redis_url: str, tmp_path: Path) -> Iterator[Broker]:
    corner = Broker(redis_url, f"microseg-test-{uuid.uuid4().hex}:", tmp_path)
    yield corner
    for process in corner.running:
        kill(process)
    corner.forget()


def kill(process: subprocess.Popen[bytes]) -> None:
    """With -9, and all its children with it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
