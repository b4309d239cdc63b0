"""The account a server runs under. PostgreSQL refuses to run as root, so root lends it to `nobody`; anyone else
runs it as themselves."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class Credentials(TypedDict, total=False):
    """The arguments of `subprocess` that change the account of a child."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    lent: bool

    @property
    def credentials(self) -> Credentials:
        if not self.lent:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        if self.lent:
            os.chown(folder, self.uid, self.gid)

    def own_all(self, folder: Path) -> None:
        for path in (folder, *folder.rglob("*")):
            if self.lent:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def may_enter(self, folder: Path) -> bool:
        """Asked of the permission bits, for root itself may enter any folder."""
        path = folder.resolve()
        return not self.lent or all(_allows(parent, stat.S_IXOTH) for parent in (path, *path.parents))

    def may_run(self, folder: Path) -> bool:
        """Whether the account may run the programs in the folder."""
        needed = stat.S_IROTH | stat.S_IXOTH
        return not self.lent or (self.may_enter(folder) and all(_allows(path, needed) for path in folder.iterdir()))


def _allows(path: Path, bits: int) -> bool:
    return path.stat().st_mode & bits == bits


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), lent=False)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, lent=True)


ACCOUNT = _account()
