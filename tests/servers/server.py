"""What a running server is to the tests: a name, a version, where it came from, an address and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


class ServerMissing(RuntimeError):
    """No such server can be had here; the text says what was tried and what would help."""


def _nothing() -> None:
    """A server that we were only pointed to is not ours to stop."""


@dataclass(frozen=True)
class Server:
    kind: str
    version: str
    origin: str
    url: str
    stop: Callable[[], None] = field(default=_nothing, compare=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.version} ({self.origin})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
