"""What a probe found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding", "ill", "well"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``hint`` says what to do; what is well needs none."""

    name: str
    is_well: bool
    text: str
    hint: str = ""


def well(name: str, text: str) -> Finding:
    return Finding(name, True, text)


def ill(name: str, text: str, hint: str) -> Finding:
    return Finding(name, False, text, hint)
