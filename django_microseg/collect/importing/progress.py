"""How an import says how far it is; the door decides how that looks."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Stages follow each other; ``total`` is None where nobody knows it."""

    def begin(self, stage: str, total: int | None) -> None: ...

    def advance(self, number: int) -> None: ...


class Silent:
    """Says nothing."""

    def begin(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, number: int) -> None:
        pass
