"""The temp folders of servers: one shared home per user, and in it one folder per server with a lock on it.

The lock says whether anybody still looks after the server. It belongs to an open file, not to a process id, so it
falls with its last holder however that one dies.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from pathlib import Path

from tests.servers.account import ACCOUNT
from tests.servers.server import ServerMissing

LONGEST = 60
"""A unix socket's path may take some 104 characters on the tightest system; this leaves room for the rest of it."""


def shared_home() -> Path:
    """The folder below which all servers of this user live, made if need be."""
    for temporary in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if temporary.is_dir() and ACCOUNT.may_enter(temporary) and len(str(temporary)) < LONGEST:
            return _made(temporary / f"microseg-servers-{os.geteuid()}")
    raise ServerMissing("No temp folder is both short enough and open to the servers' account.")


def new_folder(kind: str, home: Path | None = None) -> tuple[Path, int]:
    """A fresh folder for one server, and the descriptor that holds its lock."""
    folder = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=home or shared_home()))
    ACCOUNT.own(folder)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _made(home: Path) -> Path:
    """In a folder open to all, a name can be taken by somebody else; then we do not go in."""
    home.mkdir(mode=0o755, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServerMissing(f"{home} belongs to somebody else: remove it, or set TMPDIR.")
    home.chmod(0o755)
    return home
