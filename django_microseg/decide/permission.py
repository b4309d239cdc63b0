"""What a visitor allows, as this room sees it; `privacy.consent` reads it from the request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

__all__ = ["ADVERTISING", "MEASUREMENT", "PERSONALISATION", "PURPOSES", "REFUSED", "Consent"]

MEASUREMENT, PERSONALISATION, ADVERTISING = "measurement", "personalisation", "advertising"
PURPOSES = (MEASUREMENT, PERSONALISATION, ADVERTISING)


class Consent(Protocol):
    """``is_asked``: whether the visitor has answered; ``purposes``: what they allow."""

    @property
    def is_asked(self) -> bool: ...

    @property
    def purposes(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class _Refused:
    is_asked: bool = True
    purposes: frozenset[str] = frozenset()


#: As if the visitor had answered no to everything: what holds when that cannot be found out.
REFUSED: Consent = _Refused()
