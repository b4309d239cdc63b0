"""A Redis-compatible server for the tests: the one named by `TEST_REDIS_URL`, else a throw-away Valkey or Redis.

It listens on a free loopback port, because Celery, Django and redis-py write unix sockets in three different ways.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import redis as client

from tests.servers import kept
from tests.servers.binaries import Binaries, redis_binaries, redis_program, wanted_origins
from tests.servers.home import new_folder
from tests.servers.orphans import sweep
from tests.servers.server import Server, ServerMissing

ATTEMPTS = 3
NAMES = {"valkey-server": "Valkey", "redis-server": "Redis"}


def start_redis(*, home: Path | None = None) -> Server:
    """A running server, or `ServerMissing`."""
    if url := os.environ.get("TEST_REDIS_URL"):
        return _named(url)
    sweep(home)
    reasons = []
    for origin in wanted_origins():
        binaries = redis_binaries(origin)
        if binaries is None:
            reasons.append(f"no {origin} programs")
            continue
        try:
            return _started(binaries, home=home)
        except ServerMissing as error:
            reasons.append(f"{origin}: {error}")
    raise ServerMissing(f"Redis: {'; '.join(reasons)}. Set TEST_REDIS_URL, or run `make env`.")


def _named(url: str) -> Server:
    try:
        with client.Redis.from_url(url, socket_connect_timeout=10) as connection:
            info = connection.info("server")
    except client.ConnectionError as error:
        raise ServerMissing(f"Redis at TEST_REDIS_URL: {error}") from error
    kind = "Valkey" if "valkey_version" in info else "Redis"
    version = info.get("valkey_version") or info["redis_version"]
    return Server(kind, str(version), "TEST_REDIS_URL", url)


def _started(binaries: Binaries, *, home: Path | None) -> Server:
    """A port found free may be taken before the server gets it, so try again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _started_once(binaries, home=home)
        except ServerMissing:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _started_once(binaries: Binaries, *, home: Path | None) -> Server:
    folder, lock = new_folder("redis", home)
    program = redis_program(binaries)
    port = _free_port()
    server = kept.start(
        folder,
        lock,
        [binaries.within_reach(folder / "programs").program(program), *_options(folder, port)],
        answers=lambda: _answers_ping(port),
    )
    url = f"redis://127.0.0.1:{port}/0"
    return Server(NAMES[program], binaries.version(program), binaries.origin, url, server.stop)


def _options(folder: Path, port: int) -> list[str]:
    """The title stays as it is, for the sweep knows a server by the folder on its command line."""
    options = {
        "bind": "127.0.0.1",
        "port": port,
        "dir": folder,
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "set-proc-title": "no",
    }
    return [word for name, value in options.items() for word in (f"--{name}", str(value))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7).startswith(b"+PONG")
    except OSError:
        return False
