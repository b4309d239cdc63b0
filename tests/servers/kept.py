"""A server with its keeper: start it, wait until it answers, stop it. Which server it is, the caller says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.servers.account import ACCOUNT
from tests.servers.server import ServerMissing

READY_SECONDS = 30
KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True)
class Kept:
    folder: Path
    keeper: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Close the pipe; the keeper does the rest. Calling it twice does no harm."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""


def start(
    folder: Path,
    lock: int,
    command: Sequence[str | Path],
    *,
    answers: Callable[[], bool],
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Kept:
    """Run `command` under a keeper, which takes over the lock, and return once `answers()`."""
    account = f"{ACCOUNT.uid}:{ACCOUNT.gid}" if ACCOUNT.lent else "-"
    keeper = subprocess.Popen(
        [sys.executable, "-I", KEEPER, folder, str(int(stop_signal)), account, *command],
        stdin=subprocess.PIPE,
        pass_fds=[lock],
        start_new_session=True,
    )
    os.close(lock)
    kept = Kept(folder, keeper)
    _wait(kept, answers)
    return kept


def _wait(kept: Kept, answers: Callable[[], bool]) -> None:
    limit = time.monotonic() + READY_SECONDS
    while not answers():
        if kept.keeper.poll() is not None or time.monotonic() > limit:
            log = kept.log()
            kept.stop()
            raise ServerMissing(f"The server did not start. Its log ends:\n{log}")
        time.sleep(0.02)
