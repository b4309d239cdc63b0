"""Runs one server for as long as its owner lives. Started as a program of its own, by `kept.py`.

It reads from a pipe whose other end only the owner holds. When that closes, because the owner asked for it or because
it was killed, the keeper stops the server and removes its folder. It knows no Django and none of our packages.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

PATIENCE_SECONDS = 10
GLANCE_SECONDS = 0.2


def keep(folder: Path, stop_signal: int, account: str, command: list[str]) -> int:
    credentials: dict[str, object] = {}
    if account != "-":
        user, group = map(int, account.split(":"))
        credentials = {"user": user, "group": group, "extra_groups": []}
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(  # type: ignore[call-overload]
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            **credentials,
        )
    (folder / "pid").write_text(str(server.pid))
    while not _owner_is_gone():
        if server.poll() is not None:
            return 1
    _stop(server, stop_signal)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _owner_is_gone() -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], GLANCE_SECONDS)
    return bool(ready) and os.read(sys.stdin.fileno(), 1) == b""


def _stop(server: subprocess.Popen[bytes], stop_signal: int) -> None:
    """Ask, then order, then kill. SIGQUIT is PostgreSQL's "now"; a Redis dies of it as well."""
    for wanted in (stop_signal, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            server.send_signal(wanted)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(PATIENCE_SECONDS)
            return


if __name__ == "__main__":
    # Ctrl-C and `kill` are for the owner; the keeper follows it and is not to be stopped before the server is.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.exit(keep(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
