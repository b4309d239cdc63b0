"""Finds servers that nobody looks after any more, stops them and removes their folders.

The keeper does this at the moment its owner dies. Only when the keeper was killed too is anything left for the next
start to find: a folder whose lock is free.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.servers.home import shared_home

NEWBORN_SECONDS = 60
PATIENCE_SECONDS = 5


def sweep(home: Path | None = None) -> list[str]:
    """Stop every orphan and return the names of the folders removed."""
    folders = (path for path in (home or shared_home()).iterdir() if path.is_dir())
    return [folder.name for folder in sorted(folders) if _sweep_one(folder)]


def _sweep_one(folder: Path) -> bool:
    try:
        lock = os.open(folder / "lock", os.O_RDWR)
    except FileNotFoundError:
        # Made this instant by somebody who has not locked it yet, or left by one killed in that same instant.
        if time.time() - folder.stat().st_mtime < NEWBORN_SECONDS:
            return False
        shutil.rmtree(folder, ignore_errors=True)
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        _kill(folder)
        shutil.rmtree(folder, ignore_errors=True)
        return True
    finally:
        os.close(lock)


def _kill(folder: Path) -> None:
    """Stop the server of a folder, if the process of that number is still that server."""
    try:
        pid = int((folder / "pid").read_text())
    except (FileNotFoundError, ValueError):
        return
    for wanted in (signal.SIGQUIT, signal.SIGKILL):
        limit = time.monotonic() + PATIENCE_SECONDS
        if is_server_of(pid, folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, wanted)
        while is_server_of(pid, folder) and time.monotonic() < limit:
            time.sleep(0.05)


def is_server_of(pid: int, folder: Path) -> bool:
    """Process ids come round again, so the command line must name the folder."""
    return str(folder) in _command_line(pid)


def _command_line(pid: int) -> str:
    """Slim containers have /proc and no `ps`; other systems have it the other way round."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        return ""
    said = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return said.stdout
